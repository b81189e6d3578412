// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * language.c - the tables of the language, but for the verbs of steps
 *
 * What a mapping may hold is said here and nowhere else.  The order is that
 * in which `labcheck help` lists the keys.
 */
#include <string.h>

#include "scenario/language.h"
#include "scenario/scenario.h"

/* clang-format off */
const char *const interface_kind_words[] = {
	[KIND_VETH] = "veth", [KIND_BRIDGE] = "bridge", [KIND_VXLAN] = "vxlan",
	[KIND_MACVLAN] = "macvlan", [KIND_VLAN] = "vlan",
	[KIND_DUMMY] = "dummy", [KIND_TAP] = "tap", [KIND_TUN] = "tun",
	[KIND_BOND] = "bond", [KIND_VRF] = "vrf",
	[KIND_WIREGUARD] = "wireguard", [KIND_OPENVSWITCH] = "openvswitch",
	NULL,
};

static const char *const state_words[] = {
	[STATE_DOWN] = "down", [STATE_UP] = "up", NULL,
};

static const char *const route_type_words[] = {
	[ROUTE_UNICAST] = "unicast", [ROUTE_BLACKHOLE] = "blackhole",
	[ROUTE_UNREACHABLE] = "unreachable", [ROUTE_PROHIBIT] = "prohibit",
	NULL,
};

static const char *const macvlan_mode_words[] = {
	[MACVLAN_BRIDGE] = "bridge", [MACVLAN_PRIVATE] = "private",
	[MACVLAN_VEPA] = "vepa", [MACVLAN_PASSTHRU] = "passthru", NULL,
};

static const char *const driver_words[] = {
	[DRIVER_BRIDGE] = "bridge", [DRIVER_OVERLAY] = "overlay",
	[DRIVER_MACVLAN] = "macvlan", NULL,
};

const struct requirement requirements[] = {
	{ "nftables", "rule sets and NAT (nf_tables)" },
	{ "vxlan", "VXLAN interfaces" },
	{ "macvlan", "MACVLAN interfaces" },
	{ "vlan", "802.1Q interfaces" },
	{ "dummy", "dummy interfaces" },
	{ "bond", "bonding" },
	{ "vrf", "virtual routing and forwarding" },
	{ "wireguard", "WireGuard interfaces" },
	{ "tun", "TUN and TAP interfaces (/dev/net/tun)" },
	{ "netem", "delay, jitter, loss and rate of links" },
	{ "ipv6", "IPv6" },
	{ "br_netfilter", "bridged packets seen by the rules of IP" },
	{ "iptables", "the rules that networks make (nft_compat, xtables)" },
	{ "openvswitch", "Open vSwitch (ovs-vswitchd, ovsdb-server)" },
	{ "docker", "Docker (dockerd and docker)" },
	{ "cni", "the CNI plugins (/usr/lib/cni)" },
	{ "privileged", "that labcheck was started with --privileged" },
	{ NULL, NULL },
};

#define TEXT(key, struct_, member, flags, help)				\
	LC_SCALAR(key, LC_TEXT, struct_, member, flags, help)
#define BOOL(key, struct_, member, help)				\
	LC_SCALAR(key, LC_BOOL, struct_, member, 0, help)
#define MTU_MIN 68	/* RFC 791 */
#define MTU_MAX 65535

const struct lc_field aux_fields[] = {
	LC_SCALAR("name", LC_NAME, struct aux_said, name, 0,
		  "what the address is kept for"),
	LC_SCALAR("address", LC_ADDRESS, struct aux_said, address, LC_REQUIRED,
		  "an address that no container gets"),
	LC_FIELD_END
};

const struct lc_field pool_fields[] = {
	LC_SCALAR("subnet", LC_SUBNET, struct pool_said, subnet, LC_REQUIRED,
		  "its addresses"),
	LC_SCALAR("ip_range", LC_SUBNET, struct pool_said, ip_range, 0,
		  "those of the subnet that containers get"),
	LC_SCALAR("gateway", LC_ADDRESS, struct pool_said, gateway, 0,
		  "the bridge's own address; default: the subnet's first, or "
		  "the range's"),
	LC_MAPPINGS_OF("aux_addresses", aux_fields, struct pool_said,
		       aux_addresses, 0, "addresses that no container gets"),
	LC_FIELD_END
};

