// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * interface.c - what an entry under `interfaces` says of its interface
 */
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"
#include "problems.h"

static void addresses_configure(struct expansion *e, uint32_t node,
				uint32_t position,
				const struct interface_said *said)
{
	const struct plan_node *owner = node_owner(e, node);
	const struct lc_value *value;
	char text[IP_TEXT_SIZE];
	uint32_t i;

	for (i = 0; said->addresses.items && i < said->addresses.count; i++) {
		value = &said->addresses.items[i];
		if (!value->ip.family)
			continue;
		if (ip_is_any(&value->ip) || ip_is_multicast(&value->ip)) {
			node_problem(e, node, value->at,
				     "%s is no address that an interface can have",
				     ip_format(&value->ip, text));
			continue;
		}
		if (!interface_address(e, owner->number, position, &value->ip,
				       value->length, value->at))
			node_problem(e, node, value->at,
				     "%s has the address %s already",
				     owner->name, ip_format(&value->ip, text));
	}
}

/* The interface under a vxlan (dev), macvlan or vlan (parent) */
static uint32_t lower_find(struct expansion *e, uint32_t node,
			   const struct plan_interface *upper,
			   const struct lc_scalar *name)
{
	const struct plan_node *owner = node_owner(e, node);
	const struct plan_interface *lower;

	if (!name->text)
		return 0;
	if (!strcmp(name->text, "lo")) {
		node_problem(e, node, name->at, "nothing can stand on lo");
		return 0;
	}
	lower = plan_interface_find(owner, name->text);
	if (!lower) {
		node_lacks(e, node, name->at, "%s has no interface %s",
			   owner->name, name->text);
		return 0;
	}
	if (lower == upper) {
		node_problem(e, node, name->at,
			     "%s can't stand on itself", upper->name);
		return 0;
	}
	return lower->ifindex;
}

static void required(struct expansion *e, uint32_t node,
		     const struct interface_said *said,
		     const struct lc_scalar *value, const char *key)
{
	if (!lc_given(value))
		node_lacks(e, node, said->at, "%s %s needs `%s`",
			   said->kind->text, said->name.text, key);
}

static void vxlan_configure(struct expansion *e, uint32_t node,
			    struct plan_interface *interface,
			    const struct interface_said *said)
{
	required(e, node, said, said->vni, "vni");
	interface->vni = (uint32_t)said->vni->number;
	interface->local = said->local->ip;
	interface->remote = said->remote->ip;
	if (said->local->ip.family && said->remote->ip.family &&
	    said->local->ip.family != said->remote->ip.family)
		node_problem(e, node, said->remote->at,
			     "`local` and `remote` are of different families");
	if (ip_is_multicast(&said->remote->ip) && !said->dev->text)
		node_lacks(e, node, said->remote->at,
			   "a multicast `remote` needs `dev`");
	interface->port =
		lc_given(said->port) ? (uint16_t)said->port->number : 4789;
	interface->lower = lower_find(e, node, interface, said->dev);
}

/* Its datapath is an interface of the node as well */
static void openvswitch_configure(struct expansion *e, uint32_t node)
{
	const struct plan_node *owner = node_owner(e, node);
	const struct plan_interface *taken;

	taken = plan_interface_find(owner, "ovs-netdev");
	if (taken)
		node_problem(e, node, taken->at,
			     "ovs-netdev is what Open vSwitch calls its own "
			     "interface");
}

/* A macvlan on another node's interface is a network's, which says it all */
static bool is_of_network(const struct plan_interface *interface)
{
	return interface->lower_node != NO_NODE;
}

static void kind_configure(struct expansion *e, uint32_t node,
			   struct plan_interface *interface,
			   const struct interface_said *said)
{
	switch (interface->kind) {
	case KIND_VXLAN:
		vxlan_configure(e, node, interface, said);
		break;
	case KIND_MACVLAN:
		if (is_of_network(interface))
			break;
		required(e, node, said, said->parent, "parent");
		interface->lower = lower_find(e, node, interface, said->parent);
		interface->mode = said->mode->choice;
		break;
	case KIND_VLAN:
		required(e, node, said, said->parent, "parent");
		required(e, node, said, said->vlan, "vlan");
		interface->lower = lower_find(e, node, interface, said->parent);
		interface->vlan = (uint16_t)said->vlan->number;
		break;
	case KIND_VRF:
		required(e, node, said, said->table, "table");
		interface->table = (uint32_t)said->table->number;
		break;
	case KIND_OPENVSWITCH:
		openvswitch_configure(e, node);
		break;
	case KIND_VETH:
	case KIND_BRIDGE:
	case KIND_DUMMY:
	case KIND_TAP:
	case KIND_TUN:
	case KIND_BOND:
	case KIND_WIREGUARD:
	case KIND_LOOPBACK:
		break;
	}
}

