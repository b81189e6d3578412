// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ipsec.c - policies of IPsec (ip xfrm policy) that let no plain packet pass
 *
 * Of those that a packet matches the kernel takes the one with the lowest priority,
 * and of several such the oldest; it tells the youngest first.  Ports of ICMP are
 * its type and code there: a policy that looks at them is not understood, nor is
 * one that looks at a mark or at an interface of IPsec.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/xfrm.h>

#include <labcheck/auto.h>
#include <labcheck/lab.h>

#include "lab/dump.h"
#include "lab/ipsec.h"
#include "lab/lab.h"
#include "lab/netlink_dump.h"
#include "scenario/address.h"

enum { PROTOCOLS_MAX = 4 };

/** struct policy - As the kernel tells it; @count of @protocols are wanted */
struct policy {
	struct xfrm_userpolicy_info info;
	uint8_t protocols[PROTOCOLS_MAX];
	size_t count;
	bool not_understood;
};

static void read_templates(const struct nlattr *attr, struct policy *p)
{
	const struct xfrm_user_tmpl *t = mnl_attr_get_payload(attr);
	const size_t count = mnl_attr_get_payload_len(attr) / sizeof(*t);

	for (size_t i = 0; i < count && p->count < PROTOCOLS_MAX; i++)
		if (!t[i].optional)
			p->protocols[p->count++] = t[i].id.proto;
}

static int read_policy(const struct nlmsghdr *h, struct dump *dump)
{
	const struct nlattr *attr;
	struct policy *p;

	if (mnl_nlmsg_get_payload_len(h) < sizeof(p->info))
		return 0;
	p = dump_item(dump);
	if (!p)
		return -ENOMEM;
	memcpy(&p->info, mnl_nlmsg_get_payload(h), sizeof(p->info));
	mnl_attr_for_each(attr, h, sizeof(p->info)) {
		switch (mnl_attr_get_type(attr)) {
		case XFRMA_TMPL:
			read_templates(attr, p);
			break;
		case XFRMA_MARK:
		case XFRMA_IF_ID:
			p->not_understood = true;
			break;
		}
	}
	return 0;
}

/* What the kernel makes room for when it asks for keys has no number yet */
static int read_state(const struct nlmsghdr *h, struct dump *dump)
{
	const struct xfrm_usersa_info *sa = mnl_nlmsg_get_payload(h);

	if (mnl_nlmsg_get_payload_len(h) < sizeof(*sa) || !sa->id.spi)
		return 0;
	return dump_item(dump) ? 0 : -ENOMEM;
}

static int ask(struct lc_node *node, uint16_t type, struct dump *dump)
{
	char bytes[NLMSG_SPACE(0)] = { 0 };
	struct nlmsghdr *h = mnl_nlmsg_put_header(bytes);

	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	return netlink_dump(node, NETLINK_XFRM, h, dump);
}

static bool has_keys(struct lc_node *node)
{
	struct dump dump = { .size = 1, .parse = read_state };
	const int r = ask(node, XFRM_MSG_GETSA, &dump);

	free(dump.items);
	return r < 0 || dump.count;
}

static struct lc_ip address_of(const xfrm_address_t *a, int family)
{
	struct lc_ip ip = { .family = family };

	memcpy(ip.bytes, a, family == AF_INET ? 4 : 16);
	return ip;
}

static bool is_port(uint16_t port, uint16_t wanted, uint16_t mask)
{
	return !((htons(port) ^ wanted) & mask);
}

static bool matches(const struct policy *p, const struct lc_ends *ends,
		    uint8_t protocol)
{
	const struct xfrm_selector *sel = &p->info.sel;
	const int family = ends->destination.family;
	const struct lc_ip to = address_of(&sel->daddr, family);
	const struct lc_ip from = address_of(&sel->saddr, family);
	const bool ports = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;

	if (p->not_understood || sel->family != family || sel->ifindex ||
	    (sel->proto && sel->proto != protocol) ||
	    !prefix_contains(&to, sel->prefixlen_d, &ends->destination) ||
	    !prefix_contains(&from, sel->prefixlen_s, &ends->source))
		return false;
	if (!ports)
		return !sel->sport_mask && !sel->dport_mask;
	return is_port(ends->destination_port, sel->dport, sel->dport_mask) &&
	       is_port(ends->source_port, sel->sport, sel->sport_mask);
}

static const char *protocol_word(uint8_t protocol, char number[8])
{
	switch (protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_ICMPV6:
		return "ipv6-icmp";
	case IPPROTO_ESP:
		return "esp";
	case IPPROTO_AH:
		return "ah";
	case IPPROTO_COMP:
		return "comp";
	}
	snprintf(number, 8, "%u", protocol);
	return number;
}

