// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * persistence.c - a check that is tried until it holds, and while it must
 *
 * What an action brings about comes some time later, and nobody knows how much:
 * tries are close together first, and rarer the longer it takes.  The last one
 * begins when the time is over: one that began before may have looked too early,
 * however late it ended.
 */
#include <poll.h>

#include "attempt.h"
#include "clock.h"
#include "persistence.h"
#include "scenario/scenario.h"

enum { RETRY_FIRST_MS = 2, RETRY_MOST_MS = 50 };

void attempt_persist(struct attempt *a, const struct step_said *step,
		     uint64_t since_ns, struct lc_verdict *v)
{
	uint64_t until =
		since_ns + (lc_given(&step->within) ? step->within.ns : 0);
	uint64_t hold = lc_given(&step->for_) ? step->for_.ns : 0;
	uint64_t holds_since = 0, began, now;
	int pause_ms = RETRY_FIRST_MS;
	unsigned int tries = 0;

	for (;;) {
		lc_verdict_done(v);
		began = clock_ns();
		a->again = lc_given(&step->within) && began < until;
		tries++;
		attempt_make(a, step, v);
		now = clock_ns();
		if (v->result == LC_PASS) {
			if (!holds_since)
				holds_since = began;
			if (now - holds_since >= hold)
				return;
		} else if (v->result == LC_SKIP) {
			return;
		} else {
			if (holds_since && v->result == LC_FAIL)
				lc_verdict_note(v, "held", "%.3f s",
						(double)(began - holds_since) /
							1e9);
			holds_since = 0;
			if (!a->again)
				break;
		}
		poll(NULL, 0, pause_ms);
		if (pause_ms < RETRY_MOST_MS)
			pause_ms *= 2;
	}
	lc_verdict_note(v, "tries", "%u", tries);
}
