// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * containers.c - nodes in networks: a cable, an address and a default route
 *
 * Interfaces are eth0, eth1, ... in the order of the node's networks.  The
 * default route goes to the first network by name, one that is not internal
 * before one that is: that is how Docker elects it, whatever the order of
 * connecting.
 */
#include <stdio.h>
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

/* `network: NAME` as if it were `networks: [{name: NAME}]` */
static uint32_t attachments_of(const struct node_said *said,
			       const struct attachment_said **ret_list,
			       struct attachment_said *single)
{
	*ret_list = said->networks;
	if (said->networks_count || !said->network.text)
		return said->networks_count;
	*single = (struct attachment_said){
		.at = said->network.at,
		.name = said->network,
	};
	*ret_list = single;
	return 1;
}

/* The node that has a place in networks, or NULL: the others are told of
 * where their kind is decided */
static const struct node_said *container_said(const struct expansion *e,
					      uint32_t node)
{
	return e->plan->nodes[node].kind == NODE_OWN ? e->made[node].said
						     : NULL;
}

/* Addresses that the file gives are taken before any is handed out */
static void reserve(struct networks *networks, uint32_t node)
{
	struct expansion *e = networks->e;
	const struct node_said *said = container_said(e, node);
	const struct attachment_said *list;
	struct attachment_said single;
	const struct network *network;
	char ip[IP_TEXT_SIZE], subnet[PREFIX_TEXT_SIZE];
	uint32_t i, count;

	count = said ? attachments_of(said, &list, &single) : 0;
	for (i = 0; i < count; i++) {
		network = network_find(networks, list[i].name.text);
		/* That a `count` can't share one is the loader's to tell */
		if (!network || !network->subnet.family ||
		    !list[i].address.ip.family || !e->made[node].first ||
		    e->problems->networks_partial)
			continue;
		ip_format(&list[i].address.ip, ip);
		if (!prefix_has_host(&network->subnet, network->length,
				     &list[i].address.ip))
			node_problem(e, node, list[i].address.at,
				     "%s is no address of network %s (%s)", ip,
				     network->name,
				     prefix_format(&network->subnet,
						   network->length, subnet));
		else if (!network_reserve(networks, network,
					  &list[i].address.ip))
			node_problem(e, node, list[i].address.at,
				     ip_equal(&list[i].address.ip,
					      &network->gateway)
					     ? "%s is the gateway of network %s"
					     : "%s is taken in network %s already",
				     ip, network->name);
	}
}

/* The lowest ethN that neither a link nor an entry with a kind has */
static uint32_t eth_add(struct expansion *e, uint32_t node, uint32_t *number,
			struct lc_at at)
{
	const struct plan_interface *interface;
	char name[IFNAMSIZ];
	uint32_t position;

	for (;; ++*number) {
		snprintf(name, sizeof(name), "eth%u", *number);
		position = interface_position(e, node, name);
		if (position == NO_INTERFACE)
			return interface_add(e, node, name, at);
		interface = &e->plan->nodes[node].interfaces[position];
		if (interface->kind == KIND_VETH &&
		    interface->peer_node == NO_NODE)
			return position;
	}
}

/* The bridge's end: veth-NODE, veth-NODE-1 for its eth1; where that is too
 * long or taken, veth and 7 digits, as Docker names them */
static uint32_t port_add(struct expansion *e, uint32_t host,
			 const struct plan_node *node, uint32_t number,
			 struct lc_at at)
{
	char name[IFNAMSIZ];
	uint64_t hash = hash_bytes(number, node->name, strlen(node->name));
	uint32_t position;
	int length;

	length = number ? snprintf(name, sizeof(name), "veth-%s-%u",
				   node->name, number)
			: snprintf(name, sizeof(name), "veth-%s", node->name);
	for (;; hash++) {
		if (length < IFNAMSIZ) {
			position = interface_add(e, host, name, at);
			if (position != NO_INTERFACE)
				return position;
		}
		length = snprintf(name, sizeof(name), "veth%07x",
				  (unsigned int)(hash & 0xfffffff));
	}
}

static bool address_choose(struct networks *networks, struct network *network,
			   uint32_t node, const struct attachment_said *said,
			   struct lc_ip *ret_ip)
{
	char range[PREFIX_TEXT_SIZE];

	if (said->address.ip.family) {
		*ret_ip = said->address.ip;
		return true;
	}
	if (network_allocate(networks, network, ret_ip))
		return true;
	if (!network->told_exhausted &&
	    !networks->e->problems->networks_partial) {
		network->told_exhausted = true;
		lc_problem(networks->e->problems, said->name.at,
			   "no address is left in network %s (%s) for %s",
			   network->name,
			   prefix_format(&network->range,
					 network->range_length, range),
			   networks->e->plan->nodes[node].name);
	}
	return false;
}

static void mac_choose(struct plan_interface *eth,
		       const struct attachment_said *said,
		       const struct lc_ip *ip)
{
	static const uint8_t none[6];

	if (lc_given(&said->mac) && memcmp(said->mac.mac, none, 6) != 0) {
		memcpy(eth->mac, said->mac.mac, 6);
	} else if (ip->family == AF_INET) {
		eth->mac[0] = 0x02;
		eth->mac[1] = 0x42;
		memcpy(eth->mac + 2, ip->bytes, 4);
	} else {
		return;
	}
	eth->has_mac = true;
}

