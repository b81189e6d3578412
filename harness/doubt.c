// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * doubt.c - whether the steps of scenarios would see what is wrong
 *
 * A scenario that passes says little if it would also pass in a lab that is
 * broken.  So its lab is broken, in each way that the plan knows, one at a time,
 * and some step has to turn red.  What no step noticed is what the scenario
 * does not prove.
 *
 * A mutant that can't matter is excused by a comment, with the reason.  It is
 * tried all the same: an excuse for what is noticed is wrong, and one for
 * what there is not is a mistake.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>
#include <labcheck/err.h>

#include "doubt.h"
#include "job.h"
#include "options.h"
#include "remains.h"
#include "scenario/arena.h"
#include "scenario/excuse.h"
#include "trial.h"

/**
 * struct doubt - What is asked of one file, and came of it
 * @remains:	Bridges of labs that are over, of all files
 * @trials:	Parallel to the mutants, and one more: the lab as it is
 */
struct doubt {
	const struct suite_file *file;
	const struct options *options;
	const struct remains *remains;
	const char *path;
	struct mutants mutants;
	struct excuse *excuses;
	size_t excuse_count;
	struct trial *trials;
	size_t noticed, excused, unmeasured;
	bool wrong;
};

static const char *title_of(const struct doubt *d, uint32_t step)
{
	return d->file->loaded.scenario->steps[step].title;
}

static const struct excuse *excuse_for(const struct doubt *d,
				       const struct mutant *m)
{
	for (size_t i = 0; i < d->excuse_count; i++)
		if (excuse_is_for(&d->excuses[i], m->words))
			return &d->excuses[i];
	return NULL;
}

/* An excuse of a lab that has changed must not go unseen */
static int excuses_verify(const struct doubt *d)
{
	int status = EXIT_PASSED;

	for (size_t i = 0; i < d->excuse_count; i++) {
		bool used = false;

		for (size_t k = 0; k < d->mutants.count && !used; k++)
			used = excuse_is_for(&d->excuses[i],
					     d->mutants.items[k].words);
		if (used)
			continue;
		fprintf(stderr,
			"%s:%u: this excuses nothing: write `# doubt: WORDS: REASON`, with the words of 'labcheck doubt --list'\n",
			d->path, d->excuses[i].line);
		status = EXIT_WRONG;
	}
	return status;
}

static int list(const struct doubt *d)
{
	for (size_t i = 0; i < d->mutants.count; i++) {
		const struct mutant *m = &d->mutants.items[i];

		printf("%s:%u:%u: %s\n", d->path, m->at.line, m->at.column,
		       m->words);
	}
	return EXIT_PASSED;
}

static int broken(const struct doubt *d, const char *reason)
{
	fprintf(stderr, "labcheck: %s: %s\n", d->path, reason);
	return EXIT_BROKEN;
}

/* Why nothing can be said of mutants: 0, or an exit status that is not 0 */
static int skip(const struct doubt *d, const char *reason)
{
	printf("%s: skipped: %s\n", d->path, reason);
	return d->options->must_run ? EXIT_FAILED : EXIT_PASSED;
}

/**
 * whole_run() - Run the lab as it is: its steps have to pass
 * @ret_go_on:	Mutants can be tried; else the status says what is told
 */
static int whole_run(const struct doubt *d, bool *ret_go_on)
{
	struct trial *t = &d->trials[d->mutants.count];
	struct lc_err err = { "" };
	int r;

	*ret_go_on = false;
	r = trials_run(d->file, t, 1, d->options, d->remains, &err);
	if (r)
		return broken(d, err.text);
	if (t->fate == FATE_SKIPPED)
		return skip(d, t->reason);
	if (t->fate == FATE_UNNOTICED) {
		*ret_go_on = true;
		return EXIT_PASSED;
	}
	if (t->fate == FATE_NOTICED && t->step != NO_STEP)
		printf("%s: fails as it is, at '%s'\n", d->path,
		       title_of(d, t->step));
	else
		printf("%s: can't be measured as it is: %s\n", d->path,
		       t->reason);
	return t->fate == FATE_NOTICED ? EXIT_FAILED : EXIT_BROKEN;
}

static void tell_excuse(struct doubt *d, const struct trial *t,
			const struct excuse *excuse)
{
	if (t->fate != FATE_NOTICED) {
		d->excused++;
		return;
	}
	printf("%s:%u: this excuse is wrong, a step noticed that %s: '%s'\n",
	       d->path, excuse->line, t->mutant->words,
	       t->step == NO_STEP ? "a service" : title_of(d, t->step));
	d->wrong = true;
}

static void tell(struct doubt *d, const struct trial *t)
{
	static const char *const but[] = {
		[FATE_UNNOTICED]  = "no step noticed that",
		[FATE_UNBUILT]    = "there is no lab, so no step noticed that",
		[FATE_UNMEASURED] = "steps could not measure, and none noticed that",
		[FATE_SKIPPED]    = "it was skipped, so no step noticed that",
	};
	const struct excuse *excuse = excuse_for(d, t->mutant);
	const struct mutant *m = t->mutant;

	d->noticed += t->fate == FATE_NOTICED;
	d->unmeasured += t->fate == FATE_UNMEASURED && !excuse;
	if (excuse)
		tell_excuse(d, t, excuse);
	else if (t->fate != FATE_NOTICED)
		printf("%s:%u:%u: %s %s%s%s\n", d->path, m->at.line,
		       m->at.column, but[t->fate], m->words,
		       *t->reason ? ": " : "", t->reason);
}

static int mutants_run(struct doubt *d)
{
	size_t count = d->mutants.count, all;
	struct lc_err err = { "" };

	if (trials_run(d->file, d->trials, count, d->options, d->remains, &err))
		return broken(d, err.text);
	for (size_t i = 0; i < count; i++)
		tell(d, &d->trials[i]);
	all = count - d->excused;
	printf("%s: %zu of %zu noticed, %zu excused (%zu %%)\n", d->path,
	       d->noticed, count, d->excused,
	       all ? d->noticed * 100 / all : 100);
	fflush(stdout);
	if (d->unmeasured)
		return EXIT_BROKEN;
	return d->wrong || d->noticed < all ? EXIT_FAILED : EXIT_PASSED;
}

static int doubt(struct doubt *d)
{
	bool go_on = false;
	int status = excuses_verify(d);

	if (status)
		return status;
	if (d->options->list)
		return list(d);
	d->trials = calloc(d->mutants.count + 1, sizeof(*d->trials));
	if (!d->trials)
		return broken(d, "out of memory");
	for (size_t i = 0; i < d->mutants.count; i++)
		d->trials[i].mutant = &d->mutants.items[i];
	status = whole_run(d, &go_on);
	if (go_on)
		status = mutants_run(d);
	free(d->trials);
	return status;
}

int doubt_run(const struct suite *suite, const struct options *options)
{
	int status = EXIT_PASSED, r;
	struct remains remains;

	/* Each file has a lab that is whole, and some that are not */
	remains_begin(&remains, 2 * suite->chosen_count);
	for (size_t i = 0; i < suite->chosen_count; i++) {
		struct doubt d = {
			.file = suite->chosen[i], .options = options,
			.remains = &remains,
			.path = suite->chosen[i]->loaded.source.path,
		};

		mutants_make(&d.mutants, &d.file->plan);
		excuses_read(d.mutants.arena, &d.file->loaded.source,
			     &d.excuses, &d.excuse_count);
		r = doubt(&d);
		mutants_done(&d.mutants);
		status = r > status ? r : status;
	}
	remains_done(&remains);
	return status;
}
