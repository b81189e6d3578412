// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * attempt.c - one try of a check, with its captures and its post-mortem
 *
 * A capture listens before the first packet and is judged before the
 * post-mortem sends: what that sends is none of the step's packets.  A check
 * that is tried again is examined in its last try alone.
 */
#include <stdlib.h>
#include <sys/socket.h>

#include <labcheck/check.h>

#include "attempt.h"
#include "clock.h"
#include "daemon/daemon.h"
#include "lab/lab.h"
#include "postmortem/postmortem.h"
#include "probe/capture/capture.h"
#include "probe/engine.h"
#include "probe/capture/recording.h"
#include "scenario/plan.h"
#include "stand.h"

enum { PROOFS_MAX = 8 };

struct lc_context attempt_context(const struct attempt *a,
				  const struct step_said *step)
{
	return (struct lc_context){
		.lab = a->lab,
		.arrives = lc_given(&step->arrives) ? step->arrives.flag : -1,
		.family = !lc_given(&step->family)   ? 0
			  : step->family.number == 6 ? AF_INET6
						     : AF_INET,
	};
}

int attempt_declare(const struct attempt *a, const struct step_said *step,
		    struct lc_batch *batch, struct lc_err *err)
{
	struct lc_context context = attempt_context(a, step);

	return step->check->declare(step->params, &context, batch, err);
}

void attempt_blame_daemon(const struct attempt *a, struct lc_verdict *v)
{
	struct lc_err err;

	if (daemon_check(a->lab, &err))
		lc_verdict_error(v, "%s", err.text);
}

/* How it was proved that something is not so, for those who read all of it
 * (reports; TAP tells nothing of what passed) */
static void note_proofs(const struct lc_seen *seen, size_t count,
			struct lc_verdict *v)
{
	const char *control = NULL;
	size_t told = 0;

	for (size_t i = 0; i < count && told < PROOFS_MAX; i++) {
		if (seen[i].outcome == LC_REPLY || !*seen[i].detail)
			continue;
		lc_verdict_note(v, "evidence", "%s -> %s: %s", seen[i].from,
				seen[i].to, seen[i].detail);
		/* Many have it in common */
		if (seen[i].control && seen[i].control != control)
			lc_verdict_note(v, "control", "%s", seen[i].control);
		control = seen[i].control;
		told++;
	}
}

/* Whatever is made of them, no check passes on such probes */
static void doubt_uncontrolled(const struct lc_seen *seen, size_t count,
			       struct lc_verdict *v)
{
	for (size_t i = 0; i < count && v->result == LC_PASS; i++)
		if (seen[i].uncontrolled)
			lc_verdict_error(v, "%s -> %s: %s; but that proves nothing, since %s",
					 seen[i].from, seen[i].to,
					 seen[i].detail, seen[i].control);
}

void attempt_judge(const struct attempt *a, const struct step_said *step,
		   const struct lc_seen *seen, size_t count,
		   struct lc_verdict *v)
{
	struct lc_context context = attempt_context(a, step);

	step->check->judge(step->params, &context, seen, count, v);
	doubt_uncontrolled(seen, count, v);
	if (v->result == LC_PASS)
		note_proofs(seen, count, v);
	attempt_blame_daemon(a, v);
}

/* Of a step that will be tried again, nobody asks */
void attempt_examine(const struct attempt *a, struct lc_batch *batch,
		     struct lc_verdict *v)
{
	if (v->result != LC_FAIL || !v->about || a->lab->plan->whole ||
	    a->again)
		return;
	recording_again(a->recording);
	postmortem(a->lab, batch, v->about, v);
}

bool attempt_listen(const struct attempt *a, const struct step_said *step,
		    struct captures **ret_captures, struct lc_verdict *v)
{
	struct lc_err err = { "" };
	int r;

	*ret_captures = NULL;
	if (!step->capture_count)
		return true;
	r = captures_open(a->lab, step->capture, step->capture_count,
			  ret_captures, &err);
	if (r)
		lc_verdict_refused(v, r, &err);
	return !r;
}

/* What a command has sent may be under way when it has ended: a batch without
 * probes waits for it */
void attempt_let_arrive(const struct attempt *a,
			const struct captures *captures, struct lc_verdict *v)
{
	struct lc_err err = { "" };
	struct lc_batch *batch;

	if (!captures)
		return;
	batch = batch_new(a->lab);
	if (!batch)
		lc_verdict_error(v, "out of memory");
	else if (batch_run(batch, &err))
		lc_verdict_error(v, "%s", err.text);
	batch_free(batch);
}

void attempt_heard(struct captures *captures, struct lc_verdict *v)
{
	if (captures)
		captures_judge(captures, v);
	captures_free(captures);
}

/* One try of one check, whatever its kind */
static void try_check(const struct attempt *a, const struct step_said *step,
		      struct captures *captures, struct lc_verdict *v)
{
	struct lc_batch *batch;
	struct lc_err err = { "" };

	if (!step->check->declare) {
		attempt_judge(a, step, NULL, 0, v);
		attempt_let_arrive(a, captures, v);
		attempt_heard(captures, v);
		return;
	}
	batch = batch_new(a->lab);
	if (!batch)
		lc_verdict_error(v, "out of memory");
	else if (attempt_declare(a, step, batch, &err) ||
		 batch_run(batch, &err))
		lc_verdict_error(v, "%s", err.text);
	else
		attempt_judge(a, step, batch_seen(batch), batch_count(batch),
			      v);
	/* What a post-mortem sends is none of the step's packets */
	attempt_heard(captures, v);
	attempt_examine(a, batch, v);
	batch_free(batch);
}

void attempt_make(const struct attempt *a, const struct step_said *step,
		  struct lc_verdict *v)
{
	struct captures *captures;

	lab_look_again(a->lab);
	recording_look(a->recording);
	if (!attempt_listen(a, step, &captures, v))
		return;
	try_check(a, step, captures, v);
}
