// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutant_entry.c - neighbours, forwarding entries, services and sysctls
 */
#include <string.h>

#include <labcheck/check.h>

#include "address.h"
#include "difference.h"
#include "mutant_kinds.h"

static bool is_neighbor(struct plan_neighbor *neighbor, const struct mutant *m)
{
	const struct plan_node one = { .neighbors = neighbor,
				       .neighbor_count = 1 };

	return node_has_neighbor(&one, m->what);
}

static void apply_no_neighbor(struct plan *plan, const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];

	KEEP_IF(node->neighbors, node->neighbor_count,
		!is_neighbor(&node->neighbors[i], m));
}

static void apply_neighbor_mac(struct plan *plan, const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];

	for (size_t i = 0; i < node->neighbor_count; i++)
		if (is_neighbor(&node->neighbors[i], m))
			memcpy(node->neighbors[i].mac, m->mac, sizeof(m->mac));
}

static void add_neighbor(struct mutants *mutants, const struct plan_node *node,
			 const struct plan_neighbor *n)
{
	struct mutant m = {
		.apply = apply_no_neighbor, .node = node->number, .at = n->at,
		.what = n,
	};
	char ip[IP_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	ip_format(&n->ip, ip);
	mutants_add(mutants, m, "%s lacks the neighbor %s", node->name, ip);
	m.apply = apply_neighbor_mac;
	memcpy(m.mac, n->mac, sizeof(m.mac));
	m.mac[5] ^= 0xff;
	mutants_add(mutants, m, "%s has the neighbor %s at %s", node->name, ip,
		    mac_format(m.mac, mac));
}

static bool is_fdb(struct plan_fdb *fdb, const struct mutant *m)
{
	const struct plan_node one = { .fdb = fdb, .fdb_count = 1 };

	return node_has_fdb(&one, m->what);
}

static void apply_no_fdb(struct plan *plan, const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];

	KEEP_IF(node->fdb, node->fdb_count, !is_fdb(&node->fdb[i], m));
}

static void apply_fdb_remote(struct plan *plan, const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];

	for (size_t i = 0; i < node->fdb_count; i++)
		if (is_fdb(&node->fdb[i], m))
			node->fdb[i].dst = m->ip;
}

static void add_fdb(struct mutants *mutants, const struct plan *plan,
		    const struct plan_node *node, const struct plan_fdb *fdb)
{
	struct mutant m = {
		.apply = apply_no_fdb, .node = node->number, .at = fdb->at,
		.what = fdb,
	};
	char ip[IP_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	mac_format(fdb->mac, mac);
	mutants_add(mutants, m, "%s lacks the forwarding entry %s", node->name,
		    mac);
	m.apply = apply_fdb_remote;
	if (fdb->dst.family &&
	    ip_other(plan, &fdb->dst, (uint8_t)(ip_bits(fdb->dst.family) - 8),
		     &m.ip))
		mutants_add(mutants, m, "%s has the forwarding entry %s to %s",
			    node->name, mac, ip_format(&m.ip, ip));
}

static void apply_no_service(struct plan *plan, const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];
	const struct plan_service *what = m->what;

	KEEP_IF(node->services, node->service_count,
		node->services[i].at.line != what->at.line ||
			strcmp(node->services[i].command, what->command) != 0);
}

void mutants_of_entries(struct mutants *mutants, const struct plan *plan,
			const struct plan_node *node)
{
	for (size_t k = 0; k < node->neighbor_count; k++)
		add_neighbor(mutants, node, &node->neighbors[k]);
	for (size_t k = 0; k < node->fdb_count; k++)
		add_fdb(mutants, plan, node, &node->fdb[k]);
	for (size_t k = 0; k < node->service_count; k++)
		mutants_add(mutants, (struct mutant){
			.apply = apply_no_service, .node = node->number,
			.at = node->services[k].at,
			.what = &node->services[k],
		}, "%s lacks the service '%.400s'", node->name,
			node->services[k].command);
}

static bool is_setting_of(const struct plan_sysctl *s, const struct mutant *m)
{
	const struct plan_sysctl *what = m->what;

	if (!s->at.line)
		return false;
	return !strcmp(s->key, what->key) ||
	       (!strcmp(what->key, "net/ipv4/ip_forward") &&
		!strcmp(s->key, "net/ipv6/conf/all/forwarding") &&
		s->at.line == what->at.line &&
		s->at.column == what->at.column);
}

/* One that has an opposite gets it, however often the list has the key */
static void apply_sysctl(struct plan *plan, const struct mutant *m)
{
	struct plan_node *node = &plan->nodes[m->node];

	for (size_t i = 0; m->text && i < node->sysctl_count; i++)
		if (is_setting_of(&node->sysctls[i], m))
			node->sysctls[i].value = m->text;
	if (!m->text)
		KEEP_IF(node->sysctls, node->sysctl_count,
			!is_setting_of(&node->sysctls[i], m));
}

/* On or off becomes the other; what is neither has no opposite */
static const char *opposite(const char *value)
{
	if (!value[0] || value[strspn(value, "0123456789")])
		return NULL;
	return value[strspn(value, "0")] ? "0" : "1";
}

static void add_sysctl(struct mutants *mutants, const struct plan_node *node,
		       const struct plan_sysctl *s)
{
	const char *other = opposite(s->value);
	const struct mutant m = {
		.apply = apply_sysctl, .node = node->number, .at = s->at,
		.what = s, .text = other,
	};

	if (other && other[0] == '0' && !strcmp(s->key, "net/ipv4/ip_forward"))
		mutants_add(mutants, m, "%s does not forward", node->name);
	else if (other)
		mutants_add(mutants, m, "%s has %s=%s", node->name, s->key,
			    other);
	else
		mutants_add(mutants, m, "%s lacks %s=%s", node->name, s->key,
			    s->value);
}

void mutants_of_sysctls(struct mutants *mutants, const struct plan_node *node)
{
	for (size_t k = 0; k < node->sysctl_count; k++)
		if (node->sysctls[k].at.line && !node->sysctls[k].optional)
			add_sysctl(mutants, node, &node->sysctls[k]);
}
