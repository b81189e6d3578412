// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * echo.c - ICMP and ICMPv6 echo over raw sockets
 *
 * One raw socket a node and family serves all its probes: as sender it gets
 * the replies and, in its error queue, the errors; as target it gets a copy of
 * each request that the node's kernel accepts, which shows that the reply came
 * from the right place.
 *
 * A raw socket keeps an error of one packet and hands it to the next send.  So
 * the socket's error is cleared before each one: what send says is then about
 * this packet.
 *
 * It gets all echoes of its node, also those of others and between batches, and
 * what it has no room for looks as if it had never come.  So it is emptied when
 * a batch first needs it, and the kernel's count of what was lost since is asked
 * wherever something is missing.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "lab/lab.h"
#include "lab/sockaddr.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/protocol/echo.h"
#include "probe/protocol/error_queue.h"
#include "probe/protocol/errors.h"
#include "probe/protocol/refusal.h"
#include "scenario/address.h"

enum {
	ECHO_MAX = 65507,
	IP4_HEADER = 20,		/* without options */
	IP6_HEADER = 40,
};

/* raw(7); linux/icmp.h has them, but can't be included beside net/if.h */
enum { RAW_ICMP_FILTER = 1 };
struct raw_icmp_filter {
	uint32_t blocked_types;
};

static void set_int(int fd, int level, int option, int value)
{
	setsockopt(fd, level, option, &value, sizeof(value));
}

static int raw_open4(struct lc_node *node, struct lc_err *err)
{
	struct raw_icmp_filter filter = {
		~(1u << ICMP_ECHO | 1u << ICMP_ECHOREPLY),
	};
	int fd = node_socket(node, AF_INET, SOCK_RAW, IPPROTO_ICMP, err);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_RAW, RAW_ICMP_FILTER, &filter, sizeof(filter));
	set_int(fd, SOL_IP, IP_RECVERR, 1);
	return fd;
}

static int raw_open6(struct lc_node *node, struct lc_err *err)
{
	struct icmp6_filter filter;
	int fd = node_socket(node, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, err);

	if (fd < 0)
		return fd;
	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REQUEST, &filter);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
	setsockopt(fd, SOL_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
	set_int(fd, SOL_IPV6, IPV6_RECVERR, 1);
	return fd;
}

static struct watch *echo_watch(const struct lc_node *node, int family)
{
	return family == AF_INET ? &node->probe->echo4 : &node->probe->echo6;
}

/* How many at once are read of a socket, and what one may take of its room */
enum { AT_ONCE = 32, PACKET_ROOM = 128 << 10 };

/* How many packets a socket did not take, since it was opened */
static uint32_t losses(int fd)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t size = sizeof(info);

	getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &size);
	return info[SK_MEMINFO_DROPS];
}

/*
 * What a policy of IPsec forbids, and a wrong checksum, the kernel counts among
 * that for which there was no room.  So it is noted whether there may have been
 * none, before each time that some of it is read.
 */
static void note_room(struct watch *w)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t size = sizeof(info);

	w->crowded |= getsockopt(w->fd, SOL_SOCKET, SO_MEMINFO, info, &size) ||
		      info[SK_MEMINFO_RMEM_ALLOC] + AT_ONCE * PACKET_ROOM >=
			      info[SK_MEMINFO_RCVBUF];
}

/* What came between two batches is nobody's */
static void forget_the_past(struct watch *w)
{
	struct queued_error e;
	uint8_t byte;

	while (error_queue_read(w->fd, w->family, &e))
		;
	while (recv(w->fd, &byte, 1, MSG_DONTWAIT | MSG_TRUNC) >= 0)
		;
	w->lost_before = losses(w->fd);
	w->crowded = false;
}

static void echo_ready(struct lc_batch *batch, struct watch *w,
		       unsigned int events);

static int echo_open(struct lc_batch *batch, struct lc_node *node, int family,
		     struct lc_err *err)
{
	struct watch *w = echo_watch(node, family);
	int r;

