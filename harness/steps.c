// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steps.c - runs a scenario inside its sandbox
 *
 * Steps run in the order written.  Neighbouring checks that only send share a
 * batch: they send in that order, and only their waiting overlaps.  Whatever
 * looks, runs a command or changes the lab waits for what is before it.  While
 * packets are recorded each check is on its own, so that they can be told apart.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

#include "attempt.h"
#include "clock.h"
#include "daemon/daemon.h"
#include "lab/lab.h"
#include "lab/requires.h"
#include "persistence.h"
#include "probe/engine.h"
#include "probe/capture/recording.h"
#include "remains.h"
#include "report/event.h"
#include "scenario/plan.h"
#include "shortage.h"
#include "stand.h"
#include "steps.h"

/**
 * struct run - A scenario under way
 * @passed:	One flag per step, for `needs`
 * @action_end_ns: When the last action ended; `within` counts from there
 * @attempt:	What is the same in all tries
 * @unrecorded:	That the recording of all packets failed is told
 * @ended:	The action that failed and so ended the scenario, or NULL
 * @lacking:	It was skipped, for what this machine lacks
 * @deaf:	Nobody wants to know more: the parent is gone, or content
 */
struct run {
	const struct scenario *scenario;
	struct lc_lab lab;
	struct shortage shortage;
	int event_fd;
	bool *passed;
	uint64_t action_end_ns;
	struct attempt attempt;
	const struct step_said *ended;
	bool lacking, deaf, unrecorded;
};

static void record_step(struct run *run, uint32_t index)
{
	lc_auto(lc_free) char *comment = NULL;

	if (asprintf(&comment, "step %u: %s", index + 1,
		     run->scenario->steps[index].title) < 0)
		comment = NULL;
	recording_step(run->attempt.recording, comment ?: "");
}

/* Once, whatever else goes wrong with it */
static void tell_unrecorded(struct run *run, const char *reason)
{
	struct event event = { .kind = EVENT_UNRECORDED };

	if (!reason || run->unrecorded)
		return;
	run->unrecorded = true;
	lc_verdict_error(&event.verdict, "%s", reason);
	event_send(run->event_fd, &event);
	lc_verdict_done(&event.verdict);
}

/* Of a lab that is broken on purpose, no more than that a step noticed */
static bool is_enough(const struct run *run, uint32_t step,
		      const struct lc_verdict *verdict)
{
	return run->lab.plan->whole && verdict->result == LC_FAIL &&
	       !lc_given(&run->scenario->steps[step].todo);
}

/* Whoever reads that a step has failed finds its packets in the file */
static void send_step(struct run *run, uint32_t step, uint64_t began_ns,
		      const struct lc_verdict *verdict)
{
	struct event event = {
		.kind = EVENT_STEP,
		.step = step,
		.elapsed_ns = clock_ns() - began_ns,
		.verdict = *verdict,
	};

	recording_write(run->attempt.recording);
	tell_unrecorded(run, recording_error(run->attempt.recording));
	run->passed[step] = verdict->result == LC_PASS;
	if (event_send(run->event_fd, &event) < 0 ||
	    is_enough(run, step, verdict))
		run->deaf = true;
}

/* Whether it looks, and is content not to see something */
static bool looks_in_vain(const struct step_said *step)
{
	return !step->check->declare && step->check->negative &&
	       step->check->negative(step->params);
}

/* May make the verdict an error */
static void tell_step(struct run *run, uint32_t step, uint64_t began_ns,
		      struct lc_verdict *verdict)
{
	shortage_doubt(&run->shortage, &run->lab,
		       looks_in_vain(&run->scenario->steps[step]), verdict);
	send_step(run, step, began_ns, verdict);
}

/* A title is made fit for TAP; what `needs` names is the name as written */
static bool is_called(const struct step_said *step, const char *name)
{
	return !strcmp(lc_given(&step->name) ? step->name.text : step->title,
		       name);
}

