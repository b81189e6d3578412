// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * patience.c - how long those get whose silence can't be proved
 *
 * Programs and shapers answer when they like.  In a lab that is the kernel's own
 * (promptness.c) that concerns the probes alone that a program has to answer, unless
 * it is one of ours, which is asked whether it is done (quiet.c).
 */
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "lab/listeners.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/silence/patience.h"
#include "probe/silence/promptness.h"
#include "scenario/address.h"

#define MS 1000000ull

/* Without what the lab itself delays */
static const uint64_t program_deadline_ns = 1000 * MS;

/* How long programs and shapers get */
uint64_t patience_ns(const struct lc_batch *b)
{
	uint64_t delay_ns = 0;

	for (size_t i = 0; i < b->lab->plan->node_count; i++)
		for (size_t k = 0;
		     k < b->lab->plan->nodes[i].interface_count; k++) {
			const struct plan_interface *f =
				&b->lab->plan->nodes[i].interfaces[k];

			delay_ns += 2 * (f->delay_ns + f->jitter_ns);
		}
	return program_deadline_ns + delay_ns + 20 * b->lab->worst_rtt_ns;
}

/* Programs are not asked whether they still have something to say; but the name
 * server of containers is, see quiet.c */
static bool asks_program(const struct lc_batch *b, const struct probe *p)
{
	static const struct lc_ip embedded = {
		.family = AF_INET, .bytes = { 127, 0, 0, 11 },
	};
	const struct plan_names *files = p->from->plan->files;

	if (p->said.protocol == LC_DNS)
		return !b->lab->daemon || !files || !files->embedded ||
		       !ip_equal(&p->seen->address, &embedded);
	return p->said.protocol == LC_UDP || p->said.closes;
}

/* Whoever shook hands is a program, and if it were our own server the word would
 * be there: some other's may still come */
static bool other_may_speak(const struct probe *p)
{
	return p->said.protocol == LC_TCP && p->state == PROBE_SENT &&
	       !p->served;
}

/* Docker's proxies are the lab's own, and asked whether they are done (quiet.c) */
static bool is_own_proxy(const struct lc_lab *lab, const struct lc_node *node,
			 uint16_t port)
{
	for (size_t i = 0; lab->daemon && i < lab->plan->published_count; i++) {
		const struct plan_published *p = &lab->plan->published[i];

		if (p->proxy && p->protocol == IPPROTO_UDP &&
		    p->host == node->index && p->first <= port &&
		    port <= p->last)
			return true;
	}
	return false;
}

/* A program at the port that was asked, which is not where our server is: it
 * may pass the datagram on, and what comes back, in its own time */
static bool other_may_relay(const struct lc_batch *b, const struct probe *p)
{
	lc_auto(lc_close) int fd = -1;
	const uint16_t server_port = p->said.server_port ?: p->said.port;
	struct lc_node *holder;
	bool bound = false;

	if (p->said.protocol != LC_UDP || !p->said.serve)
		return false;
	holder = probe_is_local(p) ? p->from :
				     node_holding(b->lab, &p->seen->address);
	if (!holder || (holder == p->target && server_port == p->said.port) ||
	    is_own_proxy(b->lab, holder, p->said.port))
		return false;
	fd = node_socket(holder, AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG,
			 NULL);
	return fd < 0 ||
	       listeners_has(fd, IPPROTO_UDP, NULL, p->said.port, &bound,
			     NULL) ||
	       bound;
}

bool silence_needs_patience(struct lc_batch *b, const struct probe *p,
			    uint64_t *ret_ns)
{
	if (lab_is_prompt(b) && !other_may_speak(p) &&
	    !other_may_relay(b, p) && (p->said.serve || !asks_program(b, p)))
		return false;
	*ret_ns = patience_ns(b);
	return true;
}
