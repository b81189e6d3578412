// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * errors.c - what the sender's own kernel and ICMP say about a probe
 *
 * All probe sockets ask for IP_RECVERR: an ICMP error then arrives in the
 * socket's error queue with its type, its code and who sent it, where errno
 * alone would fold many causes into one.  A TCP socket, for one, says
 * ECONNREFUSED for a reset and for an ICMP port-unreachable alike, and does
 * not fail for most ICMP errors until its first retransmit; the queue has them
 * at once.
 */
#include <errno.h>
#include <time.h>
#include <linux/errqueue.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "lab/neighbour_limit.h"
#include "lab/policies.h"
#include "lab/qdiscs.h"
#include "probe/batch.h"
#include "probe/packet/outcome.h"
#include "scenario/address.h"

/* How often, and how long, to wait for room in the machine's tables: labs that
 * have ended leave theirs to the kernel, which clears them on its own time */
enum { SHORTAGES_MAX = 20 };
static const uint64_t shortage_ns = 100 * 1000000ull;

bool node_has_address(struct lc_node *node, const struct lc_ip *ip)
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	size_t count = 0;

	if (ip->family && ip_is_loopback(ip))
		return true;
	if (lc_node_addresses(node, &list, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (ip_equal(&list[i].ip, ip))
			return true;
	return false;
}

bool probe_is_local(const struct probe *p)
{
	return node_has_address(p->from, &p->seen.address);
}

static void error_parse(const struct cmsghdr *c, struct queued_error *ret)
{
	const struct sock_extended_err *e = (const void *)CMSG_DATA(c);
	const struct sockaddr *offender = SO_EE_OFFENDER(e);
	struct sockaddr_storage sa;
	uint16_t port;

	ret->error = (int)e->ee_errno;
	ret->origin = e->ee_origin;
	ret->type = e->ee_type;
	ret->code = e->ee_code;
	ret->mtu = e->ee_errno == EMSGSIZE ? e->ee_info : 0;
	if (offender->sa_family == AF_INET || offender->sa_family == AF_INET6) {
		memset(&sa, 0, sizeof(sa));
		memcpy(&sa, offender,
		       offender->sa_family == AF_INET ?
			       sizeof(struct sockaddr_in) :
			       sizeof(struct sockaddr_in6));
		sockaddr_read(&sa, &ret->offender, &port);
	}
}

bool error_queue_read(int fd, int family, struct queued_error *ret)
{
	char control[512];
	struct iovec io = { ret->data, sizeof(ret->data) };
	struct msghdr msg = {
		.msg_iov = &io, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t n;

	memset(&ret->offender, 0, sizeof(ret->offender));
	ret->origin = SO_EE_ORIGIN_NONE;
	n = recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT);
	if (n < 0)
		return false;
	ret->length = (size_t)n;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c;
	     c = CMSG_NXTHDR(&msg, c))
		if (family == AF_INET ? c->cmsg_level == SOL_IP &&
						c->cmsg_type == IP_RECVERR :
					c->cmsg_level == SOL_IPV6 &&
						c->cmsg_type == IPV6_RECVERR)
			error_parse(c, ret);
	return true;
}

/* EINVAL is a blackhole only where a look-up finds one */
static enum lc_outcome outcome_of_einval(struct probe *p)
{
	struct lc_route route;
	int r = lc_node_lookup(p->from, &p->seen.address,
			       p->said.source ? &p->said.source->ip : NULL,
			       &route, NULL);

	return r == -EINVAL ? LC_BLOCKED : LC_OUTCOME_ERROR;
}

/* ENOBUFS is a full queue, a full neighbour table, or a rule at egress */
static enum lc_outcome outcome_of_enobufs(struct lc_batch *batch,
					  struct probe *p)
{
	uint64_t overflows;
	struct queues queues;

	if (node_queues(p->from, &queues, NULL) || queues.shaped ||
	    neighbour_overflows(p->from, &overflows, NULL) ||
	    overflows != batch->overflows)
		return LC_OUTCOME_ERROR;
	return LC_BLOCKED;
}

