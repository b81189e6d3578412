/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind.h - from a verified document to the structs of the language
 */
#ifndef SCENARIO_BIND_H
#define SCENARIO_BIND_H

struct arena;
struct document;
struct heap;
struct lc_check;
struct lc_err;
struct lc_field;
struct scenario;

/**
 * bind_scenario() - Fill in what a document says, without what is left out
 * @arena:	Owns what belongs to the scenario besides
 * @heap:	Owns the scenario
 *
 * libcyaml fills the structs with texts; each value's meaning and place then
 * come from the document, which nothing of the scenario points into.
 *
 * Return: 0; -EPROTO with @err if libcyaml made something else of the document
 * than verify() did, which is a mistake of labcheck and not of the file
 */
int bind_scenario(const struct document *document,
		  const struct lc_check *const *checks, struct arena *arena,
		  struct heap *heap, struct scenario **ret_scenario,
		  struct lc_err *err);

/** bind_nothing() - Let what a mapping has apart, and was not given, be nothing */
void bind_nothing(const struct lc_field *fields, void *mapping);

#endif
