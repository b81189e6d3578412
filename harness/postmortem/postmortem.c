// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * postmortem.c - where a packet ended, and why
 *
 * What became of the first probe can't be known any more; so it is sent again,
 * and what is told is told of the second.  Should that one end in another way,
 * the verdict says so: then the cause was passing, or depends on what was sent
 * before.
 */
#include <stdlib.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

#include "lab/lab.h"
#include "postmortem/cause.h"
#include "postmortem/drops.h"
#include "postmortem/filters.h"
#include "postmortem/ipsec.h"
#include "postmortem/journey.h"
#include "postmortem/legacy.h"
#include "postmortem/postmortem.h"
#include "postmortem/queues.h"
#include "postmortem/sieve.h"
#include "postmortem/stranger.h"
#include "postmortem/tally.h"
#include "postmortem/watch.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/engine.h"
#include "probe/protocol/server.h"

/* Of one scenario: each costs some tenths of a second, and more in a lab with
 * many nodes, all of which are watched; who has so many failures needs another
 * kind of help */
enum { EXAMINED_MAX = 100, NODES_MAX = 1000 };

/** struct examination - The second probe, and all that watches it */
struct examination {
	struct lc_batch *batch;
	struct watch_all *watch;
	struct drops *drops;
	struct legacy *legacy;
	struct tally *queues, *ipsec, *filters;
	struct sightings seen;
};

static void examination_done(struct examination *e)
{
	sightings_done(&e->seen);
	watch_all_free(e->watch);
	drops_free(e->drops);
	legacy_free(e->legacy);
	tally_free(e->queues);
	tally_free(e->ipsec);
	tally_free(e->filters);
	batch_free(e->batch);
}

static bool examine(struct examination *e, struct lc_lab *lab,
		    const struct probe *first, enum lc_outcome outcome)
{
	struct lc_probe again = first->said;
	struct stranger stranger;
	struct sieve sieve;
	struct lc_err err;
	bool ran;

	e->batch = batch_new(lab);
	again.negative = true;
	if (!again.to || first->said.to == &first->to)
		again.to = NULL;
	sieve = watch_sieve(&again);
	if (!e->batch || lc_batch_add(e->batch, &again, &err) ||
	    watch_all_open(lab, &sieve, &e->watch, &err))
		return false;
	e->drops = drops_begin(lab, &sieve);
	e->legacy = legacy_begin(lab);
	e->queues = tally_begin(lab, queues_read);
	e->ipsec = tally_begin(lab, ipsec_read);
	e->filters = tally_begin(lab, filters_read);
	stranger_forget(&stranger, first, outcome);
	ran = !batch_run(e->batch, &err);
	stranger_recall(&stranger);
	legacy_end(e->legacy);
	tally_end(e->queues);
	tally_end(e->ipsec);
	tally_end(e->filters);
	drops_end(e->drops, ran ? e->batch->probes[0] : NULL);
	return ran && !watch_all_collect(e->watch, e->batch->probes[0],
					 &e->seen, &err);
}

static bool is_too_much(const struct lc_lab *lab)
{
	return lab->examined >= EXAMINED_MAX ||
	       lab->examined * lab->node_count >= NODES_MAX;
}

/* Of a packet that goes in a circle rules have much to tell, and when its time to
 * live is used up none has dropped it */
static bool is_all_known(const struct examination *e)
{
	return !e->seen.lost &&
	       (!drops_incomplete(e->drops) ||
		e->batch->probes[0]->seen->outcome == LC_TTL_EXCEEDED);
}

void postmortem(struct lc_lab *lab, struct lc_batch *batch,
		const struct lc_seen *about, struct lc_verdict *v)
{
	const struct probe *first = batch->probes[about - batch->seen];
	lc_auto(examination_done) struct examination e = { 0 };
	struct inquest q = { .lab = lab };
	bool known;

	if (is_too_much(lab)) {
		lc_verdict_note(v, "journey",
				"not looked into: %zu failures of this scenario have been",
				lab->examined);
		return;
	}
	lab->examined++;
	/* Whoever served the first one has its port */
	servers_free(batch);
	if (!first->from || !examine(&e, lab, first, about->outcome))
		return;
	q.first = about;
	q.probe = e.batch->probes[0];
	q.seen = &e.seen;
	q.drops = e.drops;
	q.legacy = e.legacy;
	q.queues = e.queues;
	q.ipsec = e.ipsec;
	q.filters = e.filters;
	if (q.probe->seen->outcome != about->outcome)
		lc_verdict_note(v, "again", "the same once more ends in %s",
				lc_outcome_name(q.probe->seen->outcome,
						first->said.protocol));
	if (!is_all_known(&e)) {
		lc_verdict_note(v, "journey", "not known: more passed in the meantime than could be read");
		return;
	}
	known = cause_find(&q);
	journey_tell(&e.seen, &q.cause, v);
	if (known)
		lc_verdict_note(v, "died", "%s", q.cause.text);
}
