/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dns_records.h - the records that a name has, as they should be and as found
 */
#ifndef CHECKS_DNS_RECORDS_H
#define CHECKS_DNS_RECORDS_H

#include <labcheck/check.h>

struct dns {
	struct lc_at at;
	struct lc_value from, name, type, server, address, expect;
	struct lc_list addresses, answers;
};

struct dns_type {
	const char *word;
	uint16_t type;
};

/* The types in the order of their words, which end with NULL */
enum { TYPE_A, TYPE_AAAA };
extern const struct dns_type dns_types[];
extern const char *const dns_type_words[];

/** dns_type() - Which is asked for: what the step says, or implies */
int dns_type(const struct dns *d);

/** dns_first_address() - Of those that should be found; NULL: none is said */
const struct lc_value *dns_first_address(const struct dns *d);

/** dns_record_count() - How many of that type are in an answer */
size_t dns_record_count(const struct dns *d, const struct lc_answer *answer);

/** dns_judge_records() - Hold those found against those that should be, as sets */
void dns_judge_records(const struct dns *d, const struct lc_answer *answer,
		       struct lc_verdict *v);

#endif
