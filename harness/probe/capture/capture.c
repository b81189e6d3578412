// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * capture.c - what crosses an interface while a step runs
 *
 * Theory of operation
 *
 * A packet socket on the interface, with the step's filter in the kernel before
 * it is bound, so that nothing else ever gets in.  libpcap's own way to do this
 * takes 36 ms a capture and 2 MiB.
 *
 * That nothing was captured is believed only of a tap that can see: when the
 * step is over a mark is sent out of the same interface, by a socket of its own
 * (a socket is not shown what it sends itself), and must come by.  Whatever was
 * sent before it has come by before it.  Marks are not counted (mark.c).
 *
 * Closing a packet socket waits for an RCU grace period; so they are kept for
 * the next step that captures there, letting nothing in meanwhile, and closed
 * with the taps (unwatch.c).
 */
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

#include "lab/aside.h"
#include "lab/lab.h"
#include "lab/netns.h"
#include "probe/batch/node.h"
#include "probe/capture/capture.h"
#include "probe/packet/summary.h"
#include "probe/wire/mark.h"
#include "scenario/filter.h"

enum {
	SNAP		= 128,
	TOLD_MAX	= 5,		/* packets told of when it fails */
};

/**
 * struct capture - One interface that is listened to
 * @marked:	The mark has come by
 * @lost:	Packets that the tap had no room for
 */
struct capture {
	const struct capture_said *said;
	struct lc_node *node;
	struct packet_socket *socket;
	bool ethernet, loopback, marked;
	uint64_t count;
	unsigned int lost;
	char told[TOLD_MAX][SUMMARY_SIZE];
};

/** struct captures - Of a step; @before: what else is done while a command runs */
struct captures {
	struct lc_lab *lab;
	void (*before)(struct lc_lab *lab);
	struct capture *items;
	size_t count;
};

static int filter_attach(int fd, const struct sock_fprog *program)
{
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, program,
			  sizeof(*program)) ? -errno : 0;
}

/* Let nothing in */
static void filter_close(int fd)
{
	struct sock_filter none[] = { BPF_STMT(BPF_RET | BPF_K, 0) };

	filter_attach(fd, &(struct sock_fprog){ 1, none });
}

static struct packet_socket *socket_idle(struct lc_node *node, uint32_t ifindex)
{
	struct packet_socket *s;

	for (s = node->probe->captures; s; s = s->next)
		if (!s->busy && s->ifindex == ifindex)
			return s;
	return NULL;
}

static int socket_open(struct lc_node *node, uint32_t ifindex,
		       struct packet_socket **ret_socket, struct lc_err *err)
{
	struct packet_socket *s = calloc(1, sizeof(*s));
	int size = 8 << 20, fd;

	if (!s)
		return lc_err_set(err, -ENOMEM, "out of memory");
	fd = node_socket(node, AF_PACKET, SOCK_RAW, 0, err);
	if (fd < 0) {
		free(s);
		return fd;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	*s = (struct packet_socket){ .fd = fd, .ifindex = ifindex,
				     .next = node->probe->captures };
	node->probe->captures = s;
	*ret_socket = s;
	return 0;
}

static void note_kind(struct capture *c)
{
	struct ifreq request = { 0 };
	unsigned short kind = ARPHRD_NONE;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s",
		 c->said->on.interface);
	if (!ioctl(c->socket->fd, SIOCGIFHWADDR, &request))
		kind = request.ifr_hwaddr.sa_family;
	c->loopback = kind == ARPHRD_LOOPBACK;
	c->ethernet = kind == ARPHRD_ETHER || c->loopback;
}

/* The statistics count from the last time that they were read */
static unsigned int losses(int fd)
{
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);

	getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size);
	return stats.tp_drops;
}

static int compile(const struct capture *c, struct sock_fprog *ret_program,
		   struct lc_err *err)
{
	const char *text = c->said->filter.text;
	int r;

	if (!c->ethernet)
		return filter_compile(text, FILTER_IP, 0, ret_program, err);
	if (!filter_is_tagged(text))
		return filter_compile(text, FILTER_ETHERNET, MARK_PROTOCOL,
				      ret_program, err);
	/* It needs an lo that is up */
	r = aside_enter(err);
	if (r)
		return r;
	r = filter_compile(text, FILTER_TAGGED, MARK_PROTOCOL, ret_program,
			   err);
	aside_leave();
	return r;
}

static int listen_begin(struct capture *c, struct lc_err *err)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)c->socket->ifindex,
	};
	struct sock_fprog program;
	int r;

	note_kind(c);
	r = compile(c, &program, err);
	if (r)
		return r;
	losses(c->socket->fd);
	r = filter_attach(c->socket->fd, &program);
	filter_done(&program);
	if (!r && !c->socket->bound &&
	    bind(c->socket->fd, (void *)&sll, sizeof(sll)))
		r = -errno;
	c->socket->bound = !r;
	return r ? lc_err_set(err, r, "capture on %s: %s", c->said->on.text,
			      strerror(-r)) :
		   0;
}

static int capture_open(struct capture *c, struct lc_lab *lab,
			const struct capture_said *said, struct lc_err *err)
{
	struct lc_node *node = lc_lab_node(lab, said->on.node, err);
	struct lc_link link;
	int r;

	if (!node)
		return -ENOENT;
	c->said = said;
	c->node = netns_owner(node);
	r = probe_node_ready(c->node, err);
	if (!r)
		r = lc_node_link(node, said->on.interface, &link, err);
	if (r)
		return r;
	c->socket = socket_idle(c->node, link.ifindex);
	if (!c->socket)
		r = socket_open(c->node, link.ifindex, &c->socket, err);
	if (r)
		return r;
	c->socket->busy = true;
	return listen_begin(c, err);
}

