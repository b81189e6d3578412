/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_library.h - the JSON library, opened when needed
 */
#ifndef JSON_LIBRARY_H
#define JSON_LIBRARY_H

#include <stdio.h>

#include <jansson.h>

struct lc_err;

/** struct jansson - What is used of it */
struct jansson {
	json_t *(*object)(void);
	json_t *(*array)(void);
	json_t *(*string)(const char *text);
	json_t *(*integer)(json_int_t number);
	int (*set)(json_t *object, const char *key, json_t *value);
	int (*append)(json_t *array, json_t *value);
	int (*dump)(const json_t *value, FILE *out, size_t flags);
	json_t *(*load)(const char *path, size_t flags, json_error_t *error);
	json_t *(*load_text)(const char *text, size_t flags,
			     json_error_t *error);
	json_t *(*get)(const json_t *object, const char *key);
	size_t (*count)(const json_t *array);
	json_t *(*item)(const json_t *array, size_t index);
	const char *(*text)(const json_t *value);
	json_int_t (*number)(const json_t *value);
	void *(*first)(json_t *object);
	void *(*next)(json_t *object, void *entry);
	const char *(*key)(void *entry);
	json_t *(*value)(void *entry);
	void (*delete)(json_t *value);
};

/** jansson_open() - -EOPNOTSUPP with @err: this machine lacks it */
int jansson_open(struct jansson *jansson, struct lc_err *err);

#endif
