// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script.c - a plan as the commands that would build it by hand
 *
 * In the builder's order: namespaces; settings that interfaces inherit;
 * interfaces, all down; settings that name one; then node by node, those below
 * others first, up, addresses, neighbours and routes; Open vSwitch; rules;
 * services.
 */
#include <inttypes.h>

#include "address.h"
#include "difference.h"
#include "plan.h"
#include "script.h"
#include "script_change.h"
#include "script_link.h"
#include "script_rule.h"
#include "script_openvswitch.h"
#include "script_setting.h"
#include "quote.h"

enum {
	TABLE_MAIN = 254,
	RETRANS_MS = 10,	/* as the builder: so that it fails soon */
};

static const char *const route_types[] = {
	[ROUTE_UNICAST] = "",
	[ROUTE_BLACKHOLE] = " blackhole",
	[ROUTE_UNREACHABLE] = " unreachable",
	[ROUTE_PROHIBIT] = " prohibit",
};

static void ip(FILE *out, const struct plan_node *node, const char *command)
{
	fputs("ip -n ", out);
	shell_word(out, node->name);
	fprintf(out, " %s", command);
}

static void option(FILE *out, const char *key, const char *value)
{
	fprintf(out, " %s ", key);
	shell_word(out, value);
}

static void command(FILE *out, const char *words, const char *name)
{
	fprintf(out, "%s ", words);
	shell_word(out, name);
}

static void inside(FILE *out, const struct plan_node *node)
{
	command(out, "ip netns exec", node->name);
	putc(' ', out);
}

/* lo has a name, but an entry only where the scenario has one */
static const char *name_of(const struct plan_node *node, uint32_t ifindex)
{
	const struct plan_interface *interface;

	interface = plan_interface_by_index(node, ifindex);
	return interface ? interface->name : "lo";
}

/* A second name for a namespace, so that `ip -n` finds it */
static void shared_namespace(FILE *out, const struct plan_node *node)
{
	const char *owner = node->owner->name;

	if (node->owner->kind == NODE_ADOPTED) {
		fprintf(out, "# %s lives in %s, which is adopted\n", node->name,
			owner);
		return;
	}
	fprintf(out, "# %s lives in the namespace of %s\n", node->name, owner);
	fprintf(out, "touch /run/netns/%s\n", node->name);
	fprintf(out, "mount --bind /run/netns/%s /run/netns/%s\n", owner,
		node->name);
}

void script_namespaces(const struct plan *plan, FILE *out)
{
	const struct plan_node *node;
	size_t n;

	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		if (node->kind == NODE_OWN && plan_node_comes(plan, node)) {
			command(out, "ip netns add", node->name);
			putc('\n', out);
		}
	}
	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		if (!plan_node_comes(plan, node))
			continue;
		if (node->kind == NODE_SHARED)
			shared_namespace(out, node);
		if (node->kind != NODE_ADOPTED)
			continue;
		fprintf(out, "# %s is adopted, nothing is done to it:",
			node->name);
		shell_comment(out, node->netns);
	}
}

static void settings(const struct plan *plan, FILE *out)
{
	const struct plan_node *node, *old;
	size_t n;

	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		old = plan_node_before(plan, node);
		if (node->kind != NODE_OWN || node->absent)
			continue;
		if (!old) {
			command(out, "settings", node->name);
			putc('\n', out);
		}
		if (node->ipv6 && !(old && old->ipv6)) {
			command(out, "settings_ipv6", node->name);
			putc('\n', out);
		}
		if (!old)
			script_settings(node, false, out);
	}
}

static void nanoseconds(FILE *out, uint64_t ns)
{
	if (ns % 1000)
		fprintf(out, " %" PRIu64 "ns", ns);
	else
		fprintf(out, " %" PRIu64 "us", ns / 1000);
}

static void netem(FILE *out, const struct plan_node *node,
		  const struct plan_interface *i)
{
	if (!i->delay_ns && !i->loss && !i->rate)
		return;
	fputs("tc -n ", out);
	shell_word(out, node->name);
	option(out, "qdisc replace dev", i->name);
	fputs(" root netem limit 1000", out);
	if (i->delay_ns) {
		fputs(" delay", out);
		nanoseconds(out, i->delay_ns);
		if (i->jitter_ns)
			nanoseconds(out, i->jitter_ns);
	}
	if (i->loss)
		fprintf(out, " loss %" PRIu64 ".%02" PRIu64 "%%",
			i->loss / 100, i->loss % 100);
	if (i->rate)
		fprintf(out, " rate %" PRIu64 "bps", i->rate);
	putc('\n', out);
}

