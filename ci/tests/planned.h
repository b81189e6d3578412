/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * planned.h - a text and the plan that it becomes, for tests of plans
 *
 * The tests include it, behind cmocka's header.
 */
#ifndef PLANNED_H
#define PLANNED_H

#include <labcheck/check.h>

#include "scenario/address.h"
#include "scenario/load.h"
#include "scenario/plan.h"
#include "scenario/problems.h"

/** struct planned - A text on its way to a plan */
struct planned {
	struct loaded loaded;
	struct plan plan;
	struct lc_problems problems;
	int result;
};

extern const struct lc_check lc_check_ping, lc_check_create, lc_check_remove,
	lc_check_connect, lc_check_disconnect;

static inline void planned_init(struct planned *p, const char *text)
{
	static const struct lc_check *const checks[] = {
		&lc_check_ping, &lc_check_create, &lc_check_remove,
		&lc_check_connect, &lc_check_disconnect, NULL,
	};
	struct source source = {
		.path = strdup("test.yaml"),
		.text = strdup(text),
		.length = strlen(text),
	};
	struct lc_err err = { "" };
	size_t i;

	memset(p, 0, sizeof(*p));
	problems_init(&p->problems);
	load_source(&p->loaded, &source, checks, &p->problems, &err);
	for (i = 0; i < p->problems.count; i++)
		if (!p->problems.items[i].warning)
			print_error("%u: %s\n", p->problems.items[i].at.line,
				    p->problems.items[i].text);
	assert_int_equal(p->problems.errors, 0);
	assert_non_null(p->loaded.scenario);
	p->result = plan_make(&p->plan, p->loaded.scenario, &p->problems);
}

static inline void planned_done(struct planned *p)
{
	plan_done(&p->plan);
	problems_done(&p->problems);
	loaded_done(&p->loaded);
}

/* "eth0 32 veth 02:... mtu 1400 master 33 a.b.c.d/16 down ipv6" */
static inline void describe(const struct plan_interface *i, FILE *out)
{
	char text[PREFIX_TEXT_SIZE];
	size_t k;

	fprintf(out, "%s %u %s", i->name, i->ifindex,
		i->kind == KIND_LOOPBACK ? "loopback"
					 : interface_kind_words[i->kind]);
	if (i->has_mac)
		fprintf(out, " %s", mac_format(i->mac, text));
	if (i->mtu)
		fprintf(out, " mtu %u", i->mtu);
	if (i->master)
		fprintf(out, " master %u", i->master);
	if (i->lower)
		fprintf(out, " lower %u", i->lower);
	if (i->lower_node != NO_NODE)
		fprintf(out, " of node %u", i->lower_node);
	if (i->underlay != NO_NODE)
		fprintf(out, " vni %u by node %u", i->vni, i->underlay);
	if (i->mode != MACVLAN_BRIDGE)
		fprintf(out, " mode %d", i->mode);
	for (k = 0; k < i->address_count; k++)
		fprintf(out, " %s",
			prefix_format(&i->addresses[k].ip,
				      i->addresses[k].length, text));
	fputs(i->up ? "" : " down", out);
	fputs(i->ipv6 ? " ipv6" : "", out);
	fputs(i->isolated ? " isolated" : "", out);
}

static inline const struct plan_interface *
interface_of(const struct planned *p, const char *place)
{
	const char *colon = strchr(place, ':');
	char node[64];
	int number;

	snprintf(node, sizeof(node), "%.*s", (int)(colon - place), place);
	number = plan_node_find(&p->plan, node);
	if (number < 0)
		fail_msg("no node %s", node);
	return plan_interface_find(&p->plan.nodes[number], colon + 1);
}

static inline void is_interface(const struct planned *p, const char *place,
				const char *expected)
{
	const struct plan_interface *i = interface_of(p, place);
	char *text;
	size_t size;
	FILE *out;

	if (!i)
		fail_msg("no interface %s", place);
	out = open_memstream(&text, &size);
	describe(i, out);
	fclose(out);
	if (strcmp(text, expected) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", place, text, expected);
	free(text);
}

static inline const char *setting_of(const struct planned *p, const char *name,
				     const char *key)
{
	const struct plan_node *node;
	const char *value = "";
	size_t i;

	node = &p->plan.nodes[plan_node_find(&p->plan, name)];
	for (i = 0; i < node->sysctl_count; i++)
		if (!strcmp(node->sysctls[i].key, key))
			value = node->sysctls[i].value;
	return value;
}

/* The lab behind a step; 0: as it is built */
static inline const struct plan *state_of(const struct planned *p,
					  unsigned int step)
{
	const struct plan *plan = &p->plan;

	while (step && plan && plan->next_step + 1 <= step && plan->next)
		plan = plan->next;
	return plan;
}

/* All interfaces of a living node: "eth0 32 10.1.0.2/24, ..."; "-": not there */
static inline void is_state(const struct planned *p, unsigned int step,
			    const char *name, const char *expected)
{
	const struct plan *plan = state_of(p, step);
	int number = plan_node_find(plan, name);
	char text[PREFIX_TEXT_SIZE], *got;
	const struct plan_interface *i;
	const struct plan_route *way;
	size_t size, k;
	FILE *out = open_memstream(&got, &size);

	if (number < 0)
		fputc('-', out);
	for (k = 0; number >= 0 && k < plan->nodes[number].interface_count;
	     k++) {
		i = &plan->nodes[number].interfaces[k];
		fprintf(out, "%s%s %u", k ? ", " : "", i->name, i->ifindex);
		if (i->address_count)
			fprintf(out, " %s",
				prefix_format(&i->addresses[0].ip,
					      i->addresses[0].length, text));
	}
	for (k = 0; number >= 0 && k < plan->nodes[number].route_count; k++) {
		way = &plan->nodes[number].routes[k];
		fprintf(out, " via %s", ip_format(&way->via, text));
	}
	fclose(out);
	if (strcmp(got, expected) != 0)
		fail_msg("%s behind step %u is \"%s\", not \"%s\"", name, step,
			 got, expected);
	free(got);
}

#endif
