// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * openvswitch.c - switches that are programs
 *
 * Its two daemons run like any program of a node, and so they end with the
 * sandbox, however that ends.  All their files are on its own /run.
 *
 * Whether they work can't be told from the kernel: a port is in the switch when
 * the switch says so.  See scenario/script_openvswitch.c for the commands.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/environment.h"
#include "lab/lab.h"
#include "lab/offload.h"
#include "lab/openvswitch.h"
#include "lab/tun.h"
#include "scenario/script_openvswitch.h"

static const uint64_t limit_ns = 30000000000;

static bool has_program(const char *path, const char *name)
{
	while (*path) {
		size_t length = strcspn(path, ":");
		lc_auto(lc_free) char *file = NULL;

		if (asprintf(&file, "%.*s/%s", (int)length, path, name) < 0)
			file = NULL;
		if (file && !access(file, X_OK))
			return true;
		path += length + (path[length] == ':');
	}
	return false;
}

int openvswitch_missing(struct lc_err *err)
{
	static const char *const programs[] = {
		"ovsdb-tool", "ovsdb-server", "ovs-vswitchd", "ovs-vsctl",
	};
	static const struct plan_interface local_port = {
		.name = "br0", .kind = KIND_OPENVSWITCH,
	};
	lc_auto(lc_free) char *path = environment_path();

	for (size_t i = 0; path && i < sizeof(programs) / sizeof(*programs);
	     i++)
		if (!has_program(path, programs[i]))
			return lc_err_set(err, -EOPNOTSUPP,
					  "no Open vSwitch: there is no "
					  "program %s (Debian's package "
					  "openvswitch-switch)", programs[i]);
	return tun_missing(&local_port, err);
}

static const struct plan_interface *
first_switch(const struct plan_node *node)
{
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].kind == KIND_OPENVSWITCH)
			return &node->interfaces[i];
	return NULL;
}

/* A sentence of what it printed, on one line */
static const char *words_of(struct lc_run_result *result)
{
	char *end = result->err + result->err_length;

	while (end > result->err && (unsigned char)end[-1] <= ' ')
		*--end = '\0';
	for (char *p = result->err; p < end; p++)
		if ((unsigned char)*p < ' ')
			*p = *p == '\n' ? '|' : ' ';
	return *result->err ? result->err : "it said nothing";
}

static int run(struct lc_node *node, const char *commands, struct lc_err *err)
{
	lc_auto(lc_run_result_done) struct lc_run_result result = { 0 };
	int r = lc_node_run(node, commands, limit_ns, &result, err);

	if (r)
		return r;
	if (result.timed_out)
		return lc_err_set(err, -ETIMEDOUT, "not there after %d s: %s",
				  (int)(limit_ns / 1000000000),
				  words_of(&result));
	if (result.status)
		return lc_err_set(err, -EIO, "%s", words_of(&result));
	return 0;
}

static int start(struct lc_node *node, struct lc_err *err)
{
	lc_auto(lc_free) char *commands = NULL;
	size_t size;
	FILE *out = open_memstream(&commands, &size);

	if (!out)
		return lc_err_set(err, -ENOMEM, "out of memory");
	fputs("set -e\n", out);
	openvswitch_commands(node->plan, out);
	if (fclose(out))
		return lc_err_set(err, -ENOMEM, "out of memory");
	return run(node, commands, err);
}

static int checksums_fill(struct lc_node *node, struct lc_at *ret_at,
			  struct lc_err *err)
{
	const struct plan_node *plan = node->plan, *far_node;
	struct lc_lab *lab = node->lab;
	int r = 0;

	for (size_t i = 0; i < plan->interface_count && !r; i++) {
		const struct plan_interface *far = openvswitch_far_end(
			lab->plan, plan, &plan->interfaces[i], &far_node);

		if (!far || far_node->absent)
			continue;
		r = offload_checksums_off(&lab->nodes[far_node->number],
					  far->name, err);
		if (r)
			*ret_at = far->at;
	}
	return r;
}

int openvswitch_start(struct lc_node *node, struct lc_at *ret_at,
		      struct lc_err *err)
{
	const struct plan_interface *first = first_switch(node->plan);
	int r;

	if (!first)
		return 0;
	r = checksums_fill(node, ret_at, err);
	if (r)
		return r;
	*ret_at = first->at;
	r = openvswitch_missing(err);
	if (r)
		return r;
	r = start(node, err);
	return r ? lc_err_prefix(err, r, "Open vSwitch of %s",
				 lc_node_name(node)) :
		   0;
}

int openvswitch_start_all(struct lc_lab *lab, struct lc_at *ret_at,
			  struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (lab->nodes[i].plan->kind == NODE_OWN &&
		    node_is_new(&lab->nodes[i]))
			r = openvswitch_start(&lab->nodes[i], ret_at, err);
	return r;
}
