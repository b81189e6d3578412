// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cause_target.c - what came in where it was to end, and was not heard
 */
#include <stdio.h>
#include <string.h>
#include <netinet/in.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "lab/address_holder.h"
#include "lab/lab.h"
#include "lab/listeners.h"
#include "postmortem/cause.h"
#include "postmortem/drops.h"
#include "probe/batch/probe.h"
#include "scenario/address.h"

/* Who does listen there, though not for @to */
static void write_elsewhere(int fd, int protocol, const struct lc_ip *to,
			    uint16_t port, char text[96])
{
	struct lc_ip own = { .family = to->family };
	char ip[IP_TEXT_SIZE], own_ip[IP_TEXT_SIZE];
	bool there = false;

	if (to->family == AF_INET)
		own.v4.s_addr = htonl(INADDR_LOOPBACK);
	else
		own.v6 = in6addr_loopback;
	if (listeners_has(fd, protocol, &own, port, &there, NULL) || !there)
		snprintf(text, 96, " at %s", ip_format(to, ip));
	else
		snprintf(text, 96, " at %s, but at %s alone",
			 ip_format(to, ip), ip_format(&own, own_ip));
}

/* Unless somebody does: then what refused it (another's firewall) is not known */
bool cause_nobody_listens(struct inquest *q, struct lc_node *node,
			  const struct lc_ends *asked)
{
	const bool tcp = q->probe->said.protocol == LC_TCP;
	const int protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP;
	struct lc_ends ends = *asked;
	lc_auto(lc_close) int fd = -1;
	bool there = true, elsewhere = true;
	char where[96] = "", ip[IP_TEXT_SIZE], led[96] = "";

	if (drops_led_to(q->drops, node, &ends))
		snprintf(led, sizeof(led), ", where %s port %u is led to",
			 ip_format(&asked->destination, ip),
			 asked->destination_port);
	if (!node_has_address(node, &ends.destination) ||
	    q->probe->said.protocol == LC_ICMP)
		return false;
	fd = node_socket(node, AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG, NULL);
	if (fd < 0 ||
	    listeners_has(fd, protocol, &ends.destination,
			  ends.destination_port, &there, NULL) || there ||
	    listeners_has(fd, protocol, NULL, ends.destination_port, &elsewhere,
			  NULL))
		return false;
	if (elsewhere)
		write_elsewhere(fd, protocol, &ends.destination,
				ends.destination_port, where);
	return cause_is(q, "nobody listens on %s port %u of %s%s%s",
			tcp ? "TCP" : "UDP", ends.destination_port,
			lc_node_name(node), where, led);
}

/* It is told not to hear echo requests */
static bool cause_deaf(struct inquest *q, struct lc_node *node, int family)
{
	const char *key = family == AF_INET ? "ipv4/icmp_echo_ignore_all" :
					      "ipv6/icmp/echo_ignore_all";

	if (setting_of(node, "%s", key) != 1)
		return false;
	return cause_is(q, "%s does not answer echo requests (net.%s is 1)",
			lc_node_name(node),
			family == AF_INET ? "ipv4.icmp_echo_ignore_all" :
					    "ipv6.icmp.echo_ignore_all");
}

static bool may(struct lc_node *node, const char *interface, const char *key)
{
	return setting_of(node, "ipv4/conf/all/%s", key) > 0 ||
	       setting_of(node, "ipv4/conf/%s/%s", interface, key) > 0;
}

bool cause_martian(struct inquest *q, const struct sighting *last)
{
	const char *name = lc_node_name(last->node);
	char ip[IP_TEXT_SIZE];

	if (last->ends.source.family != AF_INET || last->out ||
	    !strcmp(last->interface, "lo"))
		return false;
	if (ip_is_loopback(&last->ends.destination) &&
	    !may(last->node, last->interface, "route_localnet"))
		return cause_is(q, "%s makes its destination into %s, and takes nothing from others there (net.ipv4.conf.%s.route_localnet is 0)",
				name, ip_format(&last->ends.destination, ip),
				last->interface);
	if (!node_has_address(last->node, &last->ends.source) ||
	    ip_is_loopback(&last->ends.source) ||
	    may(last->node, last->interface, "accept_local"))
		return false;
	return cause_is(q, "%s takes nothing that says it comes from %s: it has that address itself",
			name, ip_format(&last->ends.source, ip));
}

