/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cyaml_schema.h - libcyaml's schema, made from the tables of the language
 */
#ifndef SCENARIO_CYAML_SCHEMA_H
#define SCENARIO_CYAML_SCHEMA_H

#include <cyaml/cyaml.h>

struct arena;
struct lc_check;

/** cyaml_schema() - The schema of a whole scenario */
const cyaml_schema_value_t *cyaml_schema(struct arena *arena,
					 const struct lc_check *const *checks);

#endif