const struct lc_field network_fields[] = {
	LC_SCALAR("name", LC_NAME, struct network_said, name, LC_REQUIRED,
		  "its name"),
	LC_CHOICE_OF("driver", driver_words, struct network_said, driver,
		     "how it is made; default: bridge"),
	LC_SCALAR("on", LC_NODE, struct network_said, on, 0,
		  "the node that carries the bridge; default: host, made if "
		  "not declared"),
	LC_SCALAR("subnet", LC_SUBNET, struct network_said, subnet, 0,
		  "its addresses; default: the next of 172.17.0.0/16 (for "
		  "`bridge`), 172.18.0.0/16, ..."),
	LC_SCALAR("ip_range", LC_SUBNET, struct network_said, ip_range, 0,
		  "those of the subnet that containers get"),
	LC_SCALAR("gateway", LC_ADDRESS, struct network_said, gateway, 0,
		  "the bridge's own address; default: the subnet's first, or "
		  "the range's"),
	LC_MAPPINGS_OF("aux_addresses", aux_fields, struct network_said,
		       aux_addresses, 0, "addresses that no container gets"),
	LC_SCALAR("bridge", LC_IFNAME, struct network_said, bridge, 0,
		  "the bridge's name; default: br-NAME, docker0 for `bridge`"),
	BOOL("masquerade", struct network_said, masquerade,
	     "whether containers leave under their host's address; default: "
	     "true"),
	BOOL("internal", struct network_said, internal,
	     "whether there is no way out; default: false"),
	LC_MAPPINGS_OF("ipam", pool_fields, struct network_said, ipam, 0,
		       "several pools of addresses, instead of `subnet` and "
		       "what goes with it"),
	BOOL("icc", struct network_said, icc,
	     "whether its containers reach each other; default: true"),
	BOOL("dns", struct network_said, dns,
	     "whether its containers find each other by name, at 127.0.0.11; "
	     "default: true, but for `bridge`"),
	BOOL("ipv6", struct network_said, ipv6,
	     "whether it has IPv6 as well, of a pool in `ipam`; default: "
	     "false"),
	LC_NUMBER_IN("mtu", MTU_MIN, MTU_MAX, struct network_said, mtu,
		     "the largest packet"),
	LC_SCALAR("parent", LC_IFNAME, struct network_said, parent, 0,
		  "macvlan: the host's interface that it sits on"),
	LC_CHOICE_OF("mode", macvlan_mode_words, struct network_said, mode,
		     "macvlan: default: bridge"),
	LC_NUMBER_IN("vni", 1, 16777215, struct network_said, vni,
		     "overlay: the VXLAN's number; default: 4097, 4098, ..."),
	LC_FIELD_END
};

const struct lc_field attachment_fields[] = {
	LC_SCALAR("name", LC_NETWORK, struct attachment_said, name, LC_REQUIRED,
		  "which network"),
	LC_SCALAR("address", LC_ADDRESS, struct attachment_said, address, 0,
		  "the node's address there; default: the next free one"),
	LC_SCALAR("address6", LC_ADDRESS, struct attachment_said, address6, 0,
		  "its IPv6 address there; default: the next free one"),
	LC_SCALAR("mac", LC_MAC_OR_RANDOM, struct attachment_said, mac, 0,
		  "its MAC address there, or `random`"),
	LC_LIST_OF("aliases", LC_NAME, struct attachment_said, aliases, 0,
		   "more names by which others find it"),
	LC_FIELD_END
};

