// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sysctls.c - settings of nodes: labcheck's own values, forwarding, the node's
 *
 * A verdict must not hang on the machine's settings, and a new network
 * namespace inherits many of IPv4's from the first one.  So every node gets
 * what verdicts depend on, at the kernel's own defaults but for what the table
 * says.  The builder writes those alone that differ from what it finds.
 *
 * Most nodes have the same list, and all of a `count` have: it is made once.
 */
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"

struct baseline {
	const char *key;
	const char *value;
};

/* clang-format off */
static const struct baseline baseline_ipv4[] = {
	/* Inherited.  Before the others: it resets accept_redirects */
	{ "net/ipv4/ip_forward", "0" },
	/* Inherited, and 1 or 2 on most distributions: replies that come back
	 * another way would be dropped.  The kernel's own default is 0 */
	{ "net/ipv4/conf/all/rp_filter", "0" },
	{ "net/ipv4/conf/default/rp_filter", "0" },
	/* Inherited: who answers ARP for which address, and asks as whom */
	{ "net/ipv4/conf/all/arp_ignore", "0" },
	{ "net/ipv4/conf/default/arp_ignore", "0" },
	{ "net/ipv4/conf/all/arp_announce", "0" },
	{ "net/ipv4/conf/default/arp_announce", "0" },
	{ "net/ipv4/conf/all/arp_filter", "0" },
	{ "net/ipv4/conf/default/arp_filter", "0" },
	{ "net/ipv4/conf/all/arp_accept", "0" },
	{ "net/ipv4/conf/default/arp_accept", "0" },
	{ "net/ipv4/conf/all/arp_notify", "0" },
	{ "net/ipv4/conf/default/arp_notify", "0" },
	{ "net/ipv4/conf/all/proxy_arp", "0" },
	{ "net/ipv4/conf/default/proxy_arp", "0" },
	/* Inherited.  A router tells of a shorter way, and hosts take it: the
	 * kernel's defaults, which hardened machines turn off */
	{ "net/ipv4/conf/all/send_redirects", "1" },
	{ "net/ipv4/conf/default/send_redirects", "1" },
	{ "net/ipv4/conf/all/accept_redirects", "1" },
	{ "net/ipv4/conf/default/accept_redirects", "1" },
	{ "net/ipv4/conf/all/secure_redirects", "1" },
	{ "net/ipv4/conf/default/secure_redirects", "1" },
	/* Inherited: which packets with odd addresses are dropped */
	{ "net/ipv4/conf/all/accept_local", "0" },
	{ "net/ipv4/conf/default/accept_local", "0" },
	{ "net/ipv4/conf/all/route_localnet", "0" },
	{ "net/ipv4/conf/default/route_localnet", "0" },
	{ "net/ipv4/conf/all/accept_source_route", "0" },
	{ "net/ipv4/conf/default/accept_source_route", "1" },
	{ "net/ipv4/conf/all/src_valid_mark", "0" },
	{ "net/ipv4/conf/default/src_valid_mark", "0" },
	/* Inherited: routes over a cable that is out stay, as `linkdown` */
	{ "net/ipv4/conf/all/ignore_routes_with_linkdown", "0" },
	{ "net/ipv4/conf/default/ignore_routes_with_linkdown", "0" },
	/* Inherited: what becomes of a subnet's other addresses when its first
	 * one goes */
	{ "net/ipv4/conf/all/promote_secondaries", "0" },
	{ "net/ipv4/conf/default/promote_secondaries", "0" },
	/* Not the kernel's default (6168): no type of ICMP error counts against
	 * a budget, neither that of its receiver nor the one of all.  Of
	 * twenty probes refused at once, six would else be told so */
	{ "net/ipv4/icmp_ratemask", "0" },
	{ "net/ipv4/icmp_echo_ignore_all", "0" },
	{ "net/ipv4/ip_default_ttl", "64" },
	{ "net/ipv4/ip_unprivileged_port_start", "1024" },
};

