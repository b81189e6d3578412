/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * language.h - the tables of the language, but for the verbs of steps
 */
#ifndef SCENARIO_LANGUAGE_H
#define SCENARIO_LANGUAGE_H

#include <stdbool.h>

#include <labcheck/schema.h>

extern const struct lc_field scenario_fields[];
extern const struct lc_field network_fields[];
extern const struct lc_field pool_fields[];
extern const struct lc_field aux_fields[];
extern const struct lc_field attachment_fields[];
extern const struct lc_field docker_fields[];
extern const struct lc_field interface_fields[];
extern const struct lc_field route_fields[];
extern const struct lc_field neighbor_fields[];
extern const struct lc_field service_fields[];
extern const struct lc_field ready_fields[];
extern const struct lc_field link_fields[];
extern const struct lc_field step_fields[];	/* without the verbs */

/** language_field() - A key's field, or NULL */
const struct lc_field *language_field(const struct lc_field *fields,
				      const char *key);

/** language_is_planned() - A key that is to come: known, but not built yet */
bool language_is_planned(const struct lc_field *fields, const char *key);

/** struct requirement - What a machine may lack */
struct requirement {
	const char *word;
	const char *help;
};

extern const struct requirement requirements[];	/* ends without a word */

enum {
	COUNT_MAX = 4096,	/* of one node's count */
	ITEMS_MAX = 65536,	/* of one list */
};

#endif
