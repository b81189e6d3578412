// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sighting.c - where a probe was seen, and what of it
 *
 * A packet socket in each namespace of the lab sees all of its interfaces: put
 * in order (order.c), they tell the way that a packet took.  What belongs to the
 * probe is told by its cookie, or by the sequence number of its SYN; requests
 * from answers by which way round their addresses are.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/icmp6.h>
#include <sys/socket.h>
#include <time.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/rtnl.h"
#include "postmortem/order.h"
#include "postmortem/sighting.h"
#include "probe/batch.h"
#include "scenario/address.h"

enum {
	SNAP		= 256,
	PACKETS_MAX	= 65536,	/* of a node that talks without end */
	SIGHTINGS_MAX	= 512,
	ARP_SIZE	= 28,
	ND_SIZE		= 24,		/* of an ICMPv6 header and a target */
};

struct watch_all {
	struct lc_lab *lab;
	int *fds;			/* by the node's number; -1: none */
};

static int tap_all(struct lc_node *node, struct lc_err *err)
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
	if (bind(fd, (void *)&sll, sizeof(sll))) {
		int code = -errno;

		close(fd);
		return lc_err_set(err, code, "can't watch %s: %s",
				  lc_node_name(node), strerror(-code));
	}
	return fd;
}

int watch_all_open(struct lc_lab *lab, struct watch_all **ret_watch,
		   struct lc_err *err)
{
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
		if (r < 0 || node->plan->kind == NODE_SHARED ||
		    node->plan->absent || node->netns < 0)
			continue;
		r = probe_node_ready(node, err);
		if (!r)
			r = watch->fds[i] = tap_all(node, err);
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

/** struct arrival - A packet as it comes out of a tap */
struct arrival {
	uint64_t ns;
	struct sockaddr_ll from;
	uint8_t bytes[SNAP];
	size_t length, size;		/* what is read of it, its own */
};

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
	a->length = a->size < SNAP ? a->size : SNAP;
	return true;
}

/* The addresses in an ARP packet: who says it, and about whom */
static bool arp_read(const uint8_t *arp, size_t length, struct sighting *s)
{
	if (length < ARP_SIZE || arp[2] != 0x08 || arp[3] != 0x00)
		return false;
	s->kind = arp[7] == 1 ? SEEN_QUESTION : SEEN_ANSWER;
	s->ends.source.family = s->ends.destination.family = AF_INET;
	memcpy(s->ends.source.bytes, arp + 14, 4);
	memcpy(s->ends.destination.bytes, arp + 24, 4);
	return true;
}

/* Neighbour discovery (RFC 4861, 4.3, 4.4): the same, for IPv6 */
static bool nd_read(const uint8_t *ip, size_t length, struct sighting *s)
{
	const uint8_t *icmp = ip + 40;

	if (length < 40 + ND_SIZE || ip[0] >> 4 != 6 ||
	    ip[6] != IPPROTO_ICMPV6 ||
	    (icmp[0] != ND_NEIGHBOR_SOLICIT && icmp[0] != ND_NEIGHBOR_ADVERT))
		return false;
	s->ends.source.family = s->ends.destination.family = AF_INET6;
	memcpy(s->ends.source.bytes, ip + 8, 16);
	if (icmp[0] == ND_NEIGHBOR_SOLICIT) {
		s->kind = SEEN_QUESTION;
		memcpy(s->ends.destination.bytes, icmp + 8, 16);
	} else {
		s->kind = SEEN_ANSWER;
		memcpy(s->ends.source.bytes, icmp + 8, 16);
		memcpy(s->ends.destination.bytes, ip + 24, 16);
	}
	return true;
}

static bool same_way(const struct lc_ends *a, const struct lc_ends *b)
{
	return (ip_equal(&a->source, &b->source) &&
		a->source_port == b->source_port) ||
	       (ip_equal(&a->destination, &b->destination) &&
		a->destination_port == b->destination_port);
}

/* Which way round: NAT changes one end at a time, so what shares an end with a
 * request is one */
static bool is_request(const struct sightings *seen, size_t before,
		       const struct lc_ends *ends)
{
	bool any = false;

	for (size_t i = 0; i < before; i++) {
		if (seen->items[i].kind != SEEN_REQUEST)
			continue;
		any = true;
		if (same_way(&seen->items[i].ends, ends))
			return true;
	}
	return !any;
}

