/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.h - a scalar's text read strictly, after its field's type
 */
#ifndef SCENARIO_VALUE_H
#define SCENARIO_VALUE_H

#include <labcheck/schema.h>

struct arena;
struct lc_err;

/**
 * value_parse() - Read the text of a scalar
 * @field:	Whose type (of a LIST: item), words and bounds apply
 * @arena:	Owns what @ret_value points to beside @text
 * @ret_value:	text is @text itself, at is left alone
 *
 * Pure: whether a node or interface exists is not its matter (verify.c).
 *
 * Return: 0, or -EINVAL with @err: one line that names the text and the remedy
 */
int value_parse(const struct lc_field *field, struct arena *arena,
		const char *text, struct lc_value *ret_value,
		struct lc_err *err);

/** value_type_name() - What a type takes, in words: "a duration: 10ms, 5s" */
const char *value_type_name(enum lc_type type);

/* The parsers by kind of value; each ends like value_parse() */

/* value_number.c */
int value_number(const char *text, uint64_t min, uint64_t max,
		 uint64_t *ret_number, struct lc_err *err);
int value_bool(const char *text, bool *ret_flag, struct lc_err *err);
int value_duration(const char *text, uint64_t *ret_ns, struct lc_err *err);
int value_percent(const char *text, uint64_t *ret_hundredths,
		  struct lc_err *err);
int value_rate(const char *text, uint64_t *ret_bytes, struct lc_err *err);
int value_comparison(const char *text, struct lc_value *value,
		     struct lc_err *err);
int value_ports(const char *text, struct lc_value *value, struct lc_err *err);
int value_table(const char *text, uint64_t *ret_table, struct lc_err *err);

/* value_publish.c */
int value_publish(const char *text, struct lc_publish *ret_publish,
		  struct arena *arena, struct lc_err *err);

/* value_address.c */
int value_address(const char *text, struct lc_ip *ret_ip, struct lc_err *err);
int value_prefix(const char *text, struct lc_value *value, struct lc_err *err);
int value_subnet(const char *text, struct lc_value *value, struct lc_err *err);
int value_destination(const char *text, struct lc_value *value,
		      struct lc_err *err);
int value_mac(const char *text, uint8_t ret_mac[6], struct lc_err *err);

/** value_is_like_address() - Whether a text can be meant as nothing else */
bool value_is_like_address(const char *text);

/* value_name.c */
int value_name(const char *text, struct lc_err *err);
int value_ifname(const char *text, struct lc_err *err);
int value_pattern(const char *text, struct lc_err *err);
int value_sysctl(const char *text, struct lc_err *err);
int value_netns(const char *text, struct lc_value *value, struct arena *arena,
		struct lc_err *err);

/** value_interface() - node:interface; value->node and ->interface */
int value_interface(const char *text, struct lc_value *value,
		    struct arena *arena, struct lc_err *err);

#endif
