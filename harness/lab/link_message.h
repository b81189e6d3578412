/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_message.h - requests that make and change interfaces; pure
 */
#ifndef LAB_LINK_MESSAGE_H
#define LAB_LINK_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

struct plan_interface;
struct rtnl_msg;

/**
 * struct rtnl_end - One end of a veth pair
 * @interface:	Name, index, MAC and MTU
 * @netns:	The namespace that it is to live in; -1: the socket's own
 * @master:	ifindex of its bridge, 0: none.  Only an end that is made in
 *		the socket's own namespace can have one
 */
struct rtnl_end {
	const struct plan_interface *interface;
	int netns;
	uint32_t master;
};

/** rtnl_build_veth() - A veth pair across two namespaces, both ends down */
void rtnl_build_veth(struct rtnl_msg *m, const struct rtnl_end *end,
		     const struct rtnl_end *peer);

/**
 * rtnl_build_link() - Any other kind of interface but tap and tun; down
 * @netns:	The namespace that it is to live in; -1: the socket's own
 *
 * What a macvlan stands on, and where the datagrams of a vxlan travel, is
 * always the socket's own namespace.  So one that lives elsewhere than its
 * lower interface is asked for from below, and is born where it stays; asked
 * for from above (IFLA_LINK_NETNSID) it would be moved there by most kernels.
 */
void rtnl_build_link(struct rtnl_msg *m,
		     const struct plan_interface *interface, int netns);

/** rtnl_build_link_state() - Set an interface up or down */
void rtnl_build_link_state(struct rtnl_msg *m, uint32_t ifindex, bool up);

/** rtnl_build_links_down() - Set all down that are in no group of their own */
void rtnl_build_links_down(struct rtnl_msg *m);
void rtnl_build_link_master(struct rtnl_msg *m, uint32_t ifindex,
			    uint32_t master);
void rtnl_build_link_mtu(struct rtnl_msg *m, uint32_t ifindex, uint32_t mtu);
void rtnl_build_link_mac(struct rtnl_msg *m, uint32_t ifindex,
			 const uint8_t mac[6]);

/** rtnl_build_link_carrier() - Of macvlan and tap, which have a switch for it */
void rtnl_build_link_carrier(struct rtnl_msg *m, uint32_t ifindex, bool on);

/** rtnl_build_link_quiet() - No IPv6 link-local address when it comes up */
void rtnl_build_link_quiet(struct rtnl_msg *m, uint32_t ifindex);

/** rtnl_build_port() - A bridge port's own settings: isolated, hairpin */
void rtnl_build_port(struct rtnl_msg *m, const struct plan_interface *i);

void rtnl_build_link_delete(struct rtnl_msg *m, uint32_t ifindex);

/** rtnl_build_link_get() - Ask for one interface; by @name if @ifindex is 0 */
void rtnl_build_link_get(struct rtnl_msg *m, uint32_t ifindex,
			 const char *name);

/** rtnl_build_netem() - Delay, jitter, loss and rate of what leaves */
void rtnl_build_netem(struct rtnl_msg *m,
		      const struct plan_interface *interface);

#endif
