// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * next_hop.c - whether somebody answers on a link
 *
 * Whom a sender may reach or not is asked for in the same way as whom it must: a
 * filter of IP lets ARP through, and an isolated port has its way to the gateway.
 * So the next hop is asked for first, which may be the target itself, then the
 * gateways, and then those that the sender has come to know: an overlay has no
 * gateway.  All are asked past the node's own tables (inquiry.c).
 */
#include <net/if.h>
#include <linux/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "probe/batch/batch.h"
#include "probe/control/await.h"
#include "probe/control/next_hop.h"
#include "probe/wire/mark.h"
#include "scenario/address.h"

/* Who is not there is waited for */
enum { ACQUAINTANCES_MAX = 4 };

/** struct inquirer - Who asks for whom, and by which interface */
struct inquirer {
	struct lc_node *node;
	const struct lc_link *link;
	struct lc_ip ip;
};

static void ask(const void *what)
{
	const struct inquirer *q = what;

	inquiry_send(q->node, q->link->ifindex, q->link->mac, &q->ip);
}

static bool is_answered(const struct lc_batch *b)
{
	return b->inquiry.answered;
}

const char *inquiry_name(const struct lc_ip *ip)
{
	return ip->family == AF_INET ? "ARP" : "neighbour discovery";
}

static bool answers(struct lc_batch *b, struct lc_node *node,
		    const struct lc_link *link, const struct lc_ip *ip,
		    char *text)
{
	struct inquirer inquirer = { node, link, *ip };
	char who[IP_TEXT_SIZE];
	bool answered;

	b->inquiry = (struct awaited_answer){ *ip, node, link->ifindex, false };
	answered = control_await(b, is_answered, ask, &inquirer);
	snprintf(text, CONTROL_TEXT, "%s %s %.24s's %s on %s",
		 ip_format(ip, who), answered ? "answered" : "does not answer",
		 lc_node_name(node), inquiry_name(ip), link->name);
	return answered;
}

static bool gateway_answers(struct lc_batch *b, struct lc_node *node,
			    const struct lc_link *link,
			    const struct lc_ip *hop, char *text)
{
	lc_auto(lc_free) struct lc_route *routes = NULL;
	size_t count = 0;

	if (lc_node_routes(node, &routes, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (routes[i].ifindex == link->ifindex && !routes[i].length &&
		    routes[i].via.family == hop->family &&
		    !ip_equal(&routes[i].via, hop) &&
		    answers(b, node, link, &routes[i].via, text))
			return true;
	return false;
}

static bool acquaintance_answers(struct lc_batch *b, struct lc_node *node,
				 const struct lc_link *link,
				 const struct lc_ip *hop, char *text)
{
	lc_auto(lc_free) struct lc_neighbour *list = NULL;
	size_t count = 0, asked = 0;

	if (lc_node_neighbours(node, &list, &count, NULL))
		return false;
	for (size_t i = 0; i < count && asked < ACQUAINTANCES_MAX; i++) {
		if (list[i].ifindex != link->ifindex || !list[i].has_mac ||
		    list[i].ip.family != hop->family ||
		    ip_is_multicast(&list[i].ip) || ip_equal(&list[i].ip, hop))
			continue;
		if (answers(b, node, link, &list[i].ip, text))
			return true;
		asked++;
	}
	return false;
}

bool next_hop_answers(struct lc_batch *b, struct lc_node *node,
		      const struct lc_link *link, const struct lc_ip *hop,
		      char text[static CONTROL_TEXT])
{
	static const uint8_t none[6];

	if ((link->flags & IFF_NOARP) || !memcmp(link->mac, none, 6)) {
		snprintf(text, CONTROL_TEXT,
			 "nobody could be asked on %s, which knows no neighbours",
			 link->name);
		return false;
	}
	snprintf(text, CONTROL_TEXT, "there is nobody to be asked on %s",
		 link->name);
	return (!ip_is_multicast(hop) && answers(b, node, link, hop, text)) ||
	       gateway_answers(b, node, link, hop, text) ||
	       acquaintance_answers(b, node, link, hop, text);
}