static const char *article(enum interface_kind kind)
{
	if (kind == KIND_LOOPBACK)
		return "";
	return kind == KIND_OPENVSWITCH ? "an " : "a ";
}

#define SAID(key)	said->key->text, said->key->at

/* Keys of one kind on another would be silently without effect */
static void foreign_keys(struct expansion *e, uint32_t node,
			 const struct plan_interface *interface,
			 const struct interface_said *said)
{
	enum interface_kind kind = interface->kind;
	const struct {
		const char *key, *text;
		struct lc_at at;
		bool fits;
	} keys[] = {
		{ "vni", SAID(vni), kind == KIND_VXLAN },
		{ "local", SAID(local), kind == KIND_VXLAN },
		{ "remote", SAID(remote), kind == KIND_VXLAN },
		{ "port", SAID(port), kind == KIND_VXLAN },
		{ "dev", SAID(dev), kind == KIND_VXLAN },
		{ "parent", SAID(parent),
		  (kind == KIND_MACVLAN && !is_of_network(interface)) ||
			  kind == KIND_VLAN },
		{ "mode", SAID(mode),
		  kind == KIND_MACVLAN && !is_of_network(interface) },
		{ "vlan", SAID(vlan), kind == KIND_VLAN },
		{ "table", SAID(table), kind == KIND_VRF },
		{ "mac", SAID(mac),
		  kind != KIND_TUN && kind != KIND_WIREGUARD &&
			  kind != KIND_LOOPBACK },
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].text && !keys[i].fits)
			node_problem(e, node, keys[i].at,
				     "`%s` means nothing to %s, which is %s%s",
				     keys[i].key, interface->name, article(kind),
				     kind == KIND_LOOPBACK
					     ? "the loopback"
					     : interface_kind_words[kind]);
}

static void mac_configure(struct expansion *e, uint32_t node,
			  struct plan_interface *interface,
			  const struct lc_value *mac)
{
	static const uint8_t none[6];

	if (!lc_given(mac) || !memcmp(mac->mac, none, sizeof(none)))
		return;
	if (mac->mac[0] & 1)
		node_problem(e, node, mac->at,
			     "the MAC of an interface is no multicast "
			     "address (its first byte is even)");
	memcpy(interface->mac, mac->mac, sizeof(interface->mac));
	interface->has_mac = interface->mac_said = true;
}

static void mtu_configure(struct expansion *e, uint32_t node,
			  struct plan_interface *interface,
			  const struct lc_scalar *mtu)
{
	if (lc_given(mtu))
		interface->mtu = (uint32_t)mtu->number;
	if (interface->ipv6 && interface->mtu && interface->mtu < 1280)
		node_problem(e, node, mtu->text ? mtu->at : interface->at,
			     "IPv6 needs an mtu of at least 1280, %s has %u",
			     interface->name, interface->mtu);
}

void interface_configure(struct expansion *e, uint32_t node, uint32_t position,
			 const struct interface_said *said)
{
	struct plan_interface *interface;

	interface = &node_owner(e, node)->interfaces[position];
	foreign_keys(e, node, interface, said);
	mac_configure(e, node, interface, said->mac);
	addresses_configure(e, node, position, said);
	if (lc_given(said->ipv6) && !said->ipv6->flag && interface->ipv6)
		node_problem(e, node, said->ipv6->at,
			     "%s has an IPv6 address, so IPv6 can't be off",
			     interface->name);
	if (said->ipv6->flag)
		interface->ipv6 = true;
	mtu_configure(e, node, interface, said->mtu);
	if (lc_given(said->state))
		interface->up = said->state->choice == STATE_UP;
	if (interface->kind == KIND_LOOPBACK && !interface->up) {
		node_problem(e, node, said->state->at, "lo is always up");
		interface->up = true;
	}
	interface->isolated = said->isolated->flag;
	kind_configure(e, node, interface, said);
}
