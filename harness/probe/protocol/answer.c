// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * answer.c - what a server of ours says to a probe, and nobody else can
 *
 * Were a cookie's echo an answer, any echo server would be taken for ours, as would
 * whoever saw the probe pass.  So behind the cookie comes a number of the probe that
 * was not sent with it.
 */
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "probe/batch/probe.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/protocol/answer.h"

void answer_choose(struct probe *p)
{
	if (getrandom(&p->secret, sizeof(p->secret), 0) != sizeof(p->secret))
		p->secret = clock_ns();
}

void answer_write(const struct probe *p, uint8_t bytes[static ANSWER_SIZE])
{
	const struct cookie cookie = { probe_nonce(), p->serial };

	cookie_write(&cookie, bytes);
	memcpy(bytes + COOKIE_SIZE, &p->secret, sizeof(p->secret));
}

bool answer_is(const struct probe *p, const uint8_t *bytes, size_t length)
{
	uint8_t wanted[ANSWER_SIZE];

	answer_write(p, wanted);
	return length == sizeof(wanted) &&
	       !memcmp(bytes, wanted, sizeof(wanted));
}