/* As ip(8) has it */
static void write_policy(FILE *out, const struct policy *p)
{
	static const char *const ways[] = { "in", "out", "fwd" };
	const struct xfrm_selector *sel = &p->info.sel;
	const struct lc_ip from = address_of(&sel->saddr, sel->family);
	const struct lc_ip to = address_of(&sel->daddr, sel->family);
	char ip[IP_TEXT_SIZE], number[8];

	fprintf(out, "src %s/%u", ip_format(&from, ip), sel->prefixlen_s);
	fprintf(out, " dst %s/%u", ip_format(&to, ip), sel->prefixlen_d);
	if (sel->proto)
		fprintf(out, " proto %s", protocol_word(sel->proto, number));
	if (sel->sport_mask)
		fprintf(out, " sport %u", ntohs(sel->sport));
	if (sel->dport_mask)
		fprintf(out, " dport %u", ntohs(sel->dport));
	if (p->info.dir < sizeof(ways) / sizeof(*ways))
		fprintf(out, " dir %s", ways[p->info.dir]);
	if (p->info.action == XFRM_POLICY_BLOCK)
		fputs(" action block", out);
	for (size_t i = 0; i < p->count; i++)
		fprintf(out, " tmpl proto %s",
			protocol_word(p->protocols[i], number));
}

/* Whether what no policy is about is forbidden: Linux 5.15 */
static bool blocks_others(struct lc_node *node, enum ipsec_way way)
{
	char bytes[512] = { 0 };
	struct nlmsghdr *h = mnl_nlmsg_put_header(bytes);
	const struct xfrm_userpolicy_default *d =
		mnl_nlmsg_put_extra_header(h, sizeof(*d));
	lc_auto(lc_close) int fd = node_socket(node, AF_NETLINK, SOCK_RAW,
					       NETLINK_XFRM, NULL);
	ssize_t n;

	h->nlmsg_type = XFRM_MSG_GETDEFAULT;
	h->nlmsg_flags = NLM_F_REQUEST;
	if (fd < 0 || send(fd, h, h->nlmsg_len, 0) < 0)
		return false;
	n = recv(fd, bytes, sizeof(bytes), 0);
	if (n < (ssize_t)NLMSG_SPACE(sizeof(*d)) ||
	    h->nlmsg_type != XFRM_MSG_GETDEFAULT)
		return false;
	return (way == IPSEC_IN	 ? d->in :
		way == IPSEC_OUT ? d->out : d->fwd) == XFRM_USERPOLICY_BLOCK;
}

static const struct policy *deciding(const struct dump *dump,
				     enum ipsec_way way,
				     const struct lc_ends *ends,
				     uint8_t protocol)
{
	const struct policy *list = dump->items, *best = NULL;

	for (size_t i = 0; i < dump->count; i++)
		if (list[i].info.dir == (uint8_t)way &&
		    (!best || list[i].info.priority <= best->info.priority) &&
		    matches(&list[i], ends, protocol))
			best = &list[i];
	return best;
}

static bool decide(struct lc_node *node, enum ipsec_way way,
		   const struct policy *p, struct ipsec_policy *ret)
{
	FILE *out;

	*ret = (struct ipsec_policy){
		.blocks = !p || p->info.action == XFRM_POLICY_BLOCK,
	};
	if (!p)
		return blocks_others(node, way);
	if (!ret->blocks && !p->count)
		return false;
	out = fmemopen(ret->text, sizeof(ret->text), "w");
	if (!out)
		return false;
	write_policy(out, p);
	fclose(out);
	ret->keyed = !ret->blocks && has_keys(node);
	return true;
}

bool node_ipsec_policy(struct lc_node *node, enum ipsec_way way,
		       const struct lc_ends *said, uint8_t protocol,
		       struct ipsec_policy *ret)
{
	struct dump dump = { .size = sizeof(struct policy),
			     .parse = read_policy };
	struct lc_ends ends = *said;
	struct lc_route route;
	bool decides;

	if (!ends.source.family &&
	    !lc_node_lookup(node, &ends.destination, NULL, &route, NULL))
		ends.source = route.source;
	decides = ends.source.family == ends.destination.family &&
		  !ask(node, XFRM_MSG_GETPOLICY, &dump) &&
		  decide(node, way, deciding(&dump, way, &ends, protocol), ret);
	free(dump.items);
	return decides;
}