/* Not every kernel has these, nor in every namespace */
static const struct baseline baseline_optional[] = {
	/* Bridged packets go through the rules of IP, as wherever Docker runs:
	 * the kernel's default once br_netfilter is there */
	{ "net/bridge/bridge-nf-call-iptables", "1" },
	{ "net/bridge/bridge-nf-call-ip6tables", "1" },
	{ "net/bridge/bridge-nf-call-arptables", "1" },
};

/* Of nodes with an IPv6 address.  None of it is inherited, unless the machine
 * says so (net.core.devconf_inherit_init_net) */
static const struct baseline baseline_ipv6[] = {
	{ "net/ipv6/conf/all/disable_ipv6", "0" },
	{ "net/ipv6/conf/default/disable_ipv6", "0" },
	{ "net/ipv6/conf/all/forwarding", "0" },
	{ "net/ipv6/conf/default/forwarding", "0" },
	{ "net/ipv6/conf/all/accept_redirects", "1" },
	{ "net/ipv6/conf/default/accept_redirects", "1" },
	/* Not the kernel's default (default/ is 1): a link-local address can
	 * be used at once, as those of the plan can (nodad).  The second in
	 * which others are asked whether they have it shows nothing but itself */
	{ "net/ipv6/conf/all/accept_dad", "0" },
	{ "net/ipv6/conf/default/accept_dad", "0" },
	/* Not the kernel's default (0-1,3-127): a type that does not exist */
	{ "net/ipv6/icmp/ratemask", "0" },
};
/* clang-format on */

/** struct list - Settings that grow */
struct list {
	struct arena *arena;
	struct plan_sysctl *items;
	size_t count;
};

static void list_add(struct list *list, struct lc_at at, const char *key,
		     const char *value, bool optional)
{
	list->items = arena_grow(list->arena, list->items, list->count,
				 sizeof(*list->items));
	list->items[list->count++] = (struct plan_sysctl){
		.at = at, .key = key, .value = value, .optional = optional,
	};
}

static void baseline_add(struct list *list, const struct baseline *values,
			 size_t count, bool optional)
{
	const struct lc_at nowhere = { 0 };
	size_t i;

	for (i = 0; i < count; i++)
		list_add(list, nowhere, values[i].key, values[i].value,
			 optional);
}

#define BASELINE(list, values, optional)				\
	baseline_add(list, values, sizeof(values) / sizeof(*(values)), optional)

static struct list baseline_make(struct arena *arena, bool ipv6)
{
	struct list list = { .arena = arena };

	BASELINE(&list, baseline_ipv4, false);
	BASELINE(&list, baseline_optional, true);
	if (ipv6)
		BASELINE(&list, baseline_ipv6, true);
	return list;
}

/* Dots and slashes change places if a dot comes first, as for sysctl(8): so
 * net.ipv4.conf.eth0/1.mtu and net/ipv4/conf/eth0.1/mtu are one */
static const char *key_read(struct arena *arena, const char *text,
			    size_t length)
{
	char *key = arena_alloc(arena, length + 1);
	const char *separator;
	char *p;

	memcpy(key, text, length);
	separator = strpbrk(key, "./");
	if (!separator || *separator == '/')
		return key;
	for (p = key; *p; p++) {
		if (*p == '.')
			*p = '/';
		else if (*p == '/')
			*p = '.';
	}
	return key;
}

static const char *text_trim(struct arena *arena, const char *text)
{
	size_t length;
	char *copy;

	text += strspn(text, " \t");
	copy = arena_strdup(arena, text);
	length = strlen(copy);
	while (length && strchr(" \t", copy[length - 1]))
		copy[--length] = '\0';
	return copy;
}

/* Never a file outside of /proc/sys/net */
static bool key_is_safe(const char *key)
{
	const char *p;

	if (strncmp(key, "net/", 4) != 0 || key[strlen(key) - 1] == '/')
		return false;
	for (p = key; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (!*p || *p == '/' || !strncmp(p, "./", 2) ||
		    !strncmp(p, "../", 3) || !strcmp(p, ".") ||
		    !strcmp(p, ".."))
			return false;
	}
	return true;
}