static void endpoint_add(struct expansion *e, uint32_t node,
			 const struct network *network,
			 const struct plan_interface *eth,
			 const struct lc_ip *ip, struct lc_at at)
{
	struct plan *plan = e->plan;
	struct plan_endpoint *endpoint;

	plan->endpoints = arena_grow(e->arena, plan->endpoints,
				     plan->endpoint_count, sizeof(*endpoint));
	endpoint = &plan->endpoints[plan->endpoint_count++];
	*endpoint = (struct plan_endpoint){
		.at = at, .node = node, .network = network->number,
		.ifindex = eth->ifindex, .ip = *ip,
	};
	memcpy(endpoint->mac, eth->mac, sizeof(endpoint->mac));
}

static void port_count(struct expansion *e, struct network *network)
{
	if (++network->port_count == BRIDGE_MAX_PORTS + 1)
		lc_problem(e->problems, network->at,
			   "a bridge has at most %d ports, and network %s needs more",
			   BRIDGE_MAX_PORTS, network->name);
}

static void attach(struct networks *networks, uint32_t node,
		   struct network *network, uint32_t *eth_number,
		   const struct attachment_said *said)
{
	struct expansion *e = networks->e;
	struct plan_interface *eth, *port;
	uint32_t eth_position, port_position;
	struct lc_ip ip;

	if (!address_choose(networks, network, node, said, &ip))
		return;
	port_count(e, network);
	eth_position = eth_add(e, node, eth_number, said->at);
	port_position = port_add(e, network->host, &e->plan->nodes[node],
				 *eth_number, said->at);
	++*eth_number;
	/* The bridge's end makes the pair: born with its master, and up */
	interface_join(e, network->host, port_position, node, eth_position);
	eth = &e->plan->nodes[node].interfaces[eth_position];
	port = &e->plan->nodes[network->host].interfaces[port_position];
	eth->mtu = network->mtu;
	port->mtu = network->mtu;
	port->master = e->plan->nodes[network->host]
			       .interfaces[network->bridge_position]
			       .ifindex;
	mac_choose(eth, said, &ip);
	interface_address(e, node, eth_position, &ip, network->length,
			  said->at);
	endpoint_add(e, node, network, eth, &ip, said->at);
}

/* Whether a node says by itself where all else goes */
static bool has_default(const struct node_said *said)
{
	const struct route_said *route;
	uint32_t i;

	for (i = 0; i < said->routes_count; i++) {
		route = &said->routes[i];
		if (route->to.text && !strcmp(route->to.text, "default") &&
		    route->via.ip.family != AF_INET6 && !route->metric.number &&
		    !route->table.number)
			return true;
	}
	return false;
}

static bool wins(const struct network *network, const struct network *other)
{
	if (!other)
		return true;
	if (network->internal != other->internal)
		return !network->internal;
	return strcmp(network->name, other->name) < 0;
}

/* Where a node's own `on` says something else than its network's */
static void on_verify(struct networks *networks, uint32_t node,
		      const struct network *network)
{
	struct expansion *e = networks->e;
	const struct lc_value *on = &e->made[node].said->on;
	uint32_t number = on->text ? node_number(e, on->text) : NO_NODE;

	if (number != NO_NODE &&
	    e->plan->nodes[number].owner->number != network->host)
		node_problem(e, node, on->at, "network %s is on %s",
			     network->name,
			     e->plan->nodes[network->host].name);
}

/* The loader knows it for a network, because `network: host` says so */
static void network_verify(struct networks *networks, uint32_t node,
			   const struct attachment_said *said)
{
	if (said->name.text && !strcmp(said->name.text, "host"))
		node_problem(networks->e, node, said->name.at,
			     "host is no network among others: write `network: host`");
}

static bool is_member_once(struct networks *networks, uint32_t node,
			   const struct network *network,
			   const struct attachment_said *said)
{
	struct expansion *e = networks->e;
	const char *name = e->plan->nodes[node].name;

	on_verify(networks, node, network);
	if (network->host == node) {
		node_problem(e, node, said->name.at,
			     "%s carries network %s itself", name,
			     network->name);
		return false;
	}
	if (!keys_add(networks->members, node, &network->number,
		      sizeof(network->number), 0)) {
		node_problem(e, node, said->name.at,
			     "%s is in network %s already", name,
			     network->name);
		return false;
	}
	return true;
}

static void container_plan(struct networks *networks, uint32_t node)
{
	struct expansion *e = networks->e;
	const struct node_said *said = container_said(e, node);
	const struct attachment_said *list, *way = NULL;
	struct attachment_said single;
	struct network *network, *elected = NULL;
	struct plan_route *route;
	uint32_t i, count, eth_number = 0;

	count = said ? attachments_of(said, &list, &single) : 0;
	for (i = 0; i < count; i++) {
		network = network_find(networks, list[i].name.text);
		if (!network)
			network_verify(networks, node, &list[i]);
		if (!network || network->host == NO_NODE ||
		    !network->subnet.family)
			continue;
		if (!is_member_once(networks, node, network, &list[i]))
			continue;
		attach(networks, node, network, &eth_number, &list[i]);
		if (wins(network, elected)) {
			elected = network;
			way = &list[i];
		}
	}
	if (!elected || !elected->gateway.family || has_default(said))
		return;
	route = route_add(e, node, way->at);
	route->family = elected->gateway.family;
	route->is_default = true;
	route->via = elected->gateway;
}

void containers_plan(struct networks *networks)
{
	struct expansion *e = networks->e;
	uint32_t n;

	for (n = 0; n < e->plan->node_count; n++)
		reserve(networks, n);
	for (n = 0; n < e->plan->node_count; n++)
		container_plan(networks, n);
}