static void neighbour_timers(FILE *out, const struct plan_node *node,
			     const struct plan_interface *i)
{
	if (i->kind == KIND_LOOPBACK || i->kind == KIND_TUN ||
	    i->kind == KIND_WIREGUARD || (!i->address_count && !i->ipv6))
		return;
	ip(out, node, "ntable change name arp_cache");
	option(out, "dev", i->name);
	fprintf(out, " retrans %d proxy_delay 0\n", RETRANS_MS);
	if (!i->ipv6)
		return;
	ip(out, node, "ntable change name ndisc_cache");
	option(out, "dev", i->name);
	fprintf(out, " retrans %d proxy_delay 0\n", RETRANS_MS);
}

static void addresses(FILE *out, const struct plan_node *node,
		      const struct plan_interface *i,
		      const struct plan_interface *old)
{
	char text[PREFIX_TEXT_SIZE];
	const struct plan_address *a;
	size_t k;

	for (k = 0; k < i->address_count; k++) {
		a = &i->addresses[k];
		if (old && interface_has_address(old, a))
			continue;
		ip(out, node, "address add");
		fprintf(out, " %s", prefix_format(&a->ip, a->length, text));
		option(out, "dev", i->name);
		fputs(a->ip.family == AF_INET6 ? " nodad\n" : "\n", out);
	}
}

static void interface(FILE *out, const struct plan *plan,
		      const struct plan_node *node,
		      const struct plan_interface *i)
{
	const struct plan_node *old = plan_node_before(plan, node);

	if (!plan_interface_comes(plan, node, i)) {
		addresses(out, node, i,
			  plan_interface_by_index(old, i->ifindex));
		return;
	}
	if (i->kind != KIND_LOOPBACK) {
		if (!i->ipv6) {
			ip(out, node, "link set");
			option(out, "dev", i->name);
			fputs(" addrgenmode none\n", out);
		}
		netem(out, node, i);
		if (i->up) {
			ip(out, node, "link set");
			option(out, "dev", i->name);
			fputs(" up\n", out);
		}
	}
	addresses(out, node, i, NULL);
	if (!plan->delays)
		neighbour_timers(out, node, i);
}

static void neighbors(FILE *out, const struct plan_node *node,
		      const struct plan_node *old)
{
	const struct plan_neighbor *neighbor;
	char address[IP_TEXT_SIZE], mac[MAC_TEXT_SIZE];
	size_t i;

	for (i = 0; i < node->neighbor_count; i++) {
		neighbor = &node->neighbors[i];
		if (old && node_has_neighbor(old, neighbor))
			continue;
		ip(out, node, "neighbor replace");
		fprintf(out, " %s lladdr %s",
			ip_format(&neighbor->ip, address),
			mac_format(neighbor->mac, mac));
		option(out, "dev", name_of(node, neighbor->ifindex));
		fputs(" nud permanent\n", out);
	}
}

static void forwarding(FILE *out, const struct plan_node *node,
		       const struct plan_node *old)
{
	char address[IP_TEXT_SIZE], mac[MAC_TEXT_SIZE];
	const struct plan_fdb *fdb;
	size_t i;

	for (i = 0; i < node->fdb_count; i++) {
		fdb = &node->fdb[i];
		if (old && node_has_fdb(old, fdb))
			continue;
		fputs("bridge -n ", out);
		shell_word(out, node->name);
		fprintf(out, " fdb replace %s", mac_format(fdb->mac, mac));
		option(out, "dev", name_of(node, fdb->ifindex));
		if (fdb->dst.family)
			fprintf(out, " dst %s self",
				ip_format(&fdb->dst, address));
		else
			fputs(" master", out);
		fputs(" permanent\n", out);
	}
}

void script_route(FILE *out, const struct plan_node *node, const char *verb,
		  const struct plan_route *r)
{
	char text[PREFIX_TEXT_SIZE];

	ip(out, node, r->family == AF_INET6 ? "-6 route " : "route ");
	fputs(verb, out);
	fputs(route_types[r->type], out);
	fprintf(out, " %s", r->is_default
				    ? "default"
				    : prefix_format(&r->to, r->length, text));
	if (r->via.family)
		fprintf(out, " via %s%s",
			r->via.family == r->family ? "" : "inet6 ",
			ip_format(&r->via, text));
	if (r->ifindex)
		option(out, "dev", name_of(node, r->ifindex));
	if (r->source.family)
		fprintf(out, " src %s", ip_format(&r->source, text));
	if (r->metric)
		fprintf(out, " metric %" PRIu32, r->metric);
	if (r->table != TABLE_MAIN)
		fprintf(out, " table %" PRIu32, r->table);
	fputs(r->onlink ? " onlink\n" : "\n", out);
}

static bool is_upper(const struct plan_interface *i)
{
	return i->kind == KIND_MACVLAN || i->kind == KIND_VLAN ||
	       i->kind == KIND_VXLAN;
}