const struct lc_field interface_fields[] = {
	LC_SCALAR("name", LC_IFNAME, struct interface_said, name, LC_REQUIRED,
		  "its name, at most 15 bytes"),
	LC_CHOICE_OF("kind", interface_kind_words, struct interface_said, kind,
		     "what it is; an end of a link needs none"),
	LC_LIST_OF("addresses", LC_PREFIX, struct interface_said, addresses, 0,
		   "its addresses; without a length they are /32 and /128"),
	LC_SCALAR("mac", LC_MAC, struct interface_said, mac, 0,
		  "its MAC address; default: made from the names of node and "
		  "interface"),
	LC_NUMBER_IN("mtu", MTU_MIN, MTU_MAX, struct interface_said, mtu,
		     "the largest packet"),
	LC_CHOICE_OF("state", state_words, struct interface_said, state,
		     "default: up"),
	BOOL("ipv6", struct interface_said, ipv6,
	     "link-local address and router advertisements; default: true if "
	     "it has an IPv6 address"),
	LC_LIST_OF("ports", LC_IFNAME, struct interface_said, ports, 0,
		   "bridge, openvswitch, bond, vrf: the interfaces in it"),
	BOOL("isolated", struct interface_said, isolated,
	     "as a port of a bridge: sees no other isolated port"),
	LC_NUMBER_IN("vni", 0, 16777215, struct interface_said, vni,
		     "vxlan: the network's number"),
	LC_SCALAR("local", LC_ADDRESS, struct interface_said, local, 0,
		  "vxlan: the address that it sends from"),
	LC_SCALAR("remote", LC_ADDRESS, struct interface_said, remote, 0,
		  "vxlan: the other end, or a multicast group"),
	LC_SCALAR("port", LC_PORT, struct interface_said, port, 0,
		  "vxlan: UDP port; default: 4789"),
	LC_SCALAR("dev", LC_IFNAME, struct interface_said, dev, 0,
		  "vxlan: the interface that it sends through"),
	LC_SCALAR("parent", LC_IFNAME, struct interface_said, parent, 0,
		  "macvlan, vlan: the interface that it sits on"),
	LC_CHOICE_OF("mode", macvlan_mode_words, struct interface_said, mode,
		     "macvlan: default: bridge"),
	LC_NUMBER_IN("vlan", 1, 4094, struct interface_said, vlan,
		     "vlan: the VLAN's number"),
	LC_SCALAR("table", LC_TABLE, struct interface_said, table, 0,
		  "vrf: its routing table"),
	LC_FIELD_END
};

const struct lc_field route_fields[] = {
	LC_SCALAR("to", LC_DESTINATION, struct route_said, to, LC_REQUIRED,
		  "where to"),
	LC_SCALAR("via", LC_ADDRESS, struct route_said, via, 0,
		  "the next hop"),
	LC_SCALAR("dev", LC_IFNAME, struct route_said, dev, 0,
		  "the interface; default: the one that reaches via"),
	LC_NUMBER_IN("metric", 0, 4294967295, struct route_said, metric,
		     "the lower, the better"),
	LC_SCALAR("source", LC_ADDRESS, struct route_said, source, 0,
		  "the address that the node itself sends from"),
	LC_SCALAR("table", LC_TABLE, struct route_said, table, 0,
		  "default: main"),
	LC_CHOICE_OF("type", route_type_words, struct route_said, type,
		     "default: unicast"),
	BOOL("onlink", struct route_said, onlink,
	     "take via for reachable, whatever the addresses say"),
	LC_FIELD_END
};

const struct lc_field neighbor_fields[] = {
	LC_SCALAR("address", LC_ADDRESS, struct neighbor_said, address,
		  LC_REQUIRED, "whose"),
	LC_SCALAR("mac", LC_MAC, struct neighbor_said, mac, LC_REQUIRED,
		  "the MAC address that it is taken to have"),
	LC_SCALAR("dev", LC_IFNAME, struct neighbor_said, dev, 0,
		  "the interface; default: the one with a subnet that has the "
		  "address"),
	LC_FIELD_END
};

const struct lc_field ready_fields[] = {
	LC_SCALAR("tcp", LC_PORT, struct ready_said, tcp, 0,
		  "when it listens there"),
	LC_SCALAR("udp", LC_PORT, struct ready_said, udp, 0,
		  "when it listens there"),
	LC_FIELD_END
};