/* An address that another has as well may not be used (RFC 4862, 5.4) */
static bool is_duplicate(struct lc_node *node, const struct lc_ip *ip)
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	bool found = false;
	size_t count = 0;

	if (ip->family != AF_INET6 ||
	    lc_node_addresses(node, &list, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		found |= ip_equal(&list[i].ip, ip) &&
			 list[i].flags & IFA_F_DADFAILED;
	return found;
}

bool cause_duplicate(struct inquest *q, struct lc_node *node,
		     const struct lc_ip *ip)
{
	char text[IP_TEXT_SIZE];

	if (!is_duplicate(node, ip))
		return false;
	return cause_is(q, "%s may not use its address %s: it found that another has it (duplicate address detection)",
			lc_node_name(node), ip_format(ip, text));
}

bool cause_no_source(struct inquest *q, struct lc_node *node, int family)
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	size_t count = 0;

	if (family != AF_INET6 || lc_node_addresses(node, &list, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (cause_duplicate(q, node, &list[i].ip))
			return true;
	return false;
}

/* The interface of a node that is to have an address, by its plan */
static const struct plan_interface *planned(const struct lc_node *node,
					    const struct lc_ip *ip)
{
	const struct plan_node *plan = node->plan;

	for (size_t i = 0; i < plan->interface_count; i++)
		for (size_t k = 0; k < plan->interfaces[i].address_count; k++)
			if (ip_equal(&plan->interfaces[i].addresses[k].ip, ip))
				return &plan->interfaces[i];
	return NULL;
}

bool address_gone(struct lc_lab *lab, struct lc_node *only,
		  const struct lc_ip *ip, char text[GONE_TEXT])
{
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];
		const struct plan_interface *of = planned(node, ip);
		char own[IP_TEXT_SIZE];

		if (!of || (only && node != only) || node->netns < 0 ||
		    node_has_address(node, ip))
			continue;
		if (ip->family == AF_INET6 &&
		    setting_of(node, "ipv6/conf/%s/disable_ipv6", of->name) > 0)
			snprintf(text, GONE_TEXT,
				 "IPv6 is off on %s:%s (net.ipv6.conf.%s.disable_ipv6 is 1)",
				 lc_node_name(node), of->name, of->name);
		else
			snprintf(text, GONE_TEXT,
				 "%s:%s was to have %s, and has it not",
				 lc_node_name(node), of->name,
				 ip_format(ip, own));
		return true;
	}
	return false;
}

bool cause_gone(struct inquest *q, const struct sighting *last)
{
	char text[GONE_TEXT];

	return address_gone(q->lab, last->node, &last->ends.destination,
			    text) &&
	       cause_is(q, "%s", text);
}

bool cause_mute(struct inquest *q, const struct sighting *last)
{
	struct lc_node *node = last->node;
	const struct burden back = {
		.ends.source = last->ends.destination,
		.ends.destination = last->ends.source,
		.ends.source_port = last->ends.destination_port,
		.ends.destination_port = last->ends.source_port,
	};

	if (cause_rule_at(q, last) || cause_martian(q, last) ||
	    cause_reverse_path(q, last) ||
	    cause_duplicate(q, node, &last->ends.destination) ||
	    cause_never_left(q, node, &back, true))
		return true;
	return (q->probe->said.protocol == LC_ICMP &&
		cause_deaf(q, node, last->ends.destination.family)) ||
	       cause_filter_in(q, last);
}