void probe_refused_locally(struct lc_batch *batch, struct probe *p,
			   const char *call, int error)
{
	enum lc_outcome outcome =
		error == EINVAL	 ? outcome_of_einval(p) :
		error == ENOBUFS ? outcome_of_enobufs(batch, p) :
				   outcome_of_send(error);
	const char *cause = "";

	/* The machine's own shortage says nothing of the network, and passes */
	if (error == ENOBUFS && outcome == LC_OUTCOME_ERROR &&
	    p->shortages++ < SHORTAGES_MAX) {
		p->state = PROBE_PACED;
		p->wake_ns = clock_ns() + shortage_ns;
		return;
	}
	/* What a look-up for a foreign source says is not about the target */
	if (p->said.source && !node_has_address(p->from, &p->said.source->ip)) {
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s has no address %s",
			     lc_node_name(p->from), p->said.source->text);
		return;
	}
	if (error == EPERM)
		cause = " (its own firewall)";
	else if (error == EACCES)
		cause = " (a prohibit route)";
	else if (error == EHOSTUNREACH)
		cause = " (an unreachable route)";
	else if (error == ENOBUFS && outcome == LC_BLOCKED)
		cause = " (its own firewall, at egress)";
	else if (error == ENOBUFS)
		cause = " (the machine's neighbour table or a queue is full)";
	else if (outcome == LC_BLOCKED)
		cause = " (a blackhole route)";
	probe_settle(batch, p, outcome, "%s's kernel refuses to %s, %s%s",
		     lc_node_name(p->from), call, strerror(error), cause);
}

static bool a_neighbour_is_missing(struct lc_node *node, int family)
{
	lc_auto(lc_free) struct lc_neighbour *list = NULL;
	size_t count = 0;

	if (lc_node_neighbours(node, &list, &count, NULL))
		return true;
	for (size_t i = 0; i < count; i++)
		if (list[i].ip.family == family && !list[i].has_mac)
			return true;
	return false;
}

/*
 * Whether it is a neighbour that did not answer: else the own firewall says
 * "host unreachable".  A question that was seen leaving shows it, for the entry
 * that failed is gone as soon as the machine's table is short of room.  Where
 * none was seen, and routes by mark or port may lead elsewhere than a look-up
 * says, any neighbour that is missing will do.
 */
static bool neighbour_is_missing(const struct lc_batch *batch,
				 const struct probe *p, uint32_t ifindex,
				 const struct lc_ip *hop)
{
	struct lc_neighbour entry;
	int r = node_neighbour(p->from, ifindex, hop, &entry, NULL);

	if (r ? absence_was_asked(batch, p->from, ifindex, hop) :
		!entry.has_mac)
		return true;
	if ((!r || (p->observed && !p->from->probe->tap_lost)) &&
	    !node_has_policies(p->from, hop->family))
		return false;
	return a_neighbour_is_missing(p->from, hop->family);
}

/* The own kernel says that it can't reach the next hop; @ret_interface: the
 * one without carrier */
static enum lc_outcome outcome_of_hop(const struct lc_batch *batch,
				      const struct probe *p,
				      char ret_interface[static IFNAMSIZ])
{
	const struct lc_ip *to = &p->seen.address, *hop = to;
	struct lc_route route;
	bool missing;

	if (lc_node_lookup(p->from, to,
			   p->said.source ? &p->said.source->ip : NULL, &route,
			   NULL)) {
		missing = a_neighbour_is_missing(p->from, to->family);
	} else {
		if (route.via.family)
			hop = &route.via;
		if (p->scope)
			route.ifindex = p->scope;
		if (absence_is_proved(batch, p->from, route.ifindex, hop))
			return LC_NO_NEIGHBOR;
		missing = neighbour_is_missing(batch, p, route.ifindex, hop);
	}
	return !missing				? LC_BLOCKED :
	       cable_is_out(p, ret_interface)	? LC_NO_CARRIER :
						  LC_NO_NEIGHBOR;
}

