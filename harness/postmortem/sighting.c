// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sighting.c - where a probe was seen, and what of it
 *
 * Put in order (order.c), sightings tell the way that a packet took.  What belongs
 * to the probe is told by its cookie, by the sequence number of its SYN, or by the
 * number of its question; requests from answers by which way round their
 * addresses are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <sys/socket.h>

#include "lab/lab.h"
#include "postmortem/sighting.h"
#include "probe/batch/batch.h"
#include "probe/batch/probe.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/packet/summary.h"
#include "scenario/address.h"

enum {
	ARP_SIZE	= 28,
	ND_SIZE		= 24,		/* of an ICMPv6 header and a target */
	IPV4_SIZE	= 20,
	IPV6_SIZE	= 40,
	VXLAN_SIZE	= 8,
	UDP_SIZE	= 8,
};

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
		if (same_way(&seen->items[i].own, ends))
			return true;
	}
	return !any;
}

/* A question bears its number alone, and so does whatever it is passed on as, and
 * the answers to both (RFC 1035, 4.1.1); @quoted: the packet that an error is about */
static bool is_question(const struct probe *p, const uint8_t *ip,
			size_t length, bool quoted, struct sighting *s)
{
	size_t at = ip[0] >> 4 == 4 ? (ip[0] & 15u) * 4 : IPV6_SIZE;

	if (quoted)
		at += ICMP_ECHO_SIZE + at;
	at += UDP_SIZE;
	if (p->said.protocol != LC_DNS || length < at + 4 ||
	    (uint16_t)(ip[at] << 8 | ip[at + 1]) != p->question_id)
		return false;
	if (!quoted)
		s->kind = ip[at + 2] & 0x80 ? SEEN_REPLY : SEEN_REQUEST;
	return true;
}

static bool is_of_probe(const struct probe *p, const struct packet *k,
			const uint8_t *ip, size_t length, struct sighting *s)
{
	switch (k->kind) {
	case PACKET_ECHO_REQUEST:
	case PACKET_ECHO_REPLY:
		s->kind = k->kind == PACKET_ECHO_REPLY ? SEEN_REPLY :
							 SEEN_REQUEST;
		return k->ours && k->serial == p->serial;
	case PACKET_UDP:
		s->kind = SEEN_REQUEST;
		return (k->ours && k->serial == p->serial) ||
		       is_question(p, ip, length, false, s);
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
		if (k->about == PACKET_TCP)
			return p->left && k->seq == p->sequence;
		return (k->ours && k->serial == p->serial) ||
		       (k->about == PACKET_UDP &&
			is_question(p, ip, length, true, s));
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

/* A packet from its network header on */
static bool network_read(const struct probe *p, const uint8_t *ip,
			 size_t length, uint16_t protocol, struct sighting *s)
{
	struct packet k;

	if (protocol == ETH_P_ARP)
		return arp_read(ip, length, s);
	if (protocol != ETH_P_IP && protocol != ETH_P_IPV6)
		return false;
	if (nd_read(ip, length, s))
		return true;
	if (!packet_read(ip, length, probe_nonce(), &k))
		return false;
	note_header(ip, s);
	s->ends = (struct lc_ends){ k.source, k.destination, k.source_port,
				    k.destination_port };
	return is_of_probe(p, &k, ip, length, s);
}

/* Where in a datagram of a VXLAN the frame begins that it carries; 0: it is none */
static size_t frame_in(const uint8_t *ip, size_t length, uint16_t protocol)
{
	const bool v4 = protocol == ETH_P_IP;
	const size_t at = v4 ? (ip[0] & 15u) * 4 : IPV6_SIZE;

	if ((!v4 && protocol != ETH_P_IPV6) ||
	    length < at + UDP_SIZE + VXLAN_SIZE + ETH_HLEN ||
	    ip[v4 ? 9 : 6] != IPPROTO_UDP ||
	    memcmp(ip + at + UDP_SIZE, "\x08\0\0\0", 4) != 0)
		return 0;
	return at + UDP_SIZE + VXLAN_SIZE;
}

/* The inner packet tells what it is, the outer one where it goes */
static bool carried_read(const struct probe *p, const uint8_t *ip,
			 size_t length, uint16_t protocol, struct sighting *s)
{
	const size_t at = length >= IPV4_SIZE ?
				  frame_in(ip, length, protocol) : 0;
	char inner[SUMMARY_SIZE], from[IP_TEXT_SIZE], to[IP_TEXT_SIZE];
	const uint8_t *frame = ip + at, *vni = frame - 4;
	struct packet k;

	if (!at || !packet_read(ip, length, probe_nonce(), &k) ||
	    !network_read(p, frame + ETH_HLEN, length - at - ETH_HLEN,
			  (uint16_t)(frame[12] << 8 | frame[13]), s))
		return false;
	packet_summary(frame, length - at, 0, inner);
	s->own = s->ends;
	s->carried = true;
	s->vni = (uint32_t)(vni[0] << 16 | vni[1] << 8 | vni[2]);
	note_header(ip, s);
	s->ends = (struct lc_ends){ k.source, k.destination, k.source_port,
				    k.destination_port };
	snprintf(s->summary, sizeof(s->summary), "%.90s in VXLAN %u, %s > %s",
		 inner, s->vni, ip_format(&k.source, from),
		 ip_format(&k.destination, to));
	return true;
}

bool sighting_read(const struct probe *p, const struct arrival *a,
		   struct sighting *s)
{
	bool ethernet = a->length >= ETH_HLEN &&
			a->from.sll_hatype != 65534;	/* ARPHRD_NONE */
	size_t header = ethernet ? ETH_HLEN : 0;
	const uint8_t *ip = a->bytes + header;
	uint16_t protocol = ntohs(a->from.sll_protocol);

	s->has_macs = ethernet;
	if (ethernet) {
		memcpy(s->destination_mac, a->bytes, 6);
		memcpy(s->source_mac, a->bytes + 6, 6);
	}
	s->size = (uint32_t)(a->size - header);
	if (carried_read(p, ip, a->length - header, protocol, s))
		return true;
	packet_summary(ip, a->length - header, protocol, s->summary);
	if (!network_read(p, ip, a->length - header, protocol, s))
		return false;
	s->own = s->ends;
	return true;
}

/* A datagram and its answer bear the same cookie: which is which shows only
 * once they are in order */
void sightings_tell_answers(struct sightings *seen, const struct probe *p)
{
	for (size_t i = 0; i < seen->count; i++) {
		struct sighting *s = &seen->items[i];

		if (p->said.protocol == LC_UDP && s->kind == SEEN_REQUEST &&
		    !is_request(seen, i, &s->own))
			s->kind = SEEN_REPLY;
	}
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
