// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * announce.c - interfaces that tell their neighbours of themselves
 *
 * Docker 28 gives its containers MAC addresses that nobody can guess.  Who gets
 * an address that was somebody's would be lost to all that remember the former
 * one's MAC, so it says at once who it is: an ARP request for its own address,
 * to all (an announcement, RFC 5227 section 3).  A neighbour that has an entry
 * corrects it, and one that has none makes none.
 */
#include <errno.h>
#include <string.h>

#include <linux/if_packet.h>
#include <netinet/if_ether.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "announce.h"
#include "lab.h"

static struct ether_arp announcement(const uint8_t mac[6],
				     const struct lc_ip *ip)
{
	struct ether_arp arp = {
		.arp_hrd = htons(ARPHRD_ETHER),
		.arp_pro = htons(ETHERTYPE_IP),
		.arp_hln = ETH_ALEN,
		.arp_pln = sizeof(ip->v4),
		.arp_op = htons(ARPOP_REQUEST),
	};

	memcpy(arp.arp_sha, mac, sizeof(arp.arp_sha));
	memcpy(arp.arp_spa, &ip->v4, sizeof(arp.arp_spa));
	memcpy(arp.arp_tpa, &ip->v4, sizeof(arp.arp_tpa));
	return arp;
}

static int announce(int fd, const struct plan_interface *interface,
		    const struct lc_ip *ip)
{
	const struct ether_arp arp = announcement(interface->mac, ip);
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_ARP),
		.sll_ifindex = (int)interface->ifindex,
		.sll_halen = ETH_ALEN,
	};

	memset(to.sll_addr, 0xff, ETH_ALEN);
	if (sendto(fd, &arp, sizeof(arp), 0, (struct sockaddr *)&to,
		   sizeof(to)) < 0)
		return -errno;
	return 0;
}

static int interface_announce(struct lc_node *node,
			      const struct plan_interface *interface,
			      struct lc_err *err)
{
	lc_auto(lc_close) int fd = -1;
	int r = 0;

	fd = node_socket(node, AF_PACKET, SOCK_DGRAM, 0, err);
	if (fd < 0)
		return fd;
	for (size_t i = 0; i < interface->address_count && !r; i++)
		if (interface->addresses[i].ip.family == AF_INET)
			r = announce(fd, interface,
				     &interface->addresses[i].ip);
	if (r)
		return lc_err_set(err, r, "%s:%s can't announce its address: %s",
				  node->plan->name, interface->name,
				  strerror(-r));
	return 0;
}

static int node_announce(struct lc_node *node, struct lc_at *ret_at,
			 struct lc_err *err)
{
	const struct plan_interface *interface;
	int r = 0;

	for (size_t i = 0; i < node->plan->interface_count && !r; i++) {
		interface = &node->plan->interfaces[i];
		if (!interface->announce || !interface->up ||
		    !interface_is_new(node, interface))
			continue;
		r = interface_announce(node, interface, err);
		if (r)
			*ret_at = interface->at;
	}
	return r;
}

int lab_announce(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (lab->nodes[i].plan->kind == NODE_OWN &&
		    !lab->nodes[i].plan->absent)
			r = node_announce(&lab->nodes[i], ret_at, err);
	return r;
}
