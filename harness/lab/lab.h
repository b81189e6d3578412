/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lab.h - a lab that stands: nodes as namespaces held by file descriptors
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <labcheck/lab.h>

#include "scenario/plan.h"

struct rtnl;
struct sandbox;

/**
 * struct lc_node - A node of the lab
 * @netns:	Its network namespace; -1: an adopted one not yet looked up
 * @rtnl:	rtnetlink socket that was opened inside it; made when first
 *		needed
 * @mntns:	Mount namespace of the commands that run on it, with its own
 *		/sys; -1 until one runs
 * @probe:	The engine's own (sockets, taps); see probe/
 */
struct lc_node {
	struct lc_lab *lab;
	const struct plan_node *plan;
	uint32_t index;
	int netns;
	struct rtnl *rtnl;
	int mntns;
	int process;			/* its folder in /proc, of `pid:` and
					 * `docker:`; else -1 */
	struct probe_node *probe;
	struct netfilter *netfilter;	/* handles of its rules (netfilter.c) */
};

/**
 * struct lc_lab - The lab
 * @before:	The plan that it is coming from while it goes on to the next
 *		(advance.c); NULL: it is built from nothing, or it stands
 * @altered:	A program of the scenario has run in it, or a step has changed an
 *		interface: it may be anything but what was planned
 * @meanwhile:	Called now and then while a command is waited for, if not NULL
 */
struct lc_lab {
	const struct plan *plan, *before;
	const struct sandbox *sandbox;
	struct lc_node *nodes;		/* as in the plan */
	size_t node_count;
	int home;			/* the sandbox's own network namespace */
	struct unplugged *unplugged;	/* what plugging in restores (plug.c) */
	bool furnished;			/* for programs (furnish.h) */
	bool named;			/* /run/netns holds the nodes' names */
	bool relaxed;			/* neighbours have their usual time */
	bool altered;
	size_t examined;		/* see postmortem/: how often */
	struct daemon *daemon;		/* see daemon/; NULL: none runs */
	struct captures *captures;	/* of the step under way; probe/ */
	struct recording *recording;	/* see probe/; NULL: none */
	void (*meanwhile)(struct lc_lab *lab);
	uint64_t worst_rtt_ns;		/* of this run, so far; kept by probe/ */
};

/**
 * lab_build() - Build what a plan says, but for services
 *
 * Must run inside the sandbox.  It returns when everything can be used: every
 * link that is to be up passes traffic, addresses are no longer tentative.
 *
 * Return: 0; -EOPNOTSUPP with @err when this kernel lacks something (@err
 * names it: the scenario is skipped); another -errno with @err, which opens
 * with the scenario's own words and ends with the kernel's.  @ret_at then is
 * the place in the file that asked for it (line 0: none), and @lab is done.
 */
int lab_build(struct lc_lab *lab, const struct plan *plan,
	      const struct sandbox *sandbox, struct lc_at *ret_at,
	      struct lc_err *err);

/** lab_serve() - Start the services of all nodes (of one of them: node_serve())
 * and wait until they are ready; with @ret_at, as lab_build() */
int lab_serve(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err);
int node_serve(struct lc_node *node, struct lc_at *ret_at,
	       struct lc_err *err);

/** lab_done() - Close all; the kernel does the rest */
void lab_done(struct lc_lab *lab);

/** node_stands() - It has a network namespace that is labcheck's own */
bool node_stands(const struct lc_node *node);

/* While a lab is built or goes on: whether something is still to be made */
bool node_is_new(const struct lc_node *node);
bool interface_is_new(const struct lc_node *node,
		      const struct plan_interface *interface);

/** node_open() - Look up an adopted node's namespace if it is not open yet */
int node_open(struct lc_node *node, struct lc_err *err);

/** node_is_current() - Whether what an adopted node's `netns` names is what is
 * open */
bool node_is_current(const struct lc_node *node);

/** node_forget() - Close all that is open of a node, but for what probe/ has */
void node_forget(struct lc_node *node);

/** node_enter() - Make the calling thread's network namespace the node's */
int node_enter(struct lc_node *node, struct lc_err *err);

/** lab_leave() - Back into the sandbox's own network namespace */
void lab_leave(struct lc_lab *lab);

/**
 * node_socket() - Open a socket inside a node, to be used from outside
 *
 * SOCK_CLOEXEC and SOCK_NONBLOCK are added.
 *
 * Return: the socket, or -errno with @err
 */
int node_socket(struct lc_node *node, int domain, int type, int protocol,
		struct lc_err *err);

/** node_neighbour() - One entry of a node's neighbour table; -ENOENT: none */
int node_neighbour(struct lc_node *node, uint32_t ifindex,
		   const struct lc_ip *ip, struct lc_neighbour *ret_entry,
		   struct lc_err *err);

/** node_link() - An interface by its index; false: there is none */
bool node_link(struct lc_node *node, uint32_t ifindex,
	       struct lc_link *ret_link);

#endif
