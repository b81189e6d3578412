// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tap.c - what the wire shows of probes, at their sender and their target
 *
 * A socket that gets no answer does not show whether the probe ever left, nor
 * whether an answer came that the own firewall then dropped.  A packet socket
 * on all of a node's interfaces does.
 *
 * Costs and recipe (measured): opened with protocol 0 and bound later, a tap
 * takes some 20 us; opened with ETH_P_ALL at once, 8 ms.  Closing takes 12 ms,
 * so taps stay open until the lab ends, and only batches that need proof open
 * them at all.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "probe/batch.h"
#include "probe/inquiry.h"
#include "probe/mark.h"
#include "probe/question.h"
#include "scenario/address.h"

enum { TAP_SNAP = 256 };

/* What came between two batches is nobody's, and lost nothing of ours */
static void forget_the_past(struct watch *w)
{
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);
	uint8_t byte;

	while (recv(w->fd, &byte, 1, MSG_DONTWAIT | MSG_TRUNC) >= 0)
		;
	getsockopt(w->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size);
	w->node->probe->tap_lost = false;
}

/* A frame of a VLAN comes in with its tag apart, and looks like any other; its
 * kernel takes it for an interface of that VLAN alone, where it is seen again */
static void leave_out_tagged(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
			 (uint32_t)(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 5, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS,
			 (uint32_t)(SKF_AD_OFF + SKF_AD_VLAN_TAG)),
		/* Without a number it is about priority alone */
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xfff, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS,
			 (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog program = {
		sizeof(code) / sizeof(*code), code,
	};

	setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

int tap_open(struct lc_batch *batch, struct lc_node *node, struct lc_err *err)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
	};
	struct watch *w = &node->probe->tap;
	int size = 8 << 20;

	if (w->fd >= 0) {
		/* Of this batch already: what it has read counts */
		if (batch_watches(batch, w))
			return 0;
		forget_the_past(w);
		return batch_watch(batch, w, EPOLLIN, err);
	}
	w->kind = WATCH_TAP;
	w->node = node;
	w->fd = node_socket(node, AF_PACKET, SOCK_DGRAM, 0, err);
	if (w->fd < 0)
		return w->fd;
	leave_out_tagged(w->fd);
	setsockopt(w->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(w->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(w->fd, (void *)&sll, sizeof(sll))) {
		int code = -errno;

		lc_close(&w->fd);
		return lc_err_set(err, code, "can't watch the wire of %s: %s",
				  lc_node_name(node), strerror(-code));
	}
	return batch_watch(batch, w, EPOLLIN, err);
}

/* Is it the proxy's own, on its way to the container of a published port? */
static bool is_relayed(struct lc_batch *batch, const struct lc_node *node,
		       const struct packet *k)
{
	const struct plan *plan = batch->lab->plan;

	for (size_t i = 0; i < batch->count; i++)
		if (batch->probes[i]->from == node &&
		    batch->probes[i]->local_port == k->source_port)
			return false;
	for (size_t i = 0; i < plan->published_count; i++) {
		const struct plan_published *p = &plan->published[i];

		if (p->proxy && p->host == node->index &&
		    p->protocol == IPPROTO_TCP &&
		    ip_equal(&p->to, &k->destination) &&
		    k->destination_port >= p->to_first &&
		    k->destination_port <= p->to_last)
			return true;
	}
	return false;
}

/* Ports tell whose SYN leaves, unless the node's own NAT has changed them; the
 * probe that is being sent at the moment comes first, watched or not: the
 * kernel gives one port to two connections that go to different places */
static struct probe *syn_of(struct lc_batch *batch, struct lc_node *node,
			    const struct packet *k)
{
	struct probe *p = batch->sending, *found = NULL;

	if (p && p->from == node && p->said.protocol == LC_TCP &&
	    (p->local_port == k->source_port || p->said.port ==
	     k->destination_port || ip_equal(&p->seen.address, &k->destination)))
		return p->observed && !p->left ? p : NULL;
	for (size_t i = 0; i < batch->count; i++) {
		p = batch->probes[i];
		if (p->from != node || p->said.protocol != LC_TCP ||
		    !p->observed || p->local_port != k->source_port ||
		    p->state == PROBE_SETTLED)
			continue;
		if (ip_equal(&p->seen.address, &k->destination))
			return p;
		found = p;
	}
	return found;
}

/* NAT leaves the sequence number of a SYN alone: by it the probe is known
 * wherever it goes, and by what is acknowledged so is its answer */
static struct probe *tcp_probe(struct lc_batch *batch, uint32_t sequence)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct probe *p = batch->probes[i];

		if (p->said.protocol == LC_TCP && p->left &&
		    p->sequence == sequence)
			return p;
	}
	return NULL;
}

