// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hearsay.c - whether what a node hears of another proves what asking would
 *
 * That blue finds red by ARP takes three things: what blue says to all comes to
 * red, red answers for its address, and what red sends to blue gets there.  Each
 * can be seen without blue's asking red, if it is the same for all that is said:
 * red has learned of blue from what blue asked of somebody else, red has answered
 * somebody else, and an echo has come back from red to blue.
 *
 * It is the same where nothing looks into ARP: cables, bridges and the kernel's
 * own IP alone.  A rule set of the file may hold rules for ARP or for frames; a
 * switch of another make has its own mind; proxies answer for others; and what a
 * program has done nobody knows.  There each must be asked for by each.
 *
 * Two that have one address both answer, and who is asked alone is not the one
 * who would have answered first; two that have one MAC address take each other's
 * frames, depending on who spoke last.
 */
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "probe/neighbour/hearsay.h"
#include "scenario/address.h"

enum { LEAST_MTU = 576 };

static bool kind_hears_alike(enum interface_kind kind)
{
	switch (kind) {
	case KIND_VETH:
	case KIND_BRIDGE:
	case KIND_DUMMY:
	case KIND_LOOPBACK:
		return true;
	case KIND_VXLAN:
	case KIND_MACVLAN:
	case KIND_VLAN:
	case KIND_TAP:
	case KIND_TUN:
	case KIND_BOND:
	case KIND_VRF:
	case KIND_WIREGUARD:
	case KIND_OPENVSWITCH:
		return false;
	}
	return false;
}

/* Of bridge-nf-call-arptables: no node has such tables */
static bool sysctl_hears_alike(const struct plan_sysctl *s)
{
	if (!strcmp(s->value, "0") || strstr(s->key, "bridge-nf-"))
		return true;
	return !strstr(s->key, "arp") && !strstr(s->key, "neigh") &&
	       !strstr(s->key, "medium_id");
}

/* A volley's echoes are not to be cut in pieces on their way */
static bool is_narrow(const struct plan_interface *interface)
{
	return interface->mtu && interface->mtu < LEAST_MTU;
}

static bool node_hears_alike(const struct plan_node *node)
{
	if (node->kind == NODE_ADOPTED || node->nftables_count ||
	    node->neighbor_count)
		return false;
	for (size_t i = 0; i < node->interface_count; i++)
		if (!kind_hears_alike(node->interfaces[i].kind) ||
		    is_narrow(&node->interfaces[i]))
			return false;
	for (size_t i = 0; i < node->sysctl_count; i++)
		if (!sysctl_hears_alike(&node->sysctls[i]))
			return false;
	return true;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static bool all_differ(uint64_t *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	for (size_t i = 1; i < count; i++)
		if (values[i] == values[i - 1])
			return false;
	return true;
}

static uint64_t mac_value(const uint8_t mac[6])
{
	uint64_t value = 0;

	memcpy(&value, mac, 6);
	return value;
}

/* Nobody has the IPv4 address or the MAC address of somebody else */
static bool everybody_is_one(const struct plan *plan)
{
	lc_auto(lc_free) uint64_t *macs = NULL, *ips = NULL;
	size_t mac_count = 0, ip_count = 0, most_macs = 0, most_ips = 0;

	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *n = &plan->nodes[i];

		most_macs += n->interface_count;
		for (size_t k = 0; k < n->interface_count; k++)
			most_ips += n->interfaces[k].address_count;
	}
	macs = calloc(most_macs + 1, sizeof(*macs));
	ips = calloc(most_ips + 1, sizeof(*ips));
	if (!macs || !ips)
		return false;
	for (size_t i = 0; i < plan->node_count; i++)
		for (size_t k = 0; k < plan->nodes[i].interface_count; k++) {
			const struct plan_interface *f =
				&plan->nodes[i].interfaces[k];

			if (f->has_mac)
				macs[mac_count++] = mac_value(f->mac);
			for (size_t a = 0; a < f->address_count; a++) {
				const struct lc_ip *ip = &f->addresses[a].ip;

				if (ip->family == AF_INET &&
				    !ip_is_loopback(ip))
					ips[ip_count++] = ip->v4.s_addr;
			}
		}
	return all_differ(macs, mac_count) && all_differ(ips, ip_count);
}

bool plan_hears_alike(const struct plan *plan)
{
	if (plan->delays)
		return false;
	for (size_t i = 0; i < plan->node_count; i++)
		if (!node_hears_alike(&plan->nodes[i]))
			return false;
	return everybody_is_one(plan);
}

bool lab_hears_alike(const struct lc_lab *lab)
{
	return !lab->altered && plan_hears_alike(lab->plan);
}