static void read_meanwhile(struct lc_lab *lab)
{
	captures_read(lab->captures);
	if (lab->captures->before)
		lab->captures->before(lab);
}

int captures_open(struct lc_lab *lab, const struct capture_said *said,
		  size_t count, struct captures **ret_captures,
		  struct lc_err *err)
{
	struct captures *captures = calloc(1, sizeof(*captures));
	int r = 0;

	if (captures)
		captures->items = calloc(count, sizeof(*captures->items));
	if (!captures || !captures->items) {
		captures_free(captures);
		return lc_err_set(err, -ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < count && !r; i++) {
		captures->count++;
		r = capture_open(&captures->items[i], lab, &said[i], err);
	}
	if (r) {
		captures_free(captures);
		return r;
	}
	captures->lab = lab;
	captures->before = lab->meanwhile;
	lab->captures = captures;
	lab->meanwhile = read_meanwhile;
	*ret_captures = captures;
	return 0;
}

static void take(struct capture *c, const uint8_t *bytes, size_t length,
		 const struct sockaddr_ll *from)
{
	uint32_t serial;

	/* What a loopback sends it shows again as it comes in */
	if (c->loopback && from->sll_pkttype == PACKET_OUTGOING)
		return;
	if (c->ethernet && frame_is_ours(bytes, length) &&
	    !mark_read(bytes, length, &serial))
		return;
	if (c->ethernet && mark_read(bytes, length, &serial)) {
		/* That of the far end may come in here */
		c->marked |= serial == MARK_OF_CAPTURE &&
			     (c->loopback ||
			      from->sll_pkttype == PACKET_OUTGOING);
		return;
	}
	if (c->count < TOLD_MAX)
		packet_summary(bytes, length,
			       c->ethernet ? 0 : ntohs(from->sll_protocol),
			       c->told[c->count]);
	c->count++;
}

/* The next packet; an interface that goes down is told of once in between */
static ssize_t receive(int fd, uint8_t *bytes, size_t size,
		       struct sockaddr_ll *from)
{
	socklen_t length = sizeof(*from);
	ssize_t n;

	do
		n = recvfrom(fd, bytes, size, MSG_DONTWAIT, (void *)from,
			     &length);
	while (n < 0 && errno == ENETDOWN);
	return n;
}

static void read_all(struct capture *c)
{
	uint8_t bytes[SNAP];
	struct sockaddr_ll from;
	ssize_t n;

	while ((n = receive(c->socket->fd, bytes, sizeof(bytes), &from)) >= 0)
		take(c, bytes, (size_t)n, &from);
	c->lost += losses(c->socket->fd);
}

void captures_read(struct captures *captures)
{
	for (size_t i = 0; captures && i < captures->count; i++)
		read_all(&captures->items[i]);
}

static void describe(const struct capture *c, struct lc_verdict *v)
{
	lc_verdict_note(v, "capture", "%s%s%s", c->said->on.text,
			lc_given(&c->said->filter) ? ", " : "",
			lc_given(&c->said->filter) ? c->said->filter.text : "");
	for (uint64_t i = 0; i < c->count && i < TOLD_MAX; i++)
		lc_verdict_note(v, "captured", "%s", c->told[i]);
	if (c->count > TOLD_MAX)
		lc_verdict_note(v, "captured", "and %llu more",
				(unsigned long long)(c->count - TOLD_MAX));
}

/* Whether more packets could still turn it: then all must have been seen */
static bool needs_proof(const struct lc_value *packets, bool holds)
{
	switch (packets->relation) {
	case LC_AT_LEAST:
	case LC_MORE:
		return !holds;
	case LC_EQUAL:
	case LC_NOT_EQUAL:
	case LC_AT_MOST:
	case LC_LESS:
		break;
	}
	return true;
}

static void judge(struct capture *c, struct lc_verdict *v)
{
	const struct lc_value *packets = &c->said->packets;
	bool holds = lc_comparison_holds(packets, c->count);
	char expected[64], got[64];

	if (needs_proof(packets, holds) && c->lost) {
		lc_verdict_error(v, "the capture on %s lost %u packets",
				 c->said->on.text, c->lost);
		return;
	}
	if (needs_proof(packets, holds) && !c->marked) {
		lc_verdict_error(v, c->ethernet ?
				 "the capture on %s proves nothing: nothing can be sent there (down, or without carrier)" :
				 "the capture on %s proves nothing: it is no Ethernet, and can't be sent a mark",
				 c->said->on.text);
		return;
	}
	if (holds)
		return;
	snprintf(expected, sizeof(expected), "%s packets", packets->text);
	snprintf(got, sizeof(got), "%llu", (unsigned long long)c->count);
	lc_verdict_expect(v, expected, got);
	describe(c, v);
}

void captures_judge(struct captures *captures, struct lc_verdict *v)
{
	for (size_t i = 0; i < captures->count; i++)
		if (captures->items[i].ethernet)
			mark_send(captures->items[i].node,
				  captures->items[i].socket->ifindex,
				  MARK_OF_CAPTURE);
	captures_read(captures);
	for (size_t i = 0; i < captures->count; i++)
		judge(&captures->items[i], v);
}

void captures_free(struct captures *captures)
{
	if (!captures)
		return;
	if (captures->lab) {
		captures->lab->captures = NULL;
		captures->lab->meanwhile = captures->before;
	}
	for (size_t i = 0; captures->items && i < captures->count; i++) {
		struct packet_socket *s = captures->items[i].socket;
		struct sockaddr_ll from;
		uint8_t byte;

		if (!s)
			continue;
		filter_close(s->fd);
		while (receive(s->fd, &byte, 1, &from) >= 0)
			;
		s->busy = false;
	}
	free(captures->items);
	free(captures);
}
