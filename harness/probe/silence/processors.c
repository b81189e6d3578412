// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * processors.c - proof that no other processor has packets of a batch either
 *
 * What a processor sends it handles, all the way there and back; so sentinels on
 * ours (sentinel.c) show that what we have sent is done.  But a packet that waits
 * for a neighbour is sent by whoever hears the neighbour's answer, and that is the
 * processor on which the question was put: by one of the kernel's timers, which may
 * run on another processor than the one that set it, or by a program of the
 * scenario.  There it may be late, when the neighbour is known and ours is at rest.
 *
 * No timer for a neighbour runs before a hundredth of a second is over, as the
 * kernel counts it.  So a batch that is older goes to each processor that it may use
 * and sends sentinels there, too.  To be there is to wait until no softirq is at
 * work on it, so that a timer that runs just then has sent what it has to send.  In
 * a batch that is younger programs alone may have put a question, if there are any, or
 * a thread of the kernel's may have, which carries the broadcasts of a macvlan.
 */
#include "clock.h"
#include "lab/company.h"
#include "probe/batch/batch.h"
#include "probe/silence/processors.h"
#include "probe/silence/sentinel.h"

#define MS 1000000ull

/* Less than that, however long its ticks are */
static const uint64_t timer_ns = 5 * MS;

bool batch_is_late(const struct lc_batch *b)
{
	return clock_ns() >= b->began_ns + timer_ns;
}

int processors_pass(struct lc_batch *b, size_t count, struct lc_err *err)
{
	if (!batch_is_late(b) && !b->threads && lab_is_alone(b->lab))
		return 0;
	return sentinel_pass_elsewhere(b->affinity, count, err);
}
