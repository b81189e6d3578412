// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * build.c - from a plan to a lab that stands
 *
 * The order matters, and is this: namespaces; settings that interfaces inherit
 * when they are made; interfaces, all down, bridges and the like first; settings
 * that name an interface; then, node by node, up and addresses and routes in one
 * batch; ports of bridges up; switches that are programs; readiness; rules last,
 * so that nothing of the building meets them.  Services come on top of it all,
 * once names can be asked for (daemon/).
 *
 * A node's settings and bridges depend on no other node.  So those of the first
 * one are made while others are born.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <labcheck/err.h>

#include "announce.h"
#include "births.h"
#include "build.h"
#include "lab.h"
#include "netfilter.h"
#include "netns.h"
#include "nft.h"
#include "openvswitch.h"
#include "process.h"
#include "ready.h"
#include "sysctl.h"

enum {
	BRIDGE_PORTS_MAX = 1023,	/* BR_MAX_PORTS of the kernel */
	/* Namespace, rtnetlink, mount namespace, and the sockets of probes */
	FDS_PER_NODE	= 8,
	FDS_ELSE	= 256,
};

/*
 * The soft limit is for programs that use select(2), and we don't.  It is
 * raised no further than needed, because every program of the lab inherits it.
 */
static int raise_open_files(const struct lc_lab *lab, struct lc_err *err)
{
	rlim_t needed = FDS_ELSE + lab->node_count * FDS_PER_NODE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return lc_err_set(err, -errno, "open files: %s",
				  strerror(errno));
	if (limit.rlim_cur >= needed)
		return 0;
	limit.rlim_cur = needed;
	if (limit.rlim_max < needed) {
		struct rlimit higher = { needed, needed };

		if (!setrlimit(RLIMIT_NOFILE, &higher))
			return 0;
		limit.rlim_cur = limit.rlim_max;
	}
	if (setrlimit(RLIMIT_NOFILE, &limit))
		return lc_err_set(err, -errno, "open files: %s",
				  strerror(errno));
	/* Two are the least that a node can do with */
	if (limit.rlim_cur < FDS_ELSE + lab->node_count * 2)
		return lc_err_set(err, -EMFILE,
				  "%zu nodes need %llu open files, and the "
				  "limit is %llu (ulimit -Hn)",
				  lab->node_count, (unsigned long long)needed,
				  (unsigned long long)limit.rlim_max);
	return 0;
}

static size_t port_count(const struct plan_node *node, uint32_t bridge)
{
	size_t count = 0;

	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].master == bridge)
			count++;
	return count;
}

static int check_bridges(const struct plan_node *node, struct lc_at *ret_at,
			 struct lc_err *err)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		const struct plan_interface *bridge = &node->interfaces[i];
		size_t count;

		if (bridge->kind != KIND_BRIDGE)
			continue;
		count = port_count(node, bridge->ifindex);
		if (count <= BRIDGE_PORTS_MAX)
			continue;
		if (ret_at)
			*ret_at = bridge->at;
		return lc_err_set(err, -EXFULL,
				  "bridge %s:%s: %zu ports, and Linux allows "
				  "%d", node->name, bridge->name, count,
				  BRIDGE_PORTS_MAX);
	}
	return 0;
}

static int limits_check(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err)
{
	int r = raise_open_files(lab, err);

	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (lab->nodes[i].plan->interface_count > BRIDGE_PORTS_MAX)
			r = check_bridges(lab->nodes[i].plan, ret_at, err);
	return r;
}

static int lab_init(struct lc_lab *lab, const struct plan *plan,
		    const struct sandbox *sandbox, struct lc_err *err)
{
	memset(lab, 0, sizeof(*lab));
	lab->plan = plan;
	lab->sandbox = sandbox;
	lab->home = -1;
	lab->nodes = calloc(plan->node_count + 1, sizeof(*lab->nodes));
	if (!lab->nodes)
		return lc_err_set(err, -ENOMEM, "out of memory");
	lab->node_count = plan->node_count;
	for (size_t i = 0; i < plan->node_count; i++)
		lab->nodes[i] = (struct lc_node){
			.lab = lab,
			.plan = &plan->nodes[i],
			.index = i,
			.netns = -1,
			.mntns = -1,
			.process = -1,
		};
	return 0;
}

int node_serve(struct lc_node *node, struct lc_at *ret_at,
	       struct lc_err *err)
{
	const struct plan_node *plan = node->plan;
	int r = 0;

	for (size_t k = 0; k < plan->service_count && !r; k++) {
		r = service_start(node, &plan->services[k], err);
		if (r)
			*ret_at = plan->services[k].at;
	}
	return r;
}

int lab_serve(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++)
		r = node_serve(&lab->nodes[i], ret_at, err);
	return r;
}

/* What a node gets that depends on no other */
static int node_prepare(struct sysctl_writer *settings, struct lc_node *node,
			struct lc_at *ret_at, struct lc_err *err)
{
	int r = sysctl_apply(settings, node, false, ret_at, err);

	return r ?: masters_build(node, ret_at, err);
}

static int nodes_prepare(struct lc_lab *lab, struct sysctl_writer *settings,
			 struct lc_at *ret_at, struct lc_err *err)
{
	struct lc_node *first;
	struct births births;
	struct lc_err late_err;
	struct lc_at late_at;
	int r, late;

	r = births_begin(&births, lab, &first, ret_at, err);
	if (!r && first)
		r = node_prepare(settings, first, ret_at, err);
	late = births_end(&births, r ? &late_at : ret_at, r ? &late_err : err);
	r = r ?: late;
	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (&lab->nodes[i] != first)
			r = node_prepare(settings, &lab->nodes[i], ret_at, err);
	return r;
}

static int set_interfaces(struct lc_lab *lab, struct sysctl_writer *settings,
			  struct lc_at *ret_at, struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++)
		r = sysctl_apply(settings, &lab->nodes[i], true, ret_at, err);
	return r;
}

int lab_make(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err)
{
	struct sysctl_writer *settings = sysctl_begin(lab);
	int r = nodes_prepare(lab, settings, ret_at, err);

	if (!r)
		r = links_build(lab, ret_at, err);
	if (!r)
		r = set_interfaces(lab, settings, ret_at, err);
	sysctl_end(settings);
	if (!r)
		r = nodes_configure(lab, ret_at, err);
	if (!r)
		r = ports_up(lab, ret_at, err);
	if (!r)
		r = openvswitch_start_all(lab, ret_at, err);
	return r;
}

int lab_build(struct lc_lab *lab, const struct plan *plan,
	      const struct sandbox *sandbox, struct lc_at *ret_at,
	      struct lc_err *err)
{
	struct lc_at nowhere;
	int r;

	if (!ret_at)
		ret_at = &nowhere;
	*ret_at = (struct lc_at){ 0 };
	r = lab_init(lab, plan, sandbox, err);
	if (!r)
		r = limits_check(lab, ret_at, err);
	if (!r)
		sysctl_prepare(lab);
	if (!r)
		r = lab_open_home(lab, err);
	if (!r)
		r = lab_make(lab, ret_at, err);
	if (!r)
		r = lab_ready(lab, ret_at, err);
	if (!r)
		r = netfilter_load(lab, ret_at, err);
	if (!r)
		r = nft_load(lab, ret_at, err);
	if (!r)
		r = lab_announce(lab, ret_at, err);
	if (r)
		lab_done(lab);
	return r;
}
