// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script_node.c - what is set in a node once its interfaces are there, as commands
 */
#include <inttypes.h>

#include "address.h"
#include "difference.h"
#include "plan.h"
#include "script_command.h"
#include "script_node.h"
#include "script_setting.h"

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

/* lo has a name, but an entry only where the scenario has one */
static const char *name_of(const struct plan_node *node, uint32_t ifindex)
{
	const struct plan_interface *interface;

	interface = plan_interface_by_index(node, ifindex);
	return interface ? interface->name : "lo";
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
	script_command(out, "tc", node, "qdisc replace");
	script_option(out, "dev", i->name);
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
	script_command(out, "ip", node, "ntable change name arp_cache");
	script_option(out, "dev", i->name);
	fprintf(out, " retrans %d proxy_delay 0\n", RETRANS_MS);
	if (!i->ipv6)
		return;
	script_command(out, "ip", node, "ntable change name ndisc_cache");
	script_option(out, "dev", i->name);
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
		script_command(out, "ip", node, "address add");
		fprintf(out, " %s", prefix_format(&a->ip, a->length, text));
		script_option(out, "dev", i->name);
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
			script_command(out, "ip", node, "link set");
			script_option(out, "dev", i->name);
			fputs(" addrgenmode none\n", out);
		}
		netem(out, node, i);
		if (i->up) {
			script_command(out, "ip", node, "link set");
			script_option(out, "dev", i->name);
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
		script_command(out, "ip", node, "neighbor replace");
		fprintf(out, " %s lladdr %s",
			ip_format(&neighbor->ip, address),
			mac_format(neighbor->mac, mac));
		script_option(out, "dev", name_of(node, neighbor->ifindex));
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
		script_command(out, "bridge", node, "fdb replace");
		fprintf(out, " %s", mac_format(fdb->mac, mac));
		script_option(out, "dev", name_of(node, fdb->ifindex));
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

	script_command(out, "ip", node, r->family == AF_INET6 ? "-6 route " : "route ");
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
		script_option(out, "dev", name_of(node, r->ifindex));
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

void script_node(const struct plan *plan, const struct plan_node *node,
		 FILE *out)
{
	const struct plan_node *old = plan_node_before(plan, node);
	size_t i;

	if (!old) {
		fprintf(out, "\n# %s\n", node->name);
		script_settings(node, true, out);
		script_command(out, "ip", node, "link set dev lo up\n");
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