	if (w->fd >= 0 && w->batch == batch->number)
		return 0;
	if (w->fd < 0) {
		w->ready = echo_ready;
		w->family = family;
		w->node = node;
		w->fd = family == AF_INET ? raw_open4(node, err) :
					    raw_open6(node, err);
		if (w->fd < 0)
			return w->fd;
		set_int(w->fd, SOL_SOCKET, SO_BROADCAST, 1);
		set_int(w->fd, SOL_SOCKET, SO_RCVBUF, 4 << 20);
		set_int(w->fd, SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20);
	}
	forget_the_past(w);
	r = batch_watch(batch, w, EPOLLIN, err);
	if (!r)
		w->batch = batch->number;
	return r;
}

static bool has_lost(const struct lc_node *node, int family)
{
	const struct watch *w = echo_watch(node, family);

	return w->fd >= 0 && w->crowded && losses(w->fd) != w->lost_before;
}

bool echo_may_be_lost(const struct probe *p)
{
	int family = p->seen->address.family;

	return has_lost(p->from, family) ||
	       (p->target && has_lost(p->target, family));
}

int echo_prepare(struct lc_batch *batch, struct probe *p, struct lc_err *err)
{
	int family = p->seen->address.family;
	int r = echo_open(batch, p->from, family, err);

	if (!r && p->target)
		r = echo_open(batch, p->target, family, err);
	return r;
}

/* Ancillary data: the source address, where one was asked for */
static size_t put_source(const struct probe *p, char *control)
{
	struct cmsghdr *c = (void *)control;
	const struct lc_ip *source = &p->said.source->ip;

	if (source->family == AF_INET) {
		struct in_pktinfo info = { .ipi_spec_dst = source->v4 };

		c->cmsg_level = SOL_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		return CMSG_SPACE(sizeof(info));
	}
	struct in6_pktinfo info = { .ipi6_addr = source->v6,
				    .ipi6_ifindex = p->scope };

	c->cmsg_level = SOL_IPV6;
	c->cmsg_type = IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	return CMSG_SPACE(sizeof(info));
}

static void echo_options(struct watch *w, const struct probe *p)
{
	int fd = w->fd;

	if (p->seen->address.family == AF_INET) {
		set_int(fd, SOL_IP, IP_TTL, p->said.ttl ? p->said.ttl : -1);
		set_int(fd, SOL_IP, IP_MTU_DISCOVER,
			p->said.df ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT);
	} else {
		set_int(fd, SOL_IPV6, IPV6_UNICAST_HOPS,
			p->said.ttl ? p->said.ttl : -1);
		set_int(fd, SOL_IPV6, IPV6_MTU_DISCOVER,
			p->said.df ? IPV6_PMTUDISC_DO : IPV6_PMTUDISC_DONT);
	}
}

static size_t payload_of(const struct probe *p)
{
	size_t size = p->said.size;
	size_t headers = p->seen->address.family == AF_INET ?
				 IP4_HEADER + ICMP_ECHO_SIZE :
				 IP6_HEADER + ICMP_ECHO_SIZE;

	if (p->said.whole)
		size = size > headers ? size - headers : 0;
	return size > ECHO_MAX ? ECHO_MAX : size;
}

void echo_options_plain(struct watch *w, const struct probe *p)
{
	echo_options(w, p);
	/* To want it is not enough: that may still be cut here */
	set_int(w->fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
}

size_t echo_fill(const struct probe *p, uint8_t *bytes)
{
	struct cookie cookie = { probe_nonce(), p->serial };
	size_t payload = payload_of(p);

	echo_build(p->seen->address.family, &cookie, bytes, payload);
	return ICMP_ECHO_SIZE + payload;
}

void echo_send(struct lc_batch *batch, struct probe *p)
{
	static uint8_t bytes[ICMP_ECHO_SIZE + ECHO_MAX];
	_Alignas(struct cmsghdr) char control[64] = { 0 };
	struct watch *w = echo_watch(p->from, p->seen->address.family);
	struct sockaddr_storage sa;
	struct iovec io = { bytes, echo_fill(p, bytes) };
	struct msghdr msg = { .msg_iov = &io, .msg_iovlen = 1, .msg_name = &sa };
	socklen_t size = sizeof(int);
	int error;

	msg.msg_namelen = sockaddr_fill(&sa, &p->seen->address, 0,
					p->scope);
	echo_options(w, p);
	if (p->said.source) {
		msg.msg_control = control;
		msg.msg_controllen = put_source(p, control);
	}
	getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &error, &size);
	p->sent_ns = clock_ns();
	p->state = PROBE_SENT;
	if (sendmsg(w->fd, &msg, 0) < 0)
		probe_refused_locally(batch, p, "send", errno);
}