static void configuration(const struct plan *plan,
			  const struct plan_node *node, FILE *out)
{
	const struct plan_node *old = plan_node_before(plan, node);
	size_t i;

	if (!old) {
		fprintf(out, "\n# %s\n", node->name);
		script_settings(node, true, out);
		ip(out, node, "link set dev lo up\n");
	}
	for (i = 0; i < node->interface_count; i++)
		if (!is_upper(&node->interfaces[i]))
			interface(out, plan, node, &node->interfaces[i]);
	for (i = 0; i < node->interface_count; i++)
		if (is_upper(&node->interfaces[i]))
			interface(out, plan, node, &node->interfaces[i]);
	neighbors(out, node, old);
	forwarding(out, node, old);
	for (i = 0; i < node->route_count; i++)
		if (!old || !node_has_route(old, &node->routes[i]))
			script_route(out, node, "add", &node->routes[i]);
}

static void configurations(const struct plan *plan, FILE *out)
{
	const struct plan_node *node;
	size_t n, depth, left = plan->node_count;

	for (depth = 0; left; depth++) {
		for (n = 0; n < plan->node_count; n++) {
			node = &plan->nodes[n];
			if (plan_node_depth(plan, node) != depth)
				continue;
			left--;
			if (node->kind == NODE_OWN && !node->absent)
				configuration(plan, node, out);
		}
	}
}

static void rules(const struct plan *plan, const struct plan_node *node,
		  FILE *out)
{
	const struct plan_node *old = plan_node_before(plan, node);
	size_t i;

	if (old)
		script_rules_change(old, node, out);
	else
		script_rules(node, out);
	for (i = 0; i < node->nftables_count; i++) {
		if (old && node_has_rules(old, node->nftables[i]))
			continue;
		putc('\n', out);
		inside(out, node);
		fputs("nft -f -", out);
		shell_document(out, node->nftables[i]);
	}
}

static void services(const struct plan_node *node, FILE *out)
{
	const struct plan_service *service;
	size_t i;

	for (i = 0; i < node->service_count; i++) {
		service = &node->services[i];
		putc('\n', out);
		if (service->tcp)
			fprintf(out, "# Ready when TCP port %u is open\n",
				service->tcp);
		if (service->udp)
			fprintf(out, "# Ready when UDP port %u is open\n",
				service->udp);
		inside(out, node);
		fputs("sh -c ", out);
		shell_word(out, service->command);
		fputs(" &\n", out);
	}
}

/* What no command does.  `ip netns exec` would look for files of a node in
 * /etc/netns, which are the machine's to have, and not ours to write */
static void names(const struct plan *plan, FILE *out)
{
	const struct plan_names *files;
	char ip[IP_TEXT_SIZE];
	bool told = false;
	size_t n, i;

	for (n = 0; n < plan->node_count; n++) {
		files = plan->nodes[n].files;
		if (!plan->names || !plan_node_comes(plan, &plan->nodes[n]) ||
		    !files || plan->nodes[n].owner != &plan->nodes[n] ||
		    (!files->embedded && !files->server_count))
			continue;
		if (!told)
			fputs("\n# Names; what is at 127.0.0.11 is the container engine itself\n",
			      out);
		told = true;
		fprintf(out, "# %s asks%s", plan->nodes[n].name,
			files->embedded ? " 127.0.0.11, which asks" : "");
		for (i = 0; i < files->server_count; i++)
			fprintf(out, "%s %s", i ? "," : "",
				ip_format(&files->servers[i], ip));
		putc('\n', out);
	}
}

void script_state(const struct plan *plan, FILE *out)
{
	size_t n;

	settings(plan, out);
	script_links(plan, out);
	configurations(plan, out);
	script_openvswitch(plan, out);
	for (n = 0; n < plan->node_count; n++)
		if (!plan->nodes[n].absent)
			rules(plan, &plan->nodes[n], out);
	names(plan, out);
	for (n = 0; n < plan->node_count; n++)
		if (plan_node_comes(plan, &plan->nodes[n]))
			services(&plan->nodes[n], out);
}

void script_print(const struct plan *plan, FILE *out)
{
	const struct scenario *scenario = plan->scenario;

	fputs("#!/bin/sh\n", out);
	if (scenario && scenario->name.text) {
		putc('#', out);
		shell_comment(out, scenario->name.text);
	}
	fputs("# The same lab by hand, as root.  Namespaces get the nodes' names;\n"
	      "# run it where those are free:\n"
	      "#\tunshare --net --mount sh -c 'mount -t tmpfs run /run && sh FILE'\n"
	      "set -e\n\n",
	      out);
	script_namespaces(plan, out);
	script_settings_functions(plan, out);
	putc('\n', out);
	script_state(plan, out);
	script_changes(plan, out);
}
