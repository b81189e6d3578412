// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * legacy_words.c - what a rule of iptables-legacy says, and whether of a packet
 */
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>

/* Its interface names need IFNAMSIZ, and <net/if.h> and <linux/if.h> clash */
#include <net/if.h>
#define _LINUX_IF_H
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>

#include "postmortem/legacy_table.h"
#include "scenario/address.h"

/** struct ports - What a `-m tcp` or `-m udp` says; @more: and what else it does */
struct ports {
	const uint16_t *source, *destination;
	bool not_source, not_destination, more;
};

static bool is_any(const uint16_t range[2])
{
	return range[0] == 0 && range[1] == 0xffff;
}

static bool ports_of(const struct xt_entry_match *m, struct ports *ret)
{
	if (!strcmp(m->u.user.name, "tcp")) {
		const struct xt_tcp *tcp = (const void *)m->data;

		*ret = (struct ports){
			tcp->spts, tcp->dpts,
			tcp->invflags & XT_TCP_INV_SRCPT,
			tcp->invflags & XT_TCP_INV_DSTPT,
			tcp->flg_mask || tcp->option,
		};
		return true;
	}
	if (!strcmp(m->u.user.name, "udp")) {
		const struct xt_udp *udp = (const void *)m->data;

		*ret = (struct ports){
			udp->spts, udp->dpts,
			udp->invflags & XT_UDP_INV_SRCPT,
			udp->invflags & XT_UDP_INV_DSTPT, false,
		};
		return true;
	}
	return false;
}

/* The first one, and the one behind another; NULL: no more */
static const struct xt_entry_match *match_next(const struct legacy_entry *e,
					       const struct xt_entry_match *m)
{
	const char *end = (const char *)e->matches + e->matches_size;
	const char *at = m ? (const char *)m + m->u.match_size :
			     (const char *)e->matches;

	if (at + sizeof(*m) > end)
		return NULL;
	m = (const void *)at;
	return m->u.match_size < sizeof(*m) || at + m->u.match_size > end ?
		       NULL :
		       m;
}

static bool within(const struct lc_ip *ip, const struct lc_ip *of,
		   const struct lc_ip *mask, bool is_not)
{
	const size_t size = of->family == AF_INET ? 4 : 16;
	bool same = true;

	for (size_t i = 0; i < size; i++)
		same &= (ip->bytes[i] & mask->bytes[i]) == of->bytes[i];
	return same != is_not;
}

static bool in_range(uint16_t port, const uint16_t range[2], bool is_not)
{
	return !port || (port >= range[0] && port <= range[1]) != is_not;
}

bool legacy_matches(const struct legacy_entry *e, const struct lc_ends *ends,
		    uint8_t protocol)
{
	struct ports ports;

	if (ends->destination.family != e->destination.family ||
	    (e->protocol && (e->protocol == protocol) ==
				    !!(e->inverted & IPT_INV_PROTO)) ||
	    (ends->source.family &&
	     !within(&ends->source, &e->source, &e->source_mask,
		     e->inverted & IPT_INV_SRCIP)) ||
	    !within(&ends->destination, &e->destination, &e->destination_mask,
		    e->inverted & IPT_INV_DSTIP))
		return false;
	for (const struct xt_entry_match *m = match_next(e, NULL); m;
	     m = match_next(e, m))
		if (ports_of(m, &ports) &&
		    (!in_range(ends->source_port, ports.source,
			       ports.not_source) ||
		     !in_range(ends->destination_port, ports.destination,
			       ports.not_destination)))
			return false;
	return true;
}

static void write_prefix(FILE *out, const char *option, const struct lc_ip *ip,
			 const struct lc_ip *mask, bool is_not)
{
	char text[IP_TEXT_SIZE];
	int length = 0;

	for (size_t i = 0; i < sizeof(mask->bytes); i++)
		length += __builtin_popcount(mask->bytes[i]);
	if (length)
		fprintf(out, "%s%s %s/%d ", is_not ? "! " : "", option,
			ip_format(ip, text), length);
}

static void write_interface(FILE *out, const char *option, const char *name,
			    bool is_not)
{
	if (*name)
		fprintf(out, "%s%s %s ", is_not ? "! " : "", option, name);
}

static void write_protocol(FILE *out, uint16_t number, bool is_not)
{
	const char *const name = number == IPPROTO_TCP	  ? "tcp" :
				 number == IPPROTO_UDP	  ? "udp" :
				 number == IPPROTO_ICMP	  ? "icmp" :
				 number == IPPROTO_ICMPV6 ? "ipv6-icmp" :
							    NULL;

	if (!number)
		return;
	fprintf(out, "%s-p ", is_not ? "! " : "");
	if (name)
		fprintf(out, "%s ", name);
	else
		fprintf(out, "%u ", number);
}

static void write_range(FILE *out, const char *option, const uint16_t range[2],
			bool is_not)
{
	if (is_any(range))
		return;
	fprintf(out, "%s%s %u", is_not ? "! " : "", option, range[0]);
	if (range[1] != range[0])
		fprintf(out, ":%u", range[1]);
	fputc(' ', out);
}

static void write_match(FILE *out, const struct xt_entry_match *m)
{
	struct ports ports;

	fprintf(out, "-m %.29s ", m->u.user.name);
	if (!ports_of(m, &ports)) {
		fputs("... ", out);
		return;
	}
	write_range(out, "--sport", ports.source, ports.not_source);
	write_range(out, "--dport", ports.destination, ports.not_destination);
	if (ports.more)
		fputs("... ", out);
}

void legacy_write(FILE *out, const struct legacy_entry *e)
{
	const char *name = e->target->u.user.name;

	write_prefix(out, "-s", &e->source, &e->source_mask,
		     e->inverted & IPT_INV_SRCIP);
	write_prefix(out, "-d", &e->destination, &e->destination_mask,
		     e->inverted & IPT_INV_DSTIP);
	write_interface(out, "-i", e->in, e->inverted & IPT_INV_VIA_IN);
	write_interface(out, "-o", e->out, e->inverted & IPT_INV_VIA_OUT);
	write_protocol(out, e->protocol, e->inverted & IPT_INV_PROTO);
	for (const struct xt_entry_match *m = match_next(e, NULL); m;
	     m = match_next(e, m))
		write_match(out, m);
	fprintf(out, "-j %s", *name ? name : "DROP");
}