static void echo_request_seen(struct lc_batch *batch, struct lc_node *node,
			      const struct packet *packet)
{
	struct probe *p = batch_find(batch, packet->serial);

	if (!p || p->target != node)
		return;
	p->seen->at_target = true;
	p->seen->seen_from = packet->source;
}

/* As multicast, it is asked of many, who answer from their own address */
static bool is_broadcast(const struct probe *p)
{
	struct lc_route route;

	return !lc_node_lookup(p->from, &p->seen->address, NULL, &route, NULL) &&
	       route.type == RTN_BROADCAST;
}

static void echo_reply_seen(struct lc_batch *batch, struct lc_node *node,
			    const struct packet *packet)
{
	struct probe *p = batch_find(batch, packet->serial);
	char text[IP_TEXT_SIZE];

	if (!p || p->from != node || p->state == PROBE_SETTLED)
		return;
	/* Whoever answers from another address did not answer for this one */
	if (!ip_equal(&packet->source, &p->seen->address) &&
	    !ip_is_multicast(&p->seen->address) && !is_broadcast(p)) {
		p->wire_answer = true;
		p->wire_answer_from = packet->source;
		return;
	}
	/* By it the kernel and programs know whose it is */
	if (packet->source_port != echo_identifier(probe_nonce(), p->serial)) {
		p->foreign_identifier = true;
		return;
	}
	probe_answered(batch, p, &packet->source);
	probe_settle(batch, p, LC_REPLY, "echo reply from %s",
		     ip_format(&packet->source, text));
}

/* What came in one packet */
static void take(struct lc_batch *batch, struct watch *w, const uint8_t *bytes,
		 size_t length, const struct sockaddr_storage *from)
{
	struct packet packet = { 0 };
	uint16_t port;

	if (w->family == AF_INET) {
		if (!packet_read(bytes, length, probe_nonce(), &packet))
			return;
	} else {
		echo_read(AF_INET6, bytes, length, probe_nonce(), &packet);
		sockaddr_read(from, &packet.source, &port);
	}
	if (!packet.ours)
		return;
	if (packet.kind == PACKET_ECHO_REQUEST)
		echo_request_seen(batch, w->node, &packet);
	else if (packet.kind == PACKET_ECHO_REPLY)
		echo_reply_seen(batch, w->node, &packet);
}

void echo_receive(struct lc_batch *batch, struct watch *w)
{
	static uint8_t bytes[AT_ONCE][512];
	static struct sockaddr_storage from[AT_ONCE];
	struct mmsghdr messages[AT_ONCE];
	struct iovec io[AT_ONCE];
	int n;

	do {
		for (int i = 0; i < AT_ONCE; i++) {
			io[i] = (struct iovec){ bytes[i], sizeof(*bytes) };
			messages[i].msg_hdr = (struct msghdr){
				.msg_name = &from[i],
				.msg_namelen = sizeof(from[i]),
				.msg_iov = &io[i],
				.msg_iovlen = 1,
			};
		}
		note_room(w);
		n = recvmmsg(w->fd, messages, AT_ONCE, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++)
			take(batch, w, bytes[i], messages[i].msg_len, &from[i]);
	} while (n == AT_ONCE);
}

static void echo_ready(struct lc_batch *batch, struct watch *w,
		       unsigned int events)
{
	struct queued_error e;
	struct probe *p;
	uint32_t serial;

	while ((events & EPOLLERR) &&
	       error_queue_read(w->fd, w->family, &e)) {
		/* What is queued is the ICMP message that we had sent */
		if (!echo_serial(e.data, e.length, probe_nonce(), &serial))
			continue;
		p = batch_find(batch, serial);
		if (p && p->from == w->node)
			probe_error_queued(batch, p, &e);
	}
	echo_receive(batch, w);
}
