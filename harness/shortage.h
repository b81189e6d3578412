/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shortage.h - verdicts that a full machine may have made
 */
#ifndef HARNESS_SHORTAGE_H
#define HARNESS_SHORTAGE_H

#include <stdbool.h>
#include <stdint.h>

struct lc_lab;
struct lc_verdict;

/**
 * struct shortage - What the machine had refused when the lab stood
 * @known:	It could be asked
 */
struct shortage {
	uint64_t overflows;
	bool known;
};

void shortage_begin(struct shortage *shortage, struct lc_lab *lab);

/**
 * shortage_doubt() - Make a verdict an error that a shortage may have made
 * @looked:	It passed because something was not seen in the lab's tables
 */
void shortage_doubt(const struct shortage *shortage, struct lc_lab *lab,
		    bool looked, struct lc_verdict *v);

#endif
