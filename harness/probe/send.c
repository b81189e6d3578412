// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * send.c - a probe is sent, by whatever protocol
 *
 * Whatever can be read after each send is read at once: in a lab of veths and
 * bridges the answer is queued by the time that send returns.
 */
#include <labcheck/err.h>

#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/probe.h"
#include "probe/protocol/answer.h"
#include "probe/protocol/dns.h"
#include "probe/protocol/echo.h"
#include "probe/protocol/server.h"
#include "probe/protocol/tcp.h"
#include "probe/protocol/udp.h"
#include "probe/send.h"

void probe_send(struct lc_batch *b, struct probe *p)
{
	struct lc_err err;

	probe_close(p);
	if (p->said.serve && server_prepare(b, p, &err)) {
		probe_settle(b, p, LC_OUTCOME_ERROR, "%s", err.text);
		return;
	}
	if (!probe_begin(b, p))
		return;
	if (p->said.serve)
		answer_choose(p);
	b->sending = p;
	switch (p->said.protocol) {
	case LC_ICMP:
		echo_send(b, p);
		break;
	case LC_TCP:
		tcp_send(b, p);
		break;
	case LC_UDP:
		udp_send(b, p);
		break;
	case LC_DNS:
		dns_send(b, p);
		break;
	case LC_PROTOCOLS:
		break;
	}
	if (p->state != PROBE_PACED)
		probe_await(p);
	batch_pump(b, 0);
	b->sending = NULL;
	p->late = p->doubted || p->state != PROBE_SETTLED;
}