static void said_add(struct expansion *e, uint32_t node, struct list *list,
		     const struct lc_value *said)
{
	const char *text = said->text;
	const char *equals = text ? strchr(text, '=') : NULL;
	const char *key;
	size_t length;

	if (!equals)
		return;
	for (length = (size_t)(equals - text);
	     length && strchr(" \t", text[length - 1]);)
		length--;
	key = key_read(e->arena, text, length);
	if (!key_is_safe(key)) {
		node_problem(e, node, said->at,
			     "'%.60s': a node's own settings are below net.",
			     text);
		return;
	}
	list_add(list, said->at, key, text_trim(e->arena, equals + 1), false);
}

static bool is_forwarding(const struct making *made)
{
	return made->forward || (made->said && made->said->forward->flag);
}

static bool has_own(const struct making *made)
{
	return is_forwarding(made) || (made->said && made->said->sysctls.count);
}

static void own_add(struct expansion *e, uint32_t node, struct list *list)
{
	const struct making *made = &e->made[node];
	const struct node_said *said = made->said;
	struct lc_at at = e->plan->nodes[node].at;
	uint32_t i;
	size_t k;

	if (is_forwarding(made)) {
		if (said && said->forward->flag)
			at = said->forward->at;
		list_add(list, at, "net/ipv4/ip_forward", "1", false);
		/* Networks route IPv4 alone, unless they say more */
		if (said && said->forward->flag)
			list_add(list, at, "net/ipv6/conf/all/forwarding", "1",
				 true);
		/* It forwards nevertheless; but an interface that is a router's
		 * reports its multicast groups, with or without an address */
		if (said && said->forward->flag && !e->plan->nodes[node].ipv6)
			list_add(list, at, "net/ipv6/conf/default/forwarding",
				 "0", true);
	}
	for (k = 0; k < made->setting_count; k++)
		list_add(list, made->settings[k].at, made->settings[k].key,
			 made->settings[k].value, made->settings[k].optional);
	for (i = 0; said && said->sysctls.items && i < said->sysctls.count; i++)
		said_add(e, node, list, &said->sysctls.items[i]);
}

void setting_add(struct expansion *e, uint32_t owner, struct lc_at at,
		 const char *key, const char *value, bool optional)
{
	struct making *made = &e->made[owner];

	made->settings = arena_grow(e->arena, made->settings,
				    made->setting_count,
				    sizeof(*made->settings));
	made->settings[made->setting_count++] = (struct plan_sysctl){
		.at = at, .key = key, .value = value, .optional = optional,
	};
}

/* Whether a node has the list of the one before it, as all of a `count` do */
static bool is_alike(const struct expansion *e, uint32_t n)
{
	const struct plan_node *node = &e->plan->nodes[n];

	return !e->made[n].first && node->kind == NODE_OWN &&
	       node->ipv6 == node[-1].ipv6 && !e->made[n].forward &&
	       !e->made[n - 1].forward;
}

static void node_extend(struct expansion *e, uint32_t n)
{
	struct plan_node *owner = node_owner(e, n);
	struct list list = { .arena = e->arena };
	size_t i;

	for (i = 0; i < owner->sysctl_count; i++)
		list_add(&list, owner->sysctls[i].at, owner->sysctls[i].key,
			 owner->sysctls[i].value, owner->sysctls[i].optional);
	own_add(e, n, &list);
	owner->sysctls = list.items;
	owner->sysctl_count = list.count;
}

void sysctls_plan(struct expansion *e)
{
	struct list baselines[2] = {
		baseline_make(e->arena, false),
		baseline_make(e->arena, true),
	};
	struct plan_node *nodes = e->plan->nodes;
	const struct list *list;
	uint32_t n;

	for (n = 0; n < e->plan->node_count; n++) {
		if (nodes[n].kind != NODE_OWN)
			continue;
		list = &baselines[nodes[n].ipv6];
		nodes[n].sysctls = list->items;
		nodes[n].sysctl_count = list->count;
	}
	for (n = 0; n < e->plan->node_count; n++) {
		if (!has_own(&e->made[n]) ||
		    nodes[n].owner->kind != NODE_OWN)
			continue;
		if (is_alike(e, n)) {
			nodes[n].sysctls = nodes[n - 1].sysctls;
			nodes[n].sysctl_count = nodes[n - 1].sysctl_count;
		} else {
			node_extend(e, n);
		}
	}
}
