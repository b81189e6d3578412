// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json_library.c - the JSON library, opened when needed
 *
 * Few calls ask for JSON, and all would load it.  It is there wherever
 * libnftables is.
 */
#include <errno.h>

#include <labcheck/err.h>

#include "json_library.h"
#include "library.h"

int jansson_open(struct jansson *j, struct lc_err *err)
{
	static const char *const names[] = { "libjansson.so.4", NULL };
	const struct library_symbol symbols[] = {
		{ "json_object", &j->object },
		{ "json_array", &j->array },
		{ "json_string", &j->string },
		{ "json_integer", &j->integer },
		{ "json_object_set_new", &j->set },
		{ "json_array_append_new", &j->append },
		{ "json_dumpf", &j->dump },
		{ "json_load_file", &j->load },
		{ "json_loads", &j->load_text },
		{ "json_object_get", &j->get },
		{ "json_array_size", &j->count },
		{ "json_array_get", &j->item },
		{ "json_string_value", &j->text },
		{ "json_integer_value", &j->number },
		{ "json_object_iter", &j->first },
		{ "json_object_iter_next", &j->next },
		{ "json_object_iter_key", &j->key },
		{ "json_object_iter_value", &j->value },
		{ "json_delete", &j->delete },
	};

	if (library_open(names, LIBRARY_SYMBOLS(symbols)))
		return 0;
	return lc_err_set(err, -EOPNOTSUPP,
			  "this machine lacks jansson (libjansson.so.4)");
}
