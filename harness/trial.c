// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trial.c - broken labs, and whether a step noticed
 *
 * Each is run as any scenario is (job.c), in a sandbox of its own, and ends with
 * the first step that fails: what comes behind it can only agree.  A step
 * that could not measure has noticed nothing.  It may well be the broken lab
 * that kept it from it, but a busy machine would look the same.
 *
 * Only what the file itself runs may notice.  A lab that can't be built has no
 * steps, so nothing is learnt about them, unless it is a service of the file
 * that did not start: that is the file's own, and whoever runs it sees it fail.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>
#include <labcheck/err.h>

#include "job.h"
#include "options.h"
#include "remains.h"
#include "share.h"
#include "trial.h"

/**
 * struct trials - Those of one file, as they go
 * @first:	The jobs that are under way
 * @slots:	How many there may be
 */
struct trials {
	const struct suite_file *file;
	struct trial *items;
	size_t count, started, running, slots;
	bool privileged;
	sigset_t mask;
	struct job *first;
	struct pollfd *polls;
	const struct remains *remains;
};

static bool is_service(const struct plan *plan, struct lc_at at)
{
	for (size_t n = 0; n < plan->node_count; n++)
		for (size_t i = 0; i < plan->nodes[n].service_count; i++)
			if (plan->nodes[n].services[i].at.line == at.line &&
			    plan->nodes[n].services[i].at.column == at.column)
				return true;
	return false;
}

static void take_reason(struct trial *t, enum fate fate,
			const struct lc_verdict *v)
{
	t->fate = fate;
	snprintf(t->reason, sizeof(t->reason), "%s", v->reason ?: "");
}

static void notice(struct trial *t, uint32_t step)
{
	t->fate = FATE_NOTICED;
	t->step = step;
}

/* What became of a lab that did not stand */
static void judge_ruin(struct trial *t, const struct job *job,
		       const struct lc_verdict *v)
{
	if (v->result == LC_SKIP)
		take_reason(t, FATE_SKIPPED, v);
	else if (is_service(&job->file->plan, job->blamed))
		notice(t, NO_STEP);
	else
		take_reason(t, FATE_UNBUILT, v);
}

/* Whether all is known: what @job told from step @from on */
static bool judge(struct trial *t, const struct job *job, uint32_t from)
{
	const struct scenario *scenario = job->file->loaded.scenario;

	for (; from < job->heard; from++) {
		const struct lc_verdict *v = &job->results[from].verdict;

		if (!job->built_ns) {
			judge_ruin(t, job, v);
			return true;
		}
		if (v->result == LC_FAIL &&
		    !lc_given(&scenario->steps[from].todo)) {
			notice(t, from);
			return true;
		}
		if (v->result == LC_ERROR && t->fate == FATE_UNNOTICED)
			take_reason(t, FATE_UNMEASURED, v);
	}
	return false;
}

static void end(struct trials *ts, struct trial *t)
{
	struct job **p = &ts->first;

	while (*p != t->job)
		p = &(*p)->next;
	*p = t->job->next;
	job_free(t->job);
	t->job = NULL;
	plan_done(&t->changed.plan);
	ts->running--;
}

static int start(struct trials *ts, struct lc_err *err)
{
	struct trial *t = &ts->items[ts->started];
	const struct job_means means = {
		.privileged = ts->privileged,
		.pcap_fd = -1,
		.others = ts->first,
		.remains = ts->remains,
		.mask = &ts->mask,
	};
	int r;

	t->changed.loaded = ts->file->loaded;
	if (t->mutant)
		mutant_plan(&t->changed.plan, &ts->file->plan, t->mutant);
	r = job_new(&t->job, t->mutant ? &t->changed : ts->file, &means, err);
	if (r) {
		plan_done(&t->changed.plan);
		return r;
	}
	t->job->next = ts->first;
	ts->first = t->job;
	ts->started++;
	ts->running++;
	return 0;
}

/* Those that run are the newest; a slot is theirs until they have ended */
static void listen_to_all(struct trials *ts)
{
	nfds_t count = 0;

	for (size_t i = 0; i < ts->started; i++)
		if (ts->items[i].job)
			ts->polls[count++] = (struct pollfd){
				.fd = job_fd(ts->items[i].job),
				.events = POLLIN,
			};
	if (remains_poll(ts->remains, ts->polls, count, -1,
			 jobs_stand(ts->first)) <= 0)
		return;
	count = 0;
	for (size_t i = 0; i < ts->started; i++) {
		struct trial *t = &ts->items[i];
		uint32_t heard;

		if (!t->job || !ts->polls[count++].revents)
			continue;
		heard = t->job->heard;
		job_hear(t->job);
		t->known = t->known || judge(t, t->job, heard);
		if (job_fd(t->job) < 0)
			end(ts, t);
	}
	remains_trim(ts->remains);
}

/* As many labs as the neighbour table of the machine has room for */
static size_t slots(const struct suite_file *file, size_t wanted)
{
	uint64_t limit = share_limit(), share = share_of(&file->plan, limit);

	if (!share || limit / share >= wanted)
		return wanted;
	return limit / share ?: 1;
}

int trials_run(const struct suite_file *file, struct trial *trials,
	       size_t count, const struct options *options,
	       const struct remains *remains, struct lc_err *err)
{
	struct trials ts = {
		.file = file, .items = trials, .count = count,
		.slots = slots(file, options->jobs),
		.privileged = options->privileged,
		.remains = remains,
	};
	lc_auto(lc_free) struct pollfd *polls =
		calloc(ts.slots, sizeof(*polls));
	int r = 0;

	if (!polls)
		return lc_err_set(err, -ENOMEM, "out of memory");
	ts.polls = polls;
	sigprocmask(SIG_BLOCK, NULL, &ts.mask);
	while (ts.running || ts.started < count) {
		while (!r && ts.started < count && ts.running < ts.slots)
			r = start(&ts, err);
		if (!ts.running)
			break;
		/* This machine has no room for more of them than these */
		if (r)
			ts.slots = ts.running;
		r = 0;
		listen_to_all(&ts);
	}
	return r;
}