/* Packets that pass through a node on their way to another did not arrive */
static bool is_for_target(const struct probe *p, const struct packet *k,
			  int type)
{
	return type != PACKET_HOST || p->said.server_on || p->said.target_on ||
	       node_has_address(p->target, &k->destination);
}

/* What is to get there by NAT may have another's address; but then it does not
 * leave again */
static bool is_for_another(const struct probe *p, const struct packet *k,
			   int type)
{
	return type == PACKET_HOST &&
	       (p->said.server_on || p->said.target_on) &&
	       !node_has_address(p->target, &k->destination);
}

bool probe_arrived(const struct probe *p)
{
	return p->on_target_wire && !(p->for_another && p->went_on);
}

static void went_on(struct probe *p, const struct lc_node *node)
{
	p->went_on |= node == p->target && node != p->from;
}

static struct lc_ends ends_of(const struct packet *k)
{
	return (struct lc_ends){ k->source, k->destination, k->source_port,
				 k->destination_port };
}

static void came_in(struct probe *p, struct lc_node *node,
		    const struct packet *k, int type)
{
	router_met(p, node, &k->destination);
	if (node != p->target || !is_for_target(p, k, type))
		return;
	if (p->on_target_wire) {
		if (!ip_equal(&k->source, &p->wire_source))
			p->seen.stray = ends_of(k);
		return;
	}
	p->on_target_wire = true;
	p->for_another = is_for_another(p, k, type);
	p->seen.arrived = ends_of(k);
	p->wire_source = k->source;
	p->wire_port = k->destination_port;
}

/* Taps are read in any order: one may show where a SYN came in, or passed
 * through, before the one at its sender shows that it left */
static void keep_strange(struct lc_batch *batch, struct lc_node *node,
			 const struct packet *k, int type)
{
	batch->strange[batch->strange_count++ % STRANGE_SYNS] =
		(struct strange_syn){ node, *k, type };
}

static void left(struct lc_batch *batch, struct probe *p,
		 const struct packet *k)
{
	uint32_t sequence = k->seq;

	p->left = true;
	p->seen.sent = ends_of(k);
	p->sequence = sequence;
	for (size_t i = 0; i < STRANGE_SYNS && i < batch->strange_count; i++) {
		const struct strange_syn *s = &batch->strange[i];

		if (s->packet.seq != sequence)
			continue;
		if (s->type == PACKET_OUTGOING)
			went_on(p, s->node);
		else
			came_in(p, s->node, &s->packet, s->type);
	}
}

/* Its target says something; the first word is the answer */
static void answers(struct probe *p, const struct packet *k)
{
	if (!p->seen.answer.source.family)
		p->seen.answer = ends_of(k);
}

static void answered(struct probe *p, const struct packet *k)
{
	if (k->kind != PACKET_ICMP_ERROR && !p->seen.returned.source.family)
		p->seen.returned = ends_of(k);
	if (p->state == PROBE_SETTLED)
		return;
	p->wire_answer = true;
	p->wire_error = k->kind == PACKET_ICMP_ERROR;
	p->wire_answer_from = k->source;
	p->wire_answer_port = k->source_port;
}

static void syn_leaves(struct lc_batch *batch, struct lc_node *node,
		       const struct packet *k)
{
	struct probe *p = syn_of(batch, node, k);

	if (p) {
		left(batch, p, k);
		return;
	}
	p = tcp_probe(batch, k->seq);
	if (p)
		went_on(p, node);
	else
		keep_strange(batch, node, k, PACKET_OUTGOING);
}

