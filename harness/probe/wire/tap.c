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
#include <string.h>
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/node.h"
#include "probe/packet/inquiry.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/packet/question.h"
#include "probe/wire/heard.h"
#include "probe/wire/mark.h"
#include "probe/wire/questions.h"
#include "probe/wire/tap.h"
#include "probe/wire/wire.h"
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

static void tap_ready(struct lc_batch *batch, struct watch *w,
		      unsigned int events)
{
	(void)events;
	tap_read(batch, w);
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
	w->ready = tap_ready;
	w->wire = true;
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
		heard_note(batch, node, ifindex, &by);
}

static void note_losses(struct watch *w)
{
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);

	if (!getsockopt(w->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) &&
	    stats.tp_drops)
		w->node->probe->tap_lost = true;
}

void tap_read(struct lc_batch *batch, struct watch *w)
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
			question_seen(batch, w->node,
				      (uint32_t)from.sll_ifindex, &asked);
		other_seen(batch, w->node, &from, bytes, (size_t)n);
		if (from.sll_protocol != htons(ETH_P_IP) &&
		    from.sll_protocol != htons(ETH_P_IPV6))
			continue;
		if (packet_read(bytes, (size_t)n, probe_nonce(), &packet))
			wire_packet(batch, w->node, &packet, from.sll_ifindex,
				   from.sll_pkttype);
	}
	note_losses(w);
}