const struct lc_field service_fields[] = {
	TEXT("run", struct service_said, run, LC_REQUIRED,
	     "a shell line that runs as long as the node lives"),
	LC_MAPPING_OF("ready", ready_fields, struct service_said, ready, 0,
		      "when it can be used; default: at once"),
	LC_SCALAR("within", LC_DURATION, struct service_said, within, 0,
		  "it must be ready by then; default: 5s"),
	LC_FIELD_END
};

const struct lc_field docker_fields[] = {
	LC_NUMBER_IN("version", 20, 28, struct docker_said, version,
		     "whose behaviour: 20 (up to 27) or 28; default: 20"),
	BOOL("userland_proxy", struct docker_said, userland_proxy,
	     "whether a proxy listens at each published port; default: true"),
	BOOL("icc", struct docker_said, icc,
	     "of the network `bridge`: whether its containers reach each "
	     "other; default: true"),
	BOOL("ip_forward_before", struct docker_said, ip_forward_before,
	     "whether the host forwarded before Docker came, which then "
	     "leaves the policy of FORWARD alone; default: false"),
	LC_SCALAR("advertise_addr", LC_ADDRESS, struct docker_said,
		  advertise_addr, 0,
		  "by which other hosts of its overlay networks find it; "
		  "default: the only one that it has, or shares a subnet with "
		  "them on"),
	LC_FIELD_END
};

const struct lc_field lc_node_fields[] = {
	LC_SCALAR("name", LC_NAME, struct node_said, name, LC_REQUIRED,
		  "its name"),
	LC_NUMBER_IN("count", 1, COUNT_MAX, struct node_said, count,
		     "so many of them: name1, name2, ..."),
	LC_MAPPINGS_OF("interfaces", interface_fields, struct node_said,
		       interfaces, 0, "its interfaces"),
	LC_MAPPINGS_OF("routes", route_fields, struct node_said, routes, 0,
		       "its routes, the connected ones aside"),
	LC_MAPPINGS_OF("neighbors", neighbor_fields, struct node_said,
		       neighbors, 0, "static entries of its neighbour table"),
	LC_LIST_OF("sysctls", LC_SYSCTL, struct node_said, sysctls, 0,
		   "its settings"),
	BOOL("forward", struct node_said, forward,
	     "whether it is a router, IPv4 and IPv6; default: false"),
	TEXT("nftables", struct node_said, nftables, 0,
	     "its rule set, as nft reads it"),
	LC_MAPPINGS_OF("services", service_fields, struct node_said, services,
		       0, "commands that run on it"),
	LC_SCALAR("network", LC_NODE_NETWORK, struct node_said, network, 0,
		  "the network that it is a container of"),
	LC_MAPPINGS_OF("networks", attachment_fields, struct node_said,
		       networks, 0, "the same, for several networks"),
	LC_SCALAR("on", LC_NODE, struct node_said, on, 0,
		  "the host that carries the container"),
	LC_LIST_OF("publish", LC_PUBLISH, struct node_said, publish, 0,
		   "ports of the container that its host offers: 8080:80, "
		   "127.0.0.1:9001:80/tcp, 10000-20000:10000-20000/udp"),
	LC_MAPPING_OF("docker", docker_fields, struct node_said, docker, 0,
		      "of a host with networks: how its Docker is set up"),
	LC_LIST_OF("nameservers", LC_ADDRESS, struct node_said, nameservers, 0,
		   "whom programs on it ask for names"),
	LC_SCALAR("netns", LC_NETNS, struct node_said, netns, 0,
		  "a namespace that exists: looked at, never configured"),
	LC_FIELD_END
};

const struct lc_field link_fields[] = {
	LC_LIST_OF("endpoints", LC_ENDPOINT, struct link_said, endpoints,
		   LC_REQUIRED, "its two ends"),
	LC_NUMBER_IN("mtu", MTU_MIN, MTU_MAX, struct link_said, mtu,
		     "the largest packet, of both ends"),
	LC_SCALAR("delay", LC_DURATION, struct link_said, delay, 0,
		  "each packet's, each way"),
	LC_SCALAR("jitter", LC_DURATION, struct link_said, jitter, 0,
		  "how much the delay varies"),
	LC_SCALAR("loss", LC_PERCENT, struct link_said, loss, 0,
		  "how many packets are lost, each way"),
	LC_SCALAR("rate", LC_RATE, struct link_said, rate, 0,
		  "how much passes, each way"),
	LC_FIELD_END
};