static void tcp_seen(struct lc_batch *batch, struct lc_node *node,
		     const struct packet *k, int type)
{
	struct probe *p;

	if (type == PACKET_OUTGOING) {
		if (k->syn && !k->has_ack && !is_relayed(batch, node, k))
			syn_leaves(batch, node, k);
		p = k->has_ack ? tcp_probe(batch, k->ack - 1) : NULL;
		if (p && p->target == node)
			answers(p, k);
	} else if (k->syn && !k->has_ack) {
		p = tcp_probe(batch, k->seq);
		if (p)
			came_in(p, node, k, type);
		else
			keep_strange(batch, node, k, type);
	} else if (k->has_ack) {
		p = tcp_probe(batch, k->ack - 1);
		if (p && p->from == node)
			answered(p, k);
	}
}

/* NULL: it can't be told what comes in pieces, so nothing is proved by silence */
static struct piecemeal *pieces_of(struct probe *p)
{
	if (!p->pieces)
		p->pieces = calloc(1, sizeof(*p->pieces));
	if (!p->pieces)
		p->from->probe->tap_lost = true;
	return p->pieces;
}

static void request_seen(struct probe *p, struct lc_node *node,
			 const struct packet *k, int ifindex, int type)
{
	if (!k->piece.more || node != p->target)
		came_in(p, node, k, type);
	else if (pieces_of(p))
		pieces_begin(&p->pieces->request, k, ifindex, type);
}

static void answer_seen(struct probe *p, const struct packet *k, int ifindex,
			int type)
{
	if (!k->piece.more)
		answered(p, k);
	else if (pieces_of(p))
		pieces_begin(&p->pieces->answer, k, ifindex, type);
}

static void ours_leaves(struct probe *p, struct lc_node *node,
			const struct packet *k)
{
	bool reply = k->kind == PACKET_ECHO_REPLY;

	if (node == p->from && !p->left && !reply) {
		p->left = true;
		p->seen.sent = ends_of(k);
	} else if (node == p->target && p->on_target_wire &&
		   (reply || (k->kind == PACKET_UDP &&
			      k->source_port == p->wire_port))) {
		answers(p, k);
	} else if (!reply) {
		went_on(p, node);
	}
}

/* ICMP echo and UDP, which bear our cookie */
static void ours_seen(struct probe *p, struct lc_node *node,
		      const struct packet *k, int ifindex, int type)
{
	bool reply = k->kind == PACKET_ECHO_REPLY;
	bool request = k->kind == PACKET_ECHO_REQUEST ||
		       (k->kind == PACKET_UDP &&
			(k->destination_port == p->said.port ||
			 k->destination_port == p->said.server_port));

	if (type == PACKET_OUTGOING)
		ours_leaves(p, node, k);
	else if (node != p->from ? !reply :
				   node == p->target && request &&
					   !p->on_target_wire)
		request_seen(p, node, k, ifindex, type);
	else if (node == p->from && k->kind != PACKET_ECHO_REQUEST && p->left)
		answer_seen(p, k, ifindex, type);
}

/* Questions bear no cookie, and are known by their port.  NAT may lead them
 * elsewhere, but where from they come it changes behind the tap alone */
static struct probe *dns_probe(struct lc_batch *batch, struct lc_node *node,
			       uint16_t port)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct probe *p = batch->probes[i];

		if (p->said.protocol == LC_DNS && p->from == node &&
		    p->observed && p->local_port == port &&
		    p->state != PROBE_SETTLED)
			return p;
	}
	return NULL;
}

static void dns_seen(struct lc_batch *batch, struct lc_node *node,
		     const struct packet *k, int type)
{
	struct probe *p = dns_probe(batch, node,
				    type == PACKET_OUTGOING ?
					    k->source_port :
					    k->destination_port);

	if (p && type == PACKET_OUTGOING)
		p->left = true;
	else if (p && p->left)
		answered(p, k);
}

static void piece_seen(struct lc_batch *batch, struct lc_node *node,
		       const struct packet *k, int ifindex)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct probe *p = batch->probes[i];
		struct piecemeal *m = p->pieces;

		if (m && node == p->target && m->request.ifindex &&
		    pieces_add(&m->request, k, ifindex))
			came_in(p, node, &m->request.first, m->request.type);
		if (m && node == p->from && m->answer.ifindex &&
		    pieces_add(&m->answer, k, ifindex))
			answered(p, &m->answer.first);
	}
}