/*
 * The lab's own nodes soon give up on a neighbour: where a shaper or a program
 * makes packets wait, too soon, and the answer may be in by now.  Adopted ones
 * have asked for as long as their kernel does, which is long enough.
 */
static bool gave_up_soon(struct lc_batch *batch, struct lc_node *node,
			 const struct lc_ip *offender)
{
	if (!node)
		node = addresses_holder(batch, offender);
	return !node || node->plan->kind != NODE_ADOPTED;
}

/* Whether what makes packets wait is there, and when its answer must be in */
static bool neighbour_may_be_late(struct lc_batch *batch,
				  uint64_t *ret_wake_ns)
{
	struct lc_err err;
	bool prompt = lab_is_prompt(batch);

	if (prompt && !batch->switch_ports)
		return false;
	*ret_wake_ns = clock_ns();
	if (!prompt || silence_prove(batch, &err))
		*ret_wake_ns += patience_ns(batch);
	return true;
}

void probe_error_queued(struct lc_batch *batch, struct probe *p,
			const struct queued_error *e)
{
	char text[IP_TEXT_SIZE], interface[IFNAMSIZ];
	enum lc_outcome outcome;
	bool own;

	if (p->state == PROBE_SETTLED)
		return;
	if (e->origin == SO_EE_ORIGIN_LOCAL) {
		probe_refused_locally(batch, p, "send", e->error);
		return;
	}
	if (e->origin != SO_EE_ORIGIN_ICMP && e->origin != SO_EE_ORIGIN_ICMP6)
		return;
	/* Source quench and redirects are no end of anything */
	if (e->origin == SO_EE_ORIGIN_ICMP &&
	    (e->type == ICMP_SOURCE_QUENCH || e->type == ICMP_REDIRECT))
		return;
	own = addresses_has(batch, p->from, &e->offender) &&
	      !addresses_has(batch, p->from, &p->seen.address);
	outcome = outcome_of_icmp(p->seen.address.family, e->type, e->code,
				  own);
	if (outcome == LC_NO_NEIGHBOR)
		outcome = outcome_of_hop(batch, p, interface);
	if (outcome == LC_NO_CARRIER) {
		probe_settle(batch, p, outcome,
			     "%s:%s has no carrier, and not even the question for the next hop left",
			     lc_node_name(p->from), interface);
		return;
	}
	if ((outcome == LC_NO_NEIGHBOR || outcome == LC_HOST_UNREACHABLE) &&
	    !p->doubted &&
	    gave_up_soon(batch, own ? p->from : NULL, &e->offender) &&
	    neighbour_may_be_late(batch, &p->wake_ns)) {
		p->doubted = true;
		p->state = PROBE_PACED;
		return;
	}
	/* "Host unreachable" of a neighbour that is there is the own firewall's, or
	 * of before it was: then it is answered now, and in doubt (strangers.c) */
	if (own && outcome == LC_BLOCKED && !p->doubted &&
	    strangers_may_have_met(batch, p)) {
		p->doubted = true;
		p->state = PROBE_PACED;
		p->wake_ns = clock_ns();
		return;
	}
	if (!own)
		p->seen.answered_by = e->offender;
	p->seen.mtu = e->mtu;
	p->seen.rtt_ns = clock_ns() - p->sent_ns;
	ip_format(&e->offender, text);
	if (own && outcome == LC_NO_NEIGHBOR)
		probe_settle(batch, p, outcome,
			     "the next hop did not answer %s's %s",
			     lc_node_name(p->from),
			     p->seen.address.family == AF_INET ?
				     "ARP requests" :
				     "neighbour solicitations");
	else
		probe_settle(batch, p, outcome, "ICMP%s type %u code %u from %s",
			     e->origin == SO_EE_ORIGIN_ICMP6 ? "v6" : "",
			     e->type, e->code, text);
}
