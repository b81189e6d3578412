/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lab.h - the lab as a check sees it: nodes, and the kernel's state in them
 *
 * All state is read from the kernel when it is asked for (rtnetlink, see
 * rtnetlink(7)); nothing here parses a program's output.  Arrays that are
 * handed out are freed with free().
 */
#ifndef LABCHECK_LAB_H
#define LABCHECK_LAB_H

#include <net/if.h>
#include <stddef.h>

#include <labcheck/value.h>

struct lc_err;
struct lc_lab;
struct lc_node;
struct lc_verdict;

/** lc_lab_node() - A node by its name; NULL and @err set: there is none */
struct lc_node *lc_lab_node(struct lc_lab *lab, const char *name,
			    struct lc_err *err);

const char *lc_node_name(const struct lc_node *node);

/**
 * lc_lab_nodes() - The nodes that a list of names and patterns stands for
 * @ret_nodes:	Allocated array (free() the array alone)
 *
 * In the order of the list, those of a pattern in the order of the plan, each
 * once.
 */
int lc_lab_nodes(struct lc_lab *lab, const struct lc_list *patterns,
		 struct lc_node ***ret_nodes, size_t *ret_count,
		 struct lc_err *err);

/**
 * struct lc_network - A network of the lab, with the nodes that are in it now
 * @gateway:	Its gateway's IPv4 address; family 0: it has none
 * @members:	In the order of connecting; each with its addresses there
 *		(family 0: none)
 */
struct lc_network {
	struct lc_ip gateway;
	struct lc_member {
		struct lc_node *node;
		struct lc_ip ip, ip6;
	} *members;
	size_t member_count;
};

/** lc_lab_network() - A network by its name; -ENOENT if there is none */
int lc_lab_network(struct lc_lab *lab, const char *name,
		   struct lc_network *ret_network, struct lc_err *err);
void lc_network_done(struct lc_network *network);

/**
 * lc_target_address() - The address that a `to:` stands for
 * @from:	Who would send
 * @family:	AF_INET, AF_INET6, or 0: what both ends have, IPv4 first
 */
int lc_target_address(struct lc_node *from, const struct lc_value *target,
		      int family, struct lc_ip *ret_ip, struct lc_err *err);

/** struct lc_link - An interface (RTM_GETLINK) */
struct lc_link {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	char kind[16];			/* "veth", "bridge", ...; "" for lo */
	uint8_t mac[6];
	uint32_t mtu;
	unsigned int flags;		/* IFF_UP, IFF_LOWER_UP */
	uint8_t operstate;		/* IF_OPER_UP, ... (RFC 2863) */
	uint32_t master;		/* ifindex, 0: none */
	bool isolated, locked;		/* as a bridge port */
	uint8_t port_state;		/* as a bridge port: BR_STATE_... */
	uint32_t vni;			/* of a vxlan; and its port */
	uint16_t port;
	uint32_t peer;			/* ifindex at the other end, 0: none */
	int32_t peer_nsid;		/* -1: the same namespace */
	uint32_t lower;			/* the interface that it sends through
					 * (VLAN, macvlan, ...), 0: none */
	int32_t lower_nsid;
};

int lc_node_links(struct lc_node *node, struct lc_link **ret_links,
		  size_t *ret_count, struct lc_err *err);

/** lc_node_link() - One interface by name; -ENODEV if there is none */
int lc_node_link(struct lc_node *node, const char *name,
		 struct lc_link *ret_link, struct lc_err *err);

/** struct lc_interface_address - An address of an interface (RTM_GETADDR) */
struct lc_interface_address {
	uint32_t ifindex;
	struct lc_ip ip;
	uint8_t length;
	uint32_t flags;			/* IFA_F_TENTATIVE, ... */
};

int lc_node_addresses(struct lc_node *node,
		      struct lc_interface_address **ret_addresses,
		      size_t *ret_count, struct lc_err *err);

/** struct lc_neighbour - An entry of the neighbour table (RTM_GETNEIGH) */
struct lc_neighbour {
	uint32_t ifindex;
	char dev[IFNAMSIZ];
	struct lc_ip ip;
	bool has_mac;
	uint8_t mac[6];
	uint16_t state;			/* NUD_REACHABLE, ... */
	uint32_t age_ms;		/* since its state or MAC changed */
};

/* Entries of state NUD_NOARP (multicast, loopback) are left out */
int lc_node_neighbours(struct lc_node *node, struct lc_neighbour **ret_entries,
		       size_t *ret_count, struct lc_err *err);

/** struct lc_route - A route (RTM_GETROUTE) */
struct lc_route {
	uint8_t type;			/* RTN_UNICAST, RTN_BLACKHOLE, ... */
	uint8_t protocol;		/* RTPROT_KERNEL, ... */
	uint8_t scope;
	uint32_t table;
	struct lc_ip to;		/* all zero and length 0: default */
	uint8_t length;
	struct lc_ip via;		/* family 0: on-link */
	struct lc_ip source;		/* family 0: none */
	uint32_t metric;
	uint32_t ifindex;		/* 0: none */
	char dev[IFNAMSIZ];
	unsigned int flags;		/* RTNH_F_LINKDOWN, ... */
};

