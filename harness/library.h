/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * library.h - libraries that are opened when they are needed
 *
 * Linking one costs every start what only some need, and makes everybody have
 * it installed.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct library_symbol - A function of a library
 * @to:		The pointer that is to hold it
 */
struct library_symbol {
	const char *name;
	void *to;
};

#define LIBRARY_SYMBOLS(table) (table), sizeof(table) / sizeof(*(table))

/**
 * library_open() - Open one of several versions, and look its functions up
 * @sonames:	What it may be called, the first choice first; ends with NULL
 *
 * Return: false if none is installed, or it has not all of them
 */
bool library_open(const char *const *sonames,
		  const struct library_symbol *symbols, size_t count);

#endif
