// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nonce.c - what tells this run's packets from another's
 *
 * Two runs may share a wire, as on a machine whose containers both adopt.
 */
#include <sys/random.h>

#include "clock.h"
#include "probe/packet/nonce.h"

uint64_t probe_nonce(void)
{
	static uint64_t nonce;

	while (!nonce)
		if (getrandom(&nonce, sizeof(nonce), 0) < 0)
			nonce = clock_ns();
	return nonce;
}
