/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtnl.h - one rtnetlink socket: batches of changes, and dumps
 *
 * rtnetlink works inside sendmsg(2): when it returns, all errors are queued
 * already.  So a batch is sent in one call and asks for no acknowledgements.
 */
#ifndef LAB_RTNL_H
#define LAB_RTNL_H

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>

#include <labcheck/value.h>

struct lc_err;
struct lc_node;
struct rtnl_msg;

struct rtnl;

/** rtnl_open() - Open a socket in the current network namespace */
int rtnl_open(struct rtnl **ret_rtnl, struct lc_err *err);

/** rtnl_adopt() - Of the descriptor that another process's rtnl_open() has opened
 * in a table that we share; NULL: out of memory, and it is still the caller's */
struct rtnl *rtnl_adopt(int fd);
int rtnl_fd(const struct rtnl *rtnl);

void rtnl_free(struct rtnl *rtnl);

/** rtnl_netns() - The namespace of the socket, as a new descriptor or -errno */
int rtnl_netns(const struct rtnl *rtnl);

/** rtnl_ifname() - The name of an interface in the socket's namespace; "" */
void rtnl_ifname(const struct rtnl *rtnl, uint32_t ifindex,
		 char name[IFNAMSIZ]);

/** node_rtnl() - A node's socket, opened when first asked for */
int node_rtnl(struct lc_node *node, struct rtnl **ret_rtnl,
	      struct lc_err *err);

/**
 * rtnl_add() - Append a message to the batch
 * @at:		The place of the scenario that asked for it
 * @what:	Its words ("link red:veth-red"), as for printf
 *
 * A message that overflowed is noted and makes rtnl_commit() fail.
 */
void rtnl_add(struct rtnl *rtnl, const struct rtnl_msg *m, struct lc_at at,
	      const char *what, ...) __attribute__((format(printf, 4, 5)));

/** rtnl_forgive() - The message added last may fail with that -errno */
void rtnl_forgive(struct rtnl *rtnl, int code);

/**
 * rtnl_commit() - Send the batch
 *
 * Return: 0, or the first error, with "WHAT: the kernel's own text" in @err
 * and its place in @ret_at (may be NULL).  The batch is empty afterwards.
 */
int rtnl_commit(struct rtnl *rtnl, struct lc_at *ret_at, struct lc_err *err);

/**
 * rtnl_ask() - Send the batch, whose messages all are questions
 *
 * Like rtnl_commit(), and every answer goes to @each.
 */
int rtnl_ask(struct rtnl *rtnl,
	     int (*each)(const struct nlmsghdr *answer, void *arg), void *arg,
	     struct lc_err *err);

/**
 * rtnl_request() - Send one request and hand every answer to a function
 *
 * For dumps (NLM_F_DUMP) and single answers.  A dump that the kernel marks as
 * interrupted (NLM_F_DUMP_INTR) is asked for again: @reset is called first.
 *
 * Return: 0, the kernel's -errno with its text in @err, or what @each
 * returned if it was not 0
 */
int rtnl_request(struct rtnl *rtnl, const struct rtnl_msg *m,
		 int (*each)(const struct nlmsghdr *answer, void *arg),
		 void (*reset)(void *arg), void *arg, struct lc_err *err);

#endif
