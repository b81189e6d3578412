// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mac.c - MAC addresses that are the same in every run
 *
 * They come from the names of node and interface, so that two runs give the
 * same captures and a change elsewhere in the file changes nothing here.  Two
 * names with one hash are told apart by trying the next.
 *
 * Left to the kernel is what takes its address from another interface: bridge
 * and bond from their ports, vlan and passthru macvlan from their parent.
 */
#include <string.h>

#include "expand.h"

static bool has_own_mac(const struct plan_interface *interface)
{
	switch (interface->kind) {
	case KIND_VETH:
	case KIND_VXLAN:
	case KIND_DUMMY:
	case KIND_TAP:
	case KIND_VRF:
	case KIND_OPENVSWITCH:
		return true;
	case KIND_MACVLAN:
		return interface->mode != MACVLAN_PASSTHRU;
	case KIND_BRIDGE:
	case KIND_VLAN:
	case KIND_BOND:
	case KIND_TUN:
	case KIND_WIREGUARD:
	case KIND_LOOPBACK:
		break;
	}
	return false;
}

/* 02:... : locally administered, unicast */
static void derive(struct keys *taken, const struct plan_node *node,
		   struct plan_interface *interface)
{
	uint64_t hash, salt;
	size_t i;

	for (salt = 0;; salt++) {
		hash = hash_bytes(salt, node->name, strlen(node->name));
		hash = hash_bytes(hash, interface->name,
				  strlen(interface->name));
		interface->mac[0] = 0x02;
		for (i = 1; i < 6; i++, hash >>= 8)
			interface->mac[i] = (uint8_t)hash;
		/* 02:42 is for addresses that come from networks */
		if (interface->mac[1] != 0x42 &&
		    keys_add(taken, 0, interface->mac, 6, 0))
			break;
	}
	interface->has_mac = true;
}

void macs_plan(struct expansion *e)
{
	struct arena *arena = arena_new();
	struct keys *taken = keys_new(arena);
	struct plan_interface *interface;
	struct plan_node *node;
	size_t n, i;

	for (n = 0; n < e->plan->node_count; n++) {
		node = &e->plan->nodes[n];
		for (i = 0; i < node->interface_count; i++)
			if (node->interfaces[i].has_mac)
				keys_add(taken, 0, node->interfaces[i].mac, 6,
					  0);
	}
	for (n = 0; n < e->plan->node_count; n++) {
		node = &e->plan->nodes[n];
		for (i = 0; i < node->interface_count; i++) {
			interface = &node->interfaces[i];
			if (!interface->has_mac && has_own_mac(interface))
				derive(taken, node, interface);
		}
	}
	arena_free(arena);
}
