/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * persistence.h - a check that is tried until it holds, and while it must
 */
#ifndef PERSISTENCE_H
#define PERSISTENCE_H

#include <stdint.h>

struct attempt;
struct lc_verdict;
struct step_said;

/**
 * attempt_persist() - Try until a check holds, and for as long as it must
 * @since_ns:	From when `within` counts
 *
 * `within` bounds when it must have begun to hold, `for` how long it then must
 * go on.  At least one try is made, however late it is.
 */
void attempt_persist(struct attempt *a, const struct step_said *step,
		     uint64_t since_ns, struct lc_verdict *v);

#endif