const struct lc_field capture_fields[] = {
	LC_SCALAR("on", LC_INTERFACE, struct capture_said, on, LC_REQUIRED,
		  "node:interface"),
	LC_SCALAR("filter", LC_FILTER, struct capture_said, filter, 0,
		  "which packets, as of tcpdump; default: all"),
	LC_SCALAR("packets", LC_COMPARISON, struct capture_said, packets,
		  LC_REQUIRED, "how many of them: a number, or as \">=1\""),
	LC_FIELD_END
};

const struct lc_field step_fields[] = {
	TEXT("name", struct step_said, name, 0,
	     "default: a sentence made from the verb"),
	LC_SCALAR("within", LC_DURATION, struct step_said, within, 0,
		  "keep trying until it holds"),
	LC_SCALAR("for", LC_DURATION, struct step_said, for_, 0,
		  "it must hold for that long"),
	BOOL("arrives", struct step_said, arrives,
	     "of a probe: whether its target saw it"),
	LC_SCALAR("family", LC_NUMBER, struct step_said, family, 0,
		  "of a probe that names a node: 4 or 6"),
	LC_MAPPINGS_OF("capture", capture_fields, struct step_said, capture, 0,
		       "what must cross an interface while the step runs"),
	LC_NUMBER_IN("points", 0, 1000000, struct step_said, points,
		     "what it is worth in an exercise"),
	TEXT("hint", struct step_said, hint, 0, "shown when it fails"),
	LC_SCALAR("todo", LC_WORDS, struct step_said, todo, 0,
		  "why it is known to fail"),
	LC_SCALAR("needs", LC_STEP, struct step_said, needs, 0,
		  "skip it if the earlier step of this name did not pass"),
	LC_FIELD_END
};

const struct lc_field scenario_fields[] = {
	TEXT("name", struct scenario, name, 0,
	     "its name; default: the file's"),
	TEXT("description", struct scenario, description, 0,
	     "shown by --list and in reports"),
	LC_LIST_OF("requires", LC_REQUIRES, struct scenario, requires, 0,
		   "what a machine must have, else it is skipped"),
	LC_LIST_OF("tags", LC_TEXT, struct scenario, tags, 0, "for -k"),
	LC_MAPPINGS_OF("networks", network_fields, struct scenario, networks,
		       0, "Docker-like networks"),
	LC_MAPPINGS_OF("nodes", lc_node_fields, struct scenario, nodes, 0,
		       "hosts, containers, routers: each a network namespace"),
	LC_MAPPINGS_OF("links", link_fields, struct scenario, links, 0,
		       "cables between them"),
	{ .key = "steps", .type = LC_STEPS, .fields = step_fields,
	  .offset = offsetof(struct scenario, steps),
	  .count_offset = offsetof(struct scenario, steps_count),
	  .size = sizeof(struct step_said),
	  .help = "checks and actions, in order" },
	LC_FIELD_END
};

/* Of the language, and still to be built */
static const struct {
	const struct lc_field *fields;
	const char *keys[16];
} planned[] = {
	{ scenario_fields, { "exercise" } },
};
/* clang-format on */

const struct lc_field *language_field(const struct lc_field *fields,
				      const char *key)
{
	for (; fields->key; fields++)
		if (!strcmp(fields->key, key))
			return fields;
	return NULL;
}

bool language_is_planned(const struct lc_field *fields, const char *key)
{
	for (size_t i = 0; i < sizeof(planned) / sizeof(*planned); i++)
		for (size_t j = 0; fields == planned[i].fields &&
				   planned[i].keys[j]; j++)
			if (!strcmp(planned[i].keys[j], key))
				return true;
	return false;
}