static void error_seen(struct lc_batch *batch, struct lc_node *node,
		       const struct packet *k)
{
	struct probe *p = NULL;

	if (k->about == PACKET_TCP)
		p = tcp_probe(batch, k->seq);
	else if (k->ours)
		p = batch_find(batch, k->serial);
	if (p && p->from == node && p->left)
		answered(p, k);
}

static void tap_packet(struct lc_batch *batch, struct lc_node *node,
		       const struct packet *k, int ifindex, int type)
{
	struct probe *p;

	/* Another's by its MAC address: the kernel takes no notice of it */
	if (type == PACKET_OTHERHOST)
		return;
	switch (k->kind) {
	case PACKET_TCP:
		tcp_seen(batch, node, k, type);
		return;
	case PACKET_UDP:
	case PACKET_ECHO_REQUEST:
	case PACKET_ECHO_REPLY:
		p = k->ours ? batch_find(batch, k->serial) : NULL;
		if (p && p->observed)
			ours_seen(p, node, k, ifindex, type);
		else if (k->kind == PACKET_UDP && !k->ours)
			dns_seen(batch, node, k, type);
		return;
	case PACKET_ICMP_ERROR:
		if (type != PACKET_OUTGOING)
			error_seen(batch, node, k);
		return;
	case PACKET_FRAGMENT:
		if (type != PACKET_OUTGOING)
			piece_seen(batch, node, k, ifindex);
		return;
	case PACKET_OTHER:
		return;
	}
}

/* Of what is no IP packet of a probe: marks of a control, and who answers ARP or
 * neighbour discovery.  What comes in for another is not said to this node */
static void other_seen(struct lc_batch *batch, struct lc_node *node,
		       const struct sockaddr_ll *from, const uint8_t *bytes,
		       size_t length)
{
	const uint16_t protocol = ntohs(from->sll_protocol);
	const uint32_t ifindex = (uint32_t)from->sll_ifindex;
	struct awaited_answer *q = &batch->inquiry;
	struct awaited_mark *m = &batch->mark;
	uint32_t serial;
	struct lc_ip by;
	bool open;

	if (from->sll_pkttype == PACKET_OUTGOING)
		return;
	if (protocol == MARK_PROTOCOL) {
		m->seen |= mark_read_payload(bytes, length, &serial) &&
			   serial == m->serial && node == m->node &&
			   ifindex == m->ifindex;
		return;
	}
	if (!answer_read(protocol, bytes, length, &by, &open))
		return;
	q->answered |= open && ip_equal(&by, &q->ip) && node == q->node &&
		       ifindex == q->ifindex;
	if (from->sll_pkttype == PACKET_HOST)
		control_heard(batch, node, ifindex, &by);
}

static void note_losses(struct watch *w)
{
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);

	if (!getsockopt(w->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) &&
	    stats.tp_drops)
		w->node->probe->tap_lost = true;
}

void tap_ready(struct lc_batch *batch, struct watch *w)
{
	uint8_t bytes[TAP_SNAP];
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	struct packet packet;
	struct lc_ip asked;
	ssize_t n;

	while ((n = recvfrom(w->fd, bytes, sizeof(bytes), MSG_DONTWAIT,
			     (void *)&from, &size)) >= 0) {
		size = sizeof(from);
		if (from.sll_pkttype == PACKET_OUTGOING &&
		    question_read(ntohs(from.sll_protocol), bytes, (size_t)n,
				  &asked))
			absence_asked(batch, w->node,
				      (uint32_t)from.sll_ifindex, &asked);
		other_seen(batch, w->node, &from, bytes, (size_t)n);
		if (from.sll_protocol != htons(ETH_P_IP) &&
		    from.sll_protocol != htons(ETH_P_IPV6))
			continue;
		if (packet_read(bytes, (size_t)n, probe_nonce(), &packet))
			tap_packet(batch, w->node, &packet, from.sll_ifindex,
				   from.sll_pkttype);
	}
	note_losses(w);
}
