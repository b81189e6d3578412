// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netns.c - network namespaces of nodes: made, entered, left
 *
 * A namespace has no name: a descriptor holds it, and when this process is
 * gone, however it goes, so is the namespace.  Sockets are opened inside one
 * and used from outside: entering costs less than a microsecond, and nobody
 * needs to remember where the process is, for it is always at home.
 *
 * Home is where the sandbox was born.  To make a namespace, and to take it down,
 * are what a small lab's time goes into: so a node that stays for as long as the
 * lab does lives there, and the others each get one of their own.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab.h"
#include "netfilter.h"
#include "netns.h"
#include "ready.h"
#include "rtnl.h"

int lab_open_home(struct lc_lab *lab, struct lc_err *err)
{
	struct rtnl *rtnl;
	int fd, r;

	r = rtnl_open(&rtnl, err);
	if (r)
		return r;
	fd = rtnl_netns(rtnl);
	rtnl_free(rtnl);
	if (fd < 0)
		return lc_err_set(err, fd, "own network namespace: %s",
				  strerror(-fd));
	lab->home = fd;
	return 0;
}

static bool stays(const struct lc_node *node)
{
	const struct plan *plan = node->lab->plan;

	if (node->plan->kind != NODE_OWN)
		return false;
	for (; plan; plan = plan->next)
		if (plan->nodes[node->index].absent)
			return false;
	return true;
}

const struct lc_node *lab_resident(const struct lc_lab *lab)
{
	const struct lc_node *resident = NULL;

	/* requires.c has tried things out there, and left them */
	if (lab->plan->scenario->requires.count)
		return NULL;
	for (size_t i = lab->node_count; i--; ) {
		const struct lc_node *node = &lab->nodes[i];

		/* What is adopted by its path must not be home by mistake */
		if (node->plan->kind == NODE_ADOPTED)
			return NULL;
		if (stays(node))
			resident = node;
	}
	return resident;
}

int node_create(struct lc_node *node, bool at_home, struct lc_err *err)
{
	int r, netns;

	if (at_home) {
		lab_leave(node->lab);
	} else if (unshare(CLONE_NEWNET)) {
		r = -errno;
		return lc_err_set(
			err, r, "network namespace for %s: %s%s",
			node->plan->name, strerror(-r),
			r == -ENOSPC ?
				" (limit: sysctl user.max_net_namespaces)" :
				"");
	}
	/* While inside, open what is needed here anyway */
	r = rtnl_open(&node->rtnl, err);
	if (r)
		return r;
	netns = rtnl_netns(node->rtnl);
	if (netns < 0) {
		/* Where descriptors are shared (births.c) nobody else would close it */
		rtnl_free(node->rtnl);
		node->rtnl = NULL;
		return lc_err_set(err, netns, "network namespace of %s: %s",
				  node->plan->name, strerror(-netns));
	}
	node->netns = netns;
	return 0;
}

struct lc_node *netns_owner(struct lc_node *node)
{
	if (node->plan->kind == NODE_SHARED)
		return &node->lab->nodes[node->plan->shares];
	return node;
}

int node_open(struct lc_node *node, struct lc_err *err)
{
	struct lc_node *owner;
	int r;

	if (node->netns >= 0)
		return 0;
	switch (node->plan->kind) {
	case NODE_OWN:
		return lc_err_set(err, -ENODEV, "node %s is not built",
				  node->plan->name);
	case NODE_ADOPTED:
		r = node_adopt(node, err);
		/* Who made it may have set its links up a moment ago */
		if (!r)
			node_settle(node, NULL);
		return r;
	case NODE_SHARED:
		break;
	}
	owner = netns_owner(node);
	r = node_open(owner, err);
	if (r)
		return r;
	node->netns = fcntl(owner->netns, F_DUPFD_CLOEXEC, 3);
	if (node->netns < 0)
		return lc_err_set(err, -errno, "network namespace of %s: %s",
				  node->plan->name, strerror(errno));
	if (owner->process >= 0)
		node->process = fcntl(owner->process, F_DUPFD_CLOEXEC, 3);
	return 0;
}

void node_forget(struct lc_node *node)
{
	rtnl_free(node->rtnl);
	node->rtnl = NULL;
	netfilter_forget(node);
	lc_close(&node->netns);
	lc_close(&node->mntns);
	lc_close(&node->process);
}

int node_enter(struct lc_node *node, struct lc_err *err)
{
	int r = node_open(node, err);

	if (r)
		return r;
	if (setns(node->netns, CLONE_NEWNET)) {
		r = -errno;
		return lc_err_set(err, r, "network namespace of %s: %s%s",
				  node->plan->name, strerror(-r),
				  r == -EPERM ? "; it needs --privileged" : "");
	}
	return 0;
}

/* Coming home cannot fail: the descriptor is ours, and so is the namespace.
 * If it did all the same, nothing done from here on could be trusted. */
void lab_leave(struct lc_lab *lab)
{
	if (setns(lab->home, CLONE_NEWNET))
		abort();
}

int node_socket(struct lc_node *node, int domain, int type, int protocol,
		struct lc_err *err)
{
	int fd, r;

	r = node_enter(node, err);
	if (r)
		return r;
	fd = socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (fd < 0)
		fd = lc_err_set(err, -errno, "socket on %s: %s",
				node->plan->name, strerror(errno));
	lab_leave(node->lab);
	return fd;
}

int node_rtnl(struct lc_node *node, struct rtnl **ret_rtnl, struct lc_err *err)
{
	struct lc_node *owner = netns_owner(node);
	/* An adopted one may get its socket by being looked up */
	int r = node_open(owner, err);

	if (!r && !owner->rtnl) {
		r = node_enter(owner, err);
		if (r)
			return r;
		r = rtnl_open(&owner->rtnl, err);
		lab_leave(owner->lab);
	}
	if (!r)
		*ret_rtnl = owner->rtnl;
	return r;
}
