/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trial.h - a broken lab, and whether a step noticed
 */
#ifndef HARNESS_TRIAL_H
#define HARNESS_TRIAL_H

#include "scenario/mutant.h"
#include "suite.h"

struct lc_err;
struct options;
struct remains;

enum fate {
	FATE_UNNOTICED,		/* all steps went as in a whole lab */
	FATE_NOTICED,
	FATE_UNBUILT,		/* there was no lab, so no step could notice */
	FATE_UNMEASURED,	/* none noticed, and some could not measure */
	FATE_SKIPPED,		/* this machine can't run it */
};

/**
 * struct trial - One mutant's run
 * @mutant:	NULL: the lab is whole
 * @fate, @reason: What came of it; the reason of UNBUILT, UNMEASURED
 *		and SKIPPED
 * @step:	NOTICED: which step turned red first; NO_STEP: it was a
 *		service, that did not start
 */
struct trial {
	const struct mutant *mutant;
	enum fate fate;
	uint32_t step;
	char reason[256];
	/* While it runs */
	struct suite_file changed;
	struct job *job;
	bool known;
};

#define NO_STEP	UINT32_MAX

/** trials_run() - All of a file, as many at a time as is wanted; 0, or -errno
 * with @err: not even one can be run */
int trials_run(const struct suite_file *file, struct trial *trials,
	       size_t count, const struct options *options,
	       const struct remains *remains, struct lc_err *err);

#endif