/* A multipath route counts as one route per next hop */
int lc_node_routes(struct lc_node *node, struct lc_route **ret_routes,
		   size_t *ret_count, struct lc_err *err);

/**
 * lc_node_lookup() - What the kernel would do with a packet to an address
 * @source:	Source address, or NULL
 *
 * Return: 0 and *@ret_route; the kernel's own answer where it has no route:
 * -ENETUNREACH (no route), -EHOSTUNREACH (unreachable), -EACCES (prohibit),
 * -EINVAL (blackhole); another -errno with @err set if it can't be told.
 */
int lc_node_lookup(struct lc_node *node, const struct lc_ip *to,
		   const struct lc_ip *source, struct lc_route *ret_route,
		   struct lc_err *err);

/** struct lc_fdb_entry - A bridge's or VXLAN's forwarding entry (AF_BRIDGE) */
struct lc_fdb_entry {
	uint8_t mac[6];
	uint32_t ifindex;		/* the port, or the vxlan device */
	char port[IFNAMSIZ];
	uint32_t master;		/* the bridge, 0: none */
	uint16_t state;			/* NUD_PERMANENT: a port's own, static */
	struct lc_ip dst;		/* of a VXLAN: the remote; family 0: none */
	uint32_t vni;
};

int lc_node_fdb(struct lc_node *node, struct lc_fdb_entry **ret_entries,
		size_t *ret_count, struct lc_err *err);

/**
 * struct lc_flow - What connection tracking knows of a conversation
 * @protocol:	IPPROTO_...
 * @original:	As its first packet came in; @reply: as an answer is expected to
 */
struct lc_flow {
	uint8_t protocol;
	struct lc_ends original, reply;
};

/** lc_node_flows() - The table of connections (ctnetlink, IPCTNL_MSG_CT_GET) */
int lc_node_flows(struct lc_node *node, struct lc_flow **ret_flows,
		  size_t *ret_count, struct lc_err *err);

/** enum lc_namespace - Kinds of namespaces, see namespaces(7) */
enum lc_namespace {
	LC_NS_NET, LC_NS_PID, LC_NS_UTS, LC_NS_MNT, LC_NS_IPC, LC_NS_USER,
};

extern const char *const lc_namespace_words[];	/* net, pid, ...; NULL */

/** lc_node_namespace() - The identity (device, inode) of a node's namespace */
int lc_node_namespace(struct lc_node *node, enum lc_namespace kind,
		      uint64_t *ret_id, struct lc_err *err);

/** lc_node_same_netns() - Whether two nodes share one network namespace */
int lc_node_same_netns(struct lc_node *a, struct lc_node *b, bool *ret_same,
		       struct lc_err *err);

/**
 * lc_node_peer() - Whether a veth end's other end is that interface
 *
 * Both ends' ifindex and the namespace id (RTM_GETNSID) must agree.
 */
int lc_node_peer(struct lc_node *node, const struct lc_link *link,
		 struct lc_node *other, const struct lc_link *other_link,
		 bool *ret_is_peer, struct lc_err *err);

/** struct lc_run_result - How a command ended */
struct lc_run_result {
	int status;			/* exit status; 128 + signal */
	bool timed_out;
	char *out;			/* '\0' behind it; cut at 1 MiB */
	size_t out_length;
	bool out_cut;
	char *err;
	size_t err_length;
	bool err_cut;
};

void lc_run_result_done(struct lc_run_result *result);

/**
 * lc_node_run() - Run a shell line in a node and wait for its end
 * @limit_ns:	It is killed, and all it started, when it takes longer
 */
int lc_node_run(struct lc_node *node, const char *command, uint64_t limit_ns,
		struct lc_run_result *ret_result, struct lc_err *err);

/**
 * lc_verdict_refused() - What it means for a check that a reader failed
 *
 * A node, an interface or an address that is not there fails the check: whoever
 * was to make it forgot to.  What this machine can't do or must not do skips it.  All
 * else is an error.
 */
void lc_verdict_refused(struct lc_verdict *v, int code,
			const struct lc_err *err);

/* Changes: each is done in full when it returns, or refused with the kernel's
 * own words in @err */

/**
 * struct lc_link_change - What set_link asks for
 * @state:	-1: leave, 0: down, 1: up
 * @mtu:	0: leave
 * @master:	NULL: leave, "": none, else the bridge's name
 */
struct lc_link_change {
	int state;
	uint32_t mtu;
	const char *master;
};

int lc_node_set_link(struct lc_node *node, const char *interface,
		     const struct lc_link_change *change, struct lc_err *err);
int lc_node_delete_link(struct lc_node *node, const char *interface,
			struct lc_err *err);

/**
 * lc_node_plug() - Pull a cable out of an interface, or put it back
 *
 * Only the carrier goes and comes: what is configured stays, as with a real
 * cable.  A veth loses its carrier when its peer goes down; what the kernel
 * takes from the peer then (IPv6 addresses, routes) is put back by plugging.
 */
int lc_node_plug(struct lc_node *node, const char *interface, bool plugged,
		 struct lc_err *err);

#endif
