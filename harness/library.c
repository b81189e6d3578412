// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * library.c - libraries that are opened when they are needed
 */
#include <dlfcn.h>
#include <string.h>

#include "library.h"

bool library_open(const char *const *sonames,
		  const struct library_symbol *symbols, size_t count)
{
	void *handle = NULL, *symbol;

	for (; *sonames && !handle; sonames++)
		handle = dlopen(*sonames, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return false;
	for (size_t i = 0; i < count; i++) {
		symbol = dlsym(handle, symbols[i].name);
		if (!symbol)
			return false;
		memcpy(symbols[i].to, &symbol, sizeof(symbol));
	}
	return true;
}
