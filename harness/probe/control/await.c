// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * await.c - waiting for what a control has sent
 *
 * In a lab of the kernel's own it is there, or never will be, when all is at rest.
 * Elsewhere it is sent again now and then, since a switch or a program may have
 * been busy with something else.
 */
#include <labcheck/err.h>

#include "clock.h"
#include "probe/batch/loop.h"
#include "probe/control/await.h"
#include "probe/silence/patience.h"
#include "probe/silence/promptness.h"
#include "probe/silence/quiet.h"

enum { LISTEN_MS = 20 };

bool control_await(struct lc_batch *b, bool (*came)(const struct lc_batch *),
		   void (*send)(const void *), const void *what)
{
	const uint64_t until_ns = clock_ns() + patience_ns(b);
	struct lc_err err;

	do {
		send(what);
		batch_pump(b, 0);
		if (came(b) || (lab_is_prompt(b) && silence_prove(b, &err)))
			break;
		batch_pump(b, lab_is_prompt(b) ? 0 : LISTEN_MS);
	} while (!came(b) && !lab_is_prompt(b) && clock_ns() < until_ns);
	return came(b);
}
