/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address_message.h - requests for addresses, neighbours and routes; pure
 */
#ifndef LAB_ADDRESS_MESSAGE_H
#define LAB_ADDRESS_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <labcheck/value.h>

struct plan_fdb;
struct plan_neighbor;
struct plan_route;
struct rtnl_msg;

/**
 * rtnl_build_address() - Add an address to an interface
 *
 * An IPv6 address is usable at once: nobody asks first whether another node
 * has it (IFA_F_NODAD), as everybody's addresses are known here.
 */
void rtnl_build_address(struct rtnl_msg *m, uint32_t ifindex,
			const struct lc_ip *ip, uint8_t length);

/** rtnl_build_neighbour() - Add a static entry */
void rtnl_build_neighbour(struct rtnl_msg *m, const struct plan_neighbor *n);

/** rtnl_build_neighbour_heard() - As if it had asked for the node */
void rtnl_build_neighbour_heard(struct rtnl_msg *m, uint32_t ifindex,
				const struct lc_ip *ip, const uint8_t mac[6]);

/**
 * rtnl_build_neighbour_vouch() - Keep an entry that exists out of the kernel's
 * count of them, and as it is otherwise
 */
void rtnl_build_neighbour_vouch(struct rtnl_msg *m, uint32_t ifindex,
				const struct lc_ip *ip);

/**
 * rtnl_build_neighbour_failed() - Have the kernel give up on a neighbour that it
 * asks for
 *
 * As after its last question: the entry has failed, and whoever waits for the
 * neighbour is told.
 */
void rtnl_build_neighbour_failed(struct rtnl_msg *m, uint32_t ifindex,
				 const struct lc_ip *ip);

/**
 * rtnl_build_neighbour_blank() - Make an entry that says nothing, and that the
 * kernel does not count; -EEXIST: there is one
 *
 * Who has it asks before it sends, as if there were none.  But unlike without
 * one it takes note of what it hears: of any ARP request of that neighbour.
 */
void rtnl_build_neighbour_blank(struct rtnl_msg *m, uint32_t ifindex,
				const struct lc_ip *ip);
void rtnl_build_neighbour_delete(struct rtnl_msg *m, uint32_t ifindex,
				 const struct lc_ip *ip);

/**
 * rtnl_build_fdb() - Add a permanent entry to a forwarding table
 *
 * With a remote (dst): to a VXLAN's own table, else to that of the bridge that
 * the interface is a port of.
 */
void rtnl_build_fdb(struct rtnl_msg *m, const struct plan_fdb *fdb);
void rtnl_build_fdb_delete(struct rtnl_msg *m, const struct plan_fdb *fdb);

void rtnl_build_route(struct rtnl_msg *m, const struct plan_route *route);

/**
 * rtnl_build_neighbour_patience() - How long a neighbour has to answer
 * @family:	AF_INET: ARP; AF_INET6: neighbour discovery
 * @retrans_ms:	Time between two questions, of which three are asked
 *
 * And whoever answers for others on this interface (proxy ARP) does so at once,
 * instead of after a random time that may be longer than that.
 */
void rtnl_build_neighbour_patience(struct rtnl_msg *m, int family,
				   uint32_t ifindex, uint64_t retrans_ms);

#endif
