// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script.c - a plan as the commands that would build it by hand
 *
 * In the builder's order: namespaces; settings that interfaces inherit;
 * interfaces, all down; settings that name one; then node by node, those below
 * others first, up, addresses, neighbours and routes; Open vSwitch; rules;
 * services.
 */
#include "address.h"
#include "difference.h"
#include "plan.h"
#include "script.h"
#include "script_change.h"
#include "script_link.h"
#include "script_node.h"
#include "script_rule.h"
#include "script_openvswitch.h"
#include "script_setting.h"
#include "quote.h"

static void command(FILE *out, const char *words, const char *name)
{
	fprintf(out, "%s ", words);
	shell_word(out, name);
}

static void inside(FILE *out, const struct plan_node *node)
{
	command(out, "ip netns exec", node->name);
	putc(' ', out);
}

/* A second name for a namespace, so that `ip -n` finds it */
static void shared_namespace(FILE *out, const struct plan_node *node)
{
	const char *owner = node->owner->name;

	if (node->owner->kind == NODE_ADOPTED) {
		fprintf(out, "# %s lives in %s, which is adopted\n", node->name,
			owner);
		return;
	}
	fprintf(out, "# %s lives in the namespace of %s\n", node->name, owner);
	fprintf(out, "touch /run/netns/%s\n", node->name);
	fprintf(out, "mount --bind /run/netns/%s /run/netns/%s\n", owner,
		node->name);
}

void script_namespaces(const struct plan *plan, FILE *out)
{
	const struct plan_node *node;
	size_t n;

	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		if (node->kind == NODE_OWN && plan_node_comes(plan, node)) {
			command(out, "ip netns add", node->name);
			putc('\n', out);
		}
	}
	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		if (!plan_node_comes(plan, node))
			continue;
		if (node->kind == NODE_SHARED)
			shared_namespace(out, node);
		if (node->kind != NODE_ADOPTED)
			continue;
		fprintf(out, "# %s is adopted, nothing is done to it:",
			node->name);
		shell_comment(out, node->netns);
	}
}

static void settings(const struct plan *plan, FILE *out)
{
	const struct plan_node *node, *old;
	size_t n;

	for (n = 0; n < plan->node_count; n++) {
		node = &plan->nodes[n];
		old = plan_node_before(plan, node);
		if (node->kind != NODE_OWN || node->absent)
			continue;
		if (!old) {
			command(out, "settings", node->name);
			putc('\n', out);
		}
		if (node->ipv6 && !(old && old->ipv6)) {
			command(out, "settings_ipv6", node->name);
			putc('\n', out);
		}
		if (!old)
			script_settings(node, false, out);
	}
}

static void configurations(const struct plan *plan, FILE *out)
{
	const struct plan_node *node;
	size_t n, depth, left = plan->node_count;

	for (depth = 0; left; depth++) {
		for (n = 0; n < plan->node_count; n++) {
			node = &plan->nodes[n];
			if (plan_node_depth(plan, node) != depth)
				continue;
			left--;
			if (node->kind == NODE_OWN && !node->absent)
				script_node(plan, node, out);
		}
	}
}

static void rules(const struct plan *plan, const struct plan_node *node,
		  FILE *out)
{
	const struct plan_node *old = plan_node_before(plan, node);
	size_t i;

	if (old)
		script_rules_change(old, node, out);
	else
		script_rules(node, out);
	for (i = 0; i < node->nftables_count; i++) {
		if (old && node_has_rules(old, node->nftables[i]))
			continue;
		putc('\n', out);
		inside(out, node);
		fputs("nft -f -", out);
		shell_document(out, node->nftables[i]);
	}
}

static void services(const struct plan_node *node, FILE *out)
{
	const struct plan_service *service;
	size_t i;

	for (i = 0; i < node->service_count; i++) {
		service = &node->services[i];
		putc('\n', out);
		if (service->tcp)
			fprintf(out, "# Ready when TCP port %u is open\n",
				service->tcp);
		if (service->udp)
			fprintf(out, "# Ready when UDP port %u is open\n",
				service->udp);
		inside(out, node);
		fputs("sh -c ", out);
		shell_word(out, service->command);
		fputs(" &\n", out);
	}
}

/* What no command does.  `ip netns exec` would look for files of a node in
 * /etc/netns, which are the machine's to have, and not ours to write */
static void names(const struct plan *plan, FILE *out)
{
	const struct plan_names *files;
	char ip[IP_TEXT_SIZE];
	bool told = false;
	size_t n, i;

	for (n = 0; n < plan->node_count; n++) {
		files = plan->nodes[n].files;
		if (!plan->names || !plan_node_comes(plan, &plan->nodes[n]) ||
		    !files || plan->nodes[n].owner != &plan->nodes[n] ||
		    (!files->embedded && !files->server_count))
			continue;
		if (!told)
			fputs("\n# Names; what is at 127.0.0.11 is the container engine itself\n",
			      out);
		told = true;
		fprintf(out, "# %s asks%s", plan->nodes[n].name,
			files->embedded ? " 127.0.0.11, which asks" : "");
		for (i = 0; i < files->server_count; i++)
			fprintf(out, "%s %s", i ? "," : "",
				ip_format(&files->servers[i], ip));
		putc('\n', out);
	}
}

void script_state(const struct plan *plan, FILE *out)
{
	size_t n;

	settings(plan, out);
	script_links(plan, out);
	configurations(plan, out);
	script_openvswitch(plan, out);
	for (n = 0; n < plan->node_count; n++)
		if (!plan->nodes[n].absent)
			rules(plan, &plan->nodes[n], out);
	names(plan, out);
	for (n = 0; n < plan->node_count; n++)
		if (plan_node_comes(plan, &plan->nodes[n]))
			services(&plan->nodes[n], out);
}

void script_print(const struct plan *plan, FILE *out)
{
	const struct scenario *scenario = plan->scenario;

	fputs("#!/bin/sh\n", out);
	if (scenario && scenario->name.text) {
		putc('#', out);
		shell_comment(out, scenario->name.text);
	}
	fputs("# The same lab by hand, as root.  Namespaces get the nodes' names;\n"
	      "# run it where those are free:\n"
	      "#\tunshare --net --mount sh -c 'mount -t tmpfs run /run && sh FILE'\n"
	      "set -e\n\n",
	      out);
	script_namespaces(plan, out);
	script_settings_functions(plan, out);
	putc('\n', out);
	script_state(plan, out);
	script_changes(plan, out);
}
