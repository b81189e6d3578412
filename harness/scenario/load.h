/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.h - loading from elsewhere than a file, with other verbs
 */
#ifndef SCENARIO_LOAD_H
#define SCENARIO_LOAD_H

struct lc_check;
struct lc_err;
struct lc_problems;
struct loaded;
struct source;

/**
 * load_source() - As scenario_load(), for a text at hand
 * @source:	Is taken over
 * @checks:	The verbs, NULL behind
 */
int load_source(struct loaded *loaded, struct source *source,
		const struct lc_check *const *checks,
		struct lc_problems *problems, struct lc_err *err);

#endif
