// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * announce.c - interfaces that tell their neighbours of themselves
 *
 * Docker 28 gives its containers MAC addresses that nobody can guess.  Who gets
 * an address that was somebody's would be lost to all that remember the former
 * one's MAC, so it says at once who it is: an ARP request for its own address,
 * to all (an announcement, RFC 5227 section 3), and an unsolicited neighbour
 * advertisement for an IPv6 one (RFC 4861 section 7.2.6).  A neighbour that has
 * an entry corrects it, and one that has none makes none.
 */
#include <errno.h>
#include <string.h>

#include <linux/if_packet.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "announce.h"
#include "lab.h"

static int failed(const struct lc_node *node,
		  const struct plan_interface *interface, struct lc_err *err)
{
	int r = -errno;

	return lc_err_set(err, r, "%s:%s can't announce its address: %s",
			  node->plan->name, interface->name, strerror(-r));
}

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

static int announce_ipv4(struct lc_node *node,
			 const struct plan_interface *interface,
			 const struct lc_ip *ip, struct lc_err *err)
{
	lc_auto(lc_close) int fd = node_socket(node, AF_PACKET, SOCK_DGRAM, 0,
					       err);
	const struct ether_arp arp = announcement(interface->mac, ip);
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_ARP),
		.sll_ifindex = (int)interface->ifindex,
		.sll_halen = ETH_ALEN,
	};

	if (fd < 0)
		return fd;
	memset(to.sll_addr, 0xff, ETH_ALEN);
	if (sendto(fd, &arp, sizeof(arp), 0, (struct sockaddr *)&to,
		   sizeof(to)) < 0)
		return failed(node, interface, err);
	return 0;
}

/** struct advertisement - A neighbour advertisement; the kernel fills in its
 * checksum */
struct advertisement {
	struct nd_neighbor_advert header;
	struct nd_opt_hdr option;
	uint8_t mac[6];
};

static struct advertisement advertisement(const uint8_t mac[6],
					  const struct lc_ip *ip)
{
	struct advertisement na = {
		.header.nd_na_type = ND_NEIGHBOR_ADVERT,
		.header.nd_na_flags_reserved = ND_NA_FLAG_OVERRIDE,
		.header.nd_na_target = ip->v6,
		.option.nd_opt_type = ND_OPT_TARGET_LINKADDR,
		.option.nd_opt_len = 1,		/* of eight bytes */
	};

	memcpy(na.mac, mac, sizeof(na.mac));
	return na;
}

/* To all nodes, from the address itself, and from no further away than the
 * link (a hop limit of 255) */
static int announce_ipv6(struct lc_node *node,
			 const struct plan_interface *interface,
			 const struct lc_ip *ip, struct lc_err *err)
{
	lc_auto(lc_close) int fd = node_socket(node, AF_INET6, SOCK_RAW,
					       IPPROTO_ICMPV6, err);
	const struct advertisement na = advertisement(interface->mac, ip);
	const struct sockaddr_in6 from = {
		.sin6_family = AF_INET6, .sin6_addr = ip->v6,
	};
	const struct sockaddr_in6 to = {
		.sin6_family = AF_INET6,
		.sin6_addr.s6_addr = { 0xff, 0x02, [15] = 1 },
		.sin6_scope_id = interface->ifindex,
	};
	const int hops = 255;

	if (fd < 0)
		return fd;
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops,
		       sizeof(hops)) < 0 ||
	    bind(fd, (const struct sockaddr *)&from, sizeof(from)) < 0 ||
	    sendto(fd, &na, sizeof(na), 0, (const struct sockaddr *)&to,
		   sizeof(to)) < 0)
		return failed(node, interface, err);
	return 0;
}

static int interface_announce(struct lc_node *node,
			      const struct plan_interface *interface,
			      struct lc_err *err)
{
	const struct lc_ip *ip;
	int r = 0;

	for (size_t i = 0; i < interface->address_count && !r; i++) {
		ip = &interface->addresses[i].ip;
		r = ip->family == AF_INET
			    ? announce_ipv4(node, interface, ip, err)
			    : announce_ipv6(node, interface, ip, err);
	}
	return r;
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