static bool is_of_probe(const struct probe *p, const struct packet *k,
			struct sighting *s)
{
	switch (k->kind) {
	case PACKET_ECHO_REQUEST:
	case PACKET_ECHO_REPLY:
		s->kind = k->kind == PACKET_ECHO_REPLY ? SEEN_REPLY :
							 SEEN_REQUEST;
		return k->ours && k->serial == p->serial;
	case PACKET_UDP:
		s->kind = SEEN_REQUEST;
		return k->ours && k->serial == p->serial;
	case PACKET_TCP:
		if (k->syn && !k->has_ack) {
			s->kind = SEEN_REQUEST;
			return p->left && k->seq == p->sequence;
		}
		s->kind = SEEN_REPLY;
		return p->left && k->has_ack && k->ack == p->sequence + 1 &&
		       (k->syn || k->reset);
	case PACKET_ICMP_ERROR:
		s->kind = SEEN_ERROR;
		return k->about == PACKET_TCP ? p->left && k->seq == p->sequence :
						k->ours &&
							k->serial == p->serial;
	case PACKET_FRAGMENT:
	case PACKET_OTHER:
		return false;
	}
	return false;
}

static void note_header(const uint8_t *ip, struct sighting *s)
{
	bool v4 = ip[0] >> 4 == 4;

	s->ttl = v4 ? ip[8] : ip[7];
	s->df = !v4 || ip[6] & 0x40;
}

static bool sighting_read(const struct probe *p, const struct arrival *a,
			  struct sighting *s)
{
	bool ethernet = a->length >= ETH_HLEN &&
			a->from.sll_hatype != 65534;	/* ARPHRD_NONE */
	size_t header = ethernet ? ETH_HLEN : 0;
	const uint8_t *ip = a->bytes + header;
	uint16_t protocol = ntohs(a->from.sll_protocol);
	struct packet k;

	s->has_macs = ethernet;
	if (ethernet) {
		memcpy(s->destination_mac, a->bytes, 6);
		memcpy(s->source_mac, a->bytes + 6, 6);
	}
	s->size = (uint32_t)(a->size - header);
	packet_summary(ip, a->length - header, protocol, s->summary);
	if (protocol == ETH_P_ARP)
		return arp_read(ip, a->length - header, s);
	if (protocol != ETH_P_IP && protocol != ETH_P_IPV6)
		return false;
	if (nd_read(ip, a->length - header, s))
		return true;
	if (!packet_read(ip, a->length - header, probe_nonce(), &k))
		return false;
	note_header(ip, s);
	s->ends = (struct lc_ends){ k.source, k.destination, k.source_port,
				    k.destination_port };
	return is_of_probe(p, &k, s);
}

static bool is_again(const struct sightings *seen, const struct sighting *s)
{
	for (size_t i = 0; i < seen->count; i++) {
		const struct sighting *o = &seen->items[i];

		if (o->node == s->node && o->ifindex == s->ifindex &&
		    o->out == s->out && !strcmp(o->summary, s->summary))
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

/* A datagram and its answer bear the same cookie: which is which shows only
 * once they are in order */
static void tell_answers(const struct probe *p, struct sightings *seen)
{
	for (size_t i = 0; i < seen->count; i++) {
		struct sighting *s = &seen->items[i];

		if (p->said.protocol == LC_UDP && s->kind == SEEN_REQUEST &&
		    !is_request(seen, i, &s->ends))
			s->kind = SEEN_REPLY;
	}
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
	tell_answers(p, ret);
	return 0;
}

void sightings_done(struct sightings *s)
{
	free(s->items);
	*s = (struct sightings){ 0 };
}

const struct sighting *sightings_last(const struct sightings *s,
				      enum sighting_kind kind)
{
	for (size_t i = s->count; i-- > 0;)
		if (s->items[i].kind == kind)
			return &s->items[i];
	return NULL;
}

const struct sighting *sightings_first(const struct sightings *s,
				       enum sighting_kind kind)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->items[i].kind == kind)
			return &s->items[i];
	return NULL;
}

const struct sighting *sightings_at(const struct sightings *s,
				    enum sighting_kind kind,
				    const struct lc_node *node,
				    uint32_t ifindex, int out)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct sighting *o = &s->items[i];

		if (o->kind == kind && o->node == node &&
		    (!ifindex || o->ifindex == ifindex) &&
		    (out < 0 || o->out == out))
			return o;
	}
	return NULL;
}
