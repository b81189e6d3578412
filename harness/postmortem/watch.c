// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * watch.c - taps on every interface of a lab, for one probe
 *
 * A packet socket in each namespace sees all of its interfaces.  It lets in what
 * may be of the probe (sieve.c), and is read when that has ended.  Where it had
 * no room for all that it let in, nothing is known: the packet that it has not
 * seen may have been the probe's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <time.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/rtnl.h"
#include "postmortem/order.h"
#include "postmortem/sieve.h"
#include "postmortem/sighting.h"
#include "postmortem/watch.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/protocol/dns.h"
#include "probe/wire/closing.h"

enum {
	PACKETS_MAX	= 65536,	/* of a node that talks without end */
	SIGHTINGS_MAX	= 512,
};

/** struct watch_all - A tap for each node, by its number; -1: none */
struct watch_all {
	struct lc_lab *lab;
	int *fds;
};

bool node_can_be_watched(const struct lc_node *node)
{
	return node->plan->kind != NODE_SHARED && !node->plan->absent &&
	       node->netns >= 0;
}

static int tap_all(struct lc_node *node, const struct sock_fprog *sieve,
		   struct lc_err *err)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
	};
	int fd = node_socket(node, AF_PACKET, SOCK_RAW, 0, err);
	int on = 1, size = 4 << 20;

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, sieve,
		       sizeof(*sieve)) ||
	    bind(fd, (void *)&sll, sizeof(sll))) {
		int code = -errno;

		close(fd);
		return lc_err_set(err, code, "can't watch %s: %s",
				  lc_node_name(node), strerror(-code));
	}
	return fd;
}

struct sieve watch_sieve(const struct lc_probe *said)
{
	uint8_t echo[ICMP_ECHO_SIZE + COOKIE_SIZE];
	const struct cookie any = { .nonce = probe_nonce() };
	struct sieve s = { .protocol = said->protocol };

	echo_build(AF_INET, &any, echo, COOKIE_SIZE);
	memcpy(&s.cookie, echo + ICMP_ECHO_SIZE, sizeof(s.cookie));
	s.cookie = ntohl(s.cookie);
	s.echo = echo[6];
	if (said->protocol == LC_DNS)
		s.question = dns_name_begins(said);
	return s;
}

int watch_all_open(struct lc_lab *lab, const struct sieve *sieve,
		   struct watch_all **ret_watch, struct lc_err *err)
{
	struct sock_filter program[SIEVE_MAX];
	const struct sock_fprog filter = {
		(unsigned short)sieve_build(sieve, program), program,
	};
	struct watch_all *watch = calloc(1, sizeof(*watch));
	int r = 0;

	if (watch)
		watch->fds = calloc(lab->node_count, sizeof(*watch->fds));
	if (!watch || !watch->fds) {
		free(watch);
		return lc_err_set(err, -ENOMEM, "out of memory");
	}
	watch->lab = lab;
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		watch->fds[i] = -1;
		if (r < 0 || !node_can_be_watched(node))
			continue;
		r = probe_node_ready(node, err);
		if (!r)
			r = watch->fds[i] = tap_all(node, &filter, err);
		if (r >= 0)
			node->probe->watchers++;
	}
	if (r < 0) {
		watch_all_free(watch);
		return r;
	}
	*ret_watch = watch;
	return 0;
}

void watch_all_free(struct watch_all *watch)
{
	size_t count = 0;

	if (!watch)
		return;
	for (size_t i = 0; i < watch->lab->node_count; i++)
		if (watch->fds[i] >= 0) {
			watch->lab->nodes[i].probe->watchers--;
			watch->fds[count++] = watch->fds[i];
		}
	packet_sockets_close(watch->fds, count);
	free(watch->fds);
	free(watch);
}

static bool arrival_read(int fd, struct arrival *a)
{
	_Alignas(struct cmsghdr) char control[128];
	struct iovec io = { a->bytes, sizeof(a->bytes) };
	struct msghdr msg = {
		.msg_name = &a->from, .msg_namelen = sizeof(a->from),
		.msg_iov = &io, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct timespec stamp = { 0 };
	ssize_t n;

	do
		n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_TRUNC);
	while (n < 0 && errno == ENETDOWN);
	if (n < 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c;
	     c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SO_TIMESTAMPNS)
			memcpy(&stamp, CMSG_DATA(c), sizeof(stamp));
	a->ns = (uint64_t)stamp.tv_sec * 1000000000 + (uint64_t)stamp.tv_nsec;
	a->size = (size_t)n;
	a->length = a->size < sizeof(a->bytes) ? a->size : sizeof(a->bytes);
	return true;
}

static bool is_again(struct sightings *seen, const struct sighting *s)
{
	for (size_t i = 0; i < seen->count; i++) {
		struct sighting *o = &seen->items[i];

		if (o->node != s->node || o->ifindex != s->ifindex ||
		    o->out != s->out || strcmp(o->summary, s->summary) != 0)
			continue;
		o->rounds += s->ttl < o->ttl;
		return true;
	}
	return false;
}

/* Whether the kernel had no room for all that it was to show */
static bool has_lost(int fd)
{
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);

	return getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) ||
	       stats.tp_drops;
}

/* What a node's tap has read, in its order */
static void take_all(struct lc_node *node, int fd, const struct probe *p,
		     struct sightings *seen)
{
	struct arrival a;
	struct rtnl *rtnl;
	size_t taken = 0;

	while (seen->count < SIGHTINGS_MAX && taken++ < PACKETS_MAX &&
	       arrival_read(fd, &a)) {
		struct sighting s = {
			.ns = a.ns,
			.node = node,
			.ifindex = (uint32_t)a.from.sll_ifindex,
			.out = a.from.sll_pkttype == PACKET_OUTGOING,
			.for_other = a.from.sll_pkttype == PACKET_OTHERHOST,
		};

		if (!sighting_read(p, &a, &s) || is_again(seen, &s))
			continue;
		if (!node_rtnl(node, &rtnl, NULL))
			rtnl_ifname(rtnl, s.ifindex, s.interface);
		seen->items[seen->count++] = s;
	}
	seen->lost |= seen->count == SIGHTINGS_MAX || taken > PACKETS_MAX ||
		      has_lost(fd);
}

int watch_all_collect(struct watch_all *watch, const struct probe *p,
		      struct sightings *ret, struct lc_err *err)
{
	int r;

	*ret = (struct sightings){
		.items = calloc(SIGHTINGS_MAX, sizeof(*ret->items)),
	};
	if (!ret->items)
		return lc_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < watch->lab->node_count; i++)
		if (watch->fds[i] >= 0)
			take_all(&watch->lab->nodes[i], watch->fds[i], p, ret);
	r = sightings_order(ret);
	if (r)
		return lc_err_set(err, r, "out of memory");
	sightings_tell_answers(ret, p);
	return 0;
}