/* Sets a skip when the step must not run */
static bool held_back(struct run *run, uint32_t index, struct lc_verdict *v)
{
	const struct step_said *step = &run->scenario->steps[index];

	if (run->ended) {
		lc_verdict_skip(v, "the action '%s' %s", run->ended->title,
				run->lacking ? "was skipped" : "failed");
		return true;
	}
	for (uint32_t i = 0; lc_given(&step->needs) && i < index; i++) {
		const struct step_said *other = &run->scenario->steps[i];

		if (is_called(other, step->needs.text) && !run->passed[i]) {
			lc_verdict_skip(v, "needs '%s', which did not pass",
					other->title);
			return true;
		}
	}
	return false;
}

static void run_check(struct run *run, uint32_t index)
{
	const struct step_said *step = &run->scenario->steps[index];
	uint64_t began = clock_ns();
	struct lc_verdict v;

	lc_verdict_init(&v);
	record_step(run, index);
	run->attempt.again = false;
	if (!held_back(run, index, &v)) {
		if (lc_given(&step->within) || lc_given(&step->for_))
			attempt_persist(&run->attempt, step,
					run->action_end_ns, &v);
		else
			attempt_make(&run->attempt, step, &v);
	}
	tell_step(run, index, began, &v);
	lc_verdict_done(&v);
}

/* One that is not done, for whatever reason, leaves a lab that the steps behind
 * it are not about */
static void act(struct run *run, const struct step_said *step,
		struct lc_verdict *v)
{
	struct lc_context context = attempt_context(&run->attempt, step);
	struct captures *captures;
	struct lc_err err = { "" };
	int r;

	if (!attempt_listen(&run->attempt, step, &captures, v)) {
		run->ended = step;
		return;
	}
	r = step->check->act(step->params, &context, &err);
	/* As of a lab that this machine can't build at all */
	run->lacking = r == -EOPNOTSUPP && step->check->change;
	if (run->lacking)
		lc_verdict_skip(v, "%s", err.text);
	else if (r)
		lc_verdict_fail(v, "%s", err.text);
	if (r)
		run->ended = step;
	attempt_let_arrive(&run->attempt, captures, v);
	attempt_heard(captures, v);
	lab_unwatch_gone(&run->lab);
	attempt_blame_daemon(&run->attempt, v);
	run->action_end_ns = clock_ns();
}

static void run_action(struct run *run, uint32_t index)
{
	const struct step_said *step = &run->scenario->steps[index];
	uint64_t began = clock_ns();
	struct lc_verdict v;

	lc_verdict_init(&v);
	lab_look_again(&run->lab);
	record_step(run, index);
	if (!held_back(run, index, &v))
		act(run, step, &v);
	tell_step(run, index, began, &v);
	lc_verdict_done(&v);
}

/* A lab that is broken on purpose is over with the first step that fails: what
 * is behind it need not be waited for */
static bool batchable(const struct run *run, const struct step_said *step)
{
	return step->check->declare && !run->attempt.recording &&
	       !run->lab.plan->whole &&
	       !lc_given(&step->within) && !lc_given(&step->for_) &&
	       !step->capture_count;
}

/* Does a step wait for the verdict on one of the batch? */
static bool needs_one_of(const struct run *run, uint32_t index, uint32_t first)
{
	const struct step_said *step = &run->scenario->steps[index];

	for (uint32_t i = first; lc_given(&step->needs) && i < index; i++)
		if (is_called(&run->scenario->steps[i], step->needs.text))
			return true;
	return false;
}

/**
 * run_batch() - Run neighbouring checks that only send
 * @first:	The first of them; it is batchable
 *
 * Return: the step behind the last of them
 */
static uint32_t run_batch(struct run *run, uint32_t first)
{
	const struct scenario *s = run->scenario;
	lc_auto(lc_free) size_t *ends = calloc(s->steps_count, sizeof(*ends));
	struct lc_batch *batch = batch_new(&run->lab);
	uint64_t began = clock_ns();
	struct lc_err err = { "" };
	uint32_t last = first;
	size_t begin = 0;
	int r = 0;

	if (!batch || !ends) {
		batch_free(batch);
		run_check(run, first);
		return first + 1;
	}
	for (; last < s->steps_count && batchable(run, &s->steps[last]);
	     last++) {
		struct lc_verdict v;
		bool held;

		if (needs_one_of(run, last, first))
			break;
		lc_verdict_init(&v);
		held = held_back(run, last, &v);
		lc_verdict_done(&v);
		if (held ||
		    attempt_declare(&run->attempt, &s->steps[last], batch,
				    &err) ||
		    !batch_mixes(batch)) {
			batch_truncate(batch, begin);
			break;
		}
		begin = ends[last] = batch_count(batch);
	}
	if (last == first) {
		batch_free(batch);
		run_check(run, first);
		return first + 1;
	}
	lab_look_again(&run->lab);
	r = batch_run(batch, &err);
	run->attempt.again = false;
	begin = 0;
	for (uint32_t i = first; i < last; begin = ends[i++]) {
		struct lc_verdict v;

		lc_verdict_init(&v);
		if (r)
			lc_verdict_error(&v, "%s", err.text);
		else
			attempt_judge(&run->attempt, &s->steps[i],
				      batch_seen(batch) + begin,
				      ends[i] - begin, &v);
		attempt_examine(&run->attempt, batch, &v);
		tell_step(run, i, began, &v);
		lc_verdict_done(&v);
	}
	batch_free(batch);
	return last;
}

static void run_steps(struct run *run)
{
	const struct scenario *s = run->scenario;

	for (uint32_t i = 0; i < s->steps_count && !run->deaf;) {
		if (s->steps[i].check->act)
			run_action(run, i++);
		else if (batchable(run, &s->steps[i]))
			i = run_batch(run, i);
		else
			run_check(run, i++);
	}
}

/* Tell that nothing could be run, and why */
static int tell_all(struct run *run, bool skip, struct lc_at at,
		    const char *reason)
{
	struct event event = {
		.kind = skip ? EVENT_SKIP_ALL : EVENT_ERROR_ALL,
		.line = at.line, .column = at.column,
	};
	int r;

	if (skip)
		lc_verdict_skip(&event.verdict, "%s", reason);
	else
		lc_verdict_error(&event.verdict, "%s", reason);
	r = event_send(run->event_fd, &event);
	lc_verdict_done(&event.verdict);
	return r ? 3 : 0;
}

int steps_run(const struct plan *plan, const struct sandbox *sandbox,
	      int event_fd, int pcap_fd, int remains_fd)
{
	struct run run = { .scenario = plan->scenario, .event_fd = event_fd };
	struct event event = { .kind = EVENT_BUILT };
	struct lc_err err = { "" };
	struct lc_at at = { 0, 0 };
	uint64_t began = clock_ns();
	int r;

	run.attempt.lab = &run.lab;
	run.passed = calloc(run.scenario->steps_count + 1, sizeof(bool));
	if (!run.passed)
		return 3;
	r = requires_check(&run.scenario->requires, sandbox, &err);
	if (!r)
		r = lab_stand(&run.lab, plan, sandbox, &at, &err);
	if (r) {
		r = tell_all(&run, r == -EOPNOTSUPP, at, err.text);
		free(run.passed);
		return r;
	}
	event.elapsed_ns = clock_ns() - began;
	event_send(event_fd, &event);
	if (pcap_fd >= 0) {
		run.attempt.recording = recording_begin(&run.lab, pcap_fd);
		if (!run.attempt.recording)
			tell_unrecorded(&run, "out of memory");
	}
	run.action_end_ns = clock_ns();
	shortage_begin(&run.shortage, &run.lab);
	run_steps(&run);
	recording_end(run.attempt.recording);
	tell_unrecorded(&run, recording_error(run.attempt.recording));
	event.kind = EVENT_END;
	event_send(event_fd, &event);
	free(run.passed);
	recording_free(run.attempt.recording);
	lab_unwatch(&run.lab);
	daemon_stop(&run.lab);
	remains_leave(&run.lab, remains_fd);
	lab_done(&run.lab);
	return 0;
}
