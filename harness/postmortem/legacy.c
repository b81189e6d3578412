// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * legacy.c - rules of iptables-legacy and ip6tables-legacy, which nothing traces,
 * by their counters
 *
 * Each rule counts what it decides about.  Read before and after the second
 * packet, the one that has counted, that drops, and that the packet matches as
 * far as its addresses, protocol and ports go is the one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>

/* Its interface names need IFNAMSIZ, and <net/if.h> and <linux/if.h> clash */
#include <net/if.h>
#define _LINUX_IF_H
#include <linux/netfilter_ipv4/ip_tables.h>

#include "lab/lab.h"
#include "postmortem/legacy.h"
#include "postmortem/legacy_table.h"
#include "postmortem/watch.h"

/** struct table - One table of a node, before and after */
struct table {
	struct lc_node *node;
	int family;
	char name[XT_TABLE_MAXNAMELEN];
	struct legacy_table *before, *after;
};

struct legacy {
	struct table *tables;
	size_t count;
};

static void table_add(struct legacy *l, struct lc_node *node, int family,
		      const char *name)
{
	struct table *tables = reallocarray(l->tables, l->count + 1,
					    sizeof(*tables));
	struct table *t;

	if (!tables)
		return;
	l->tables = tables;
	t = &tables[l->count];
	*t = (struct table){ .node = node, .family = family };
	snprintf(t->name, sizeof(t->name), "%s", name);
	t->before = legacy_read(node, family, name);
	l->count += t->before != NULL;
}

static void node_add(struct legacy *l, struct lc_node *node, int family)
{
	char text[LEGACY_NAMES], *rest = text, *name;

	legacy_names(node, family, text);
	while ((name = strsep(&rest, "\n")))
		if (*name)
			table_add(l, node, family, name);
}

struct legacy *legacy_begin(struct lc_lab *lab)
{
	struct legacy *l = calloc(1, sizeof(*l));

	for (size_t i = 0; l && i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (!node_can_be_watched(node))
			continue;
		node_add(l, node, AF_INET);
		node_add(l, node, AF_INET6);
	}
	return l;
}

void legacy_end(struct legacy *l)
{
	for (size_t i = 0; l && i < l->count; i++) {
		struct table *t = &l->tables[i];

		t->after = legacy_read(t->node, t->family, t->name);
		/* Somebody changed it meanwhile */
		if (t->after && !legacy_same_shape(t->before, t->after)) {
			free(t->after);
			t->after = NULL;
		}
	}
}

void legacy_free(struct legacy *l)
{
	for (size_t i = 0; l && i < l->count; i++) {
		free(l->tables[i].before);
		free(l->tables[i].after);
	}
	if (l)
		free(l->tables);
	free(l);
}

static bool is_drop(const struct xt_entry_target *target)
{
	int verdict;

	if (!strcmp(target->u.user.name, "REJECT"))
		return true;
	if (*target->u.user.name)
		return false;
	memcpy(&verdict, target->data, sizeof(verdict));
	return verdict == -NF_DROP - 1;
}

static void tell(const struct table *t, const struct legacy_place *place,
		 const struct legacy_entry *entry, char *text, size_t size)
{
	const char *program = t->family == AF_INET ? "iptables-legacy" :
						     "ip6tables-legacy";
	FILE *out;

	if (place->policy) {
		snprintf(text, size,
			 "the policy of chain %s on %s (%s, table %s)",
			 place->chain, lc_node_name(t->node), program, t->name);
		return;
	}
	out = fmemopen(text, size, "w");
	if (!out)
		return;
	fprintf(out, "rule %u of chain %s on %s, `", place->rule, place->chain,
		lc_node_name(t->node));
	legacy_write(out, entry);
	fprintf(out, "` (%s, table %s)", program, t->name);
	fclose(out);
}

static bool table_tell(const struct table *t, const struct lc_ends *ends,
		       uint8_t protocol, char *text, size_t size)
{
	struct legacy_place place = { 0 }, before = { 0 };
	struct legacy_entry was, is;

	while (t->after && legacy_next(t->before, &before, &was) &&
	       legacy_next(t->after, &place, &is)) {
		if (is.packets <= was.packets || !is_drop(is.target) ||
		    !legacy_matches(&is, ends, protocol))
			continue;
		tell(t, &place, &is, text, size);
		return true;
	}
	return false;
}

bool legacy_on(const struct legacy *l, const struct lc_node *node,
	       const struct lc_ends *ends, uint8_t protocol, char *text,
	       size_t size)
{
	for (size_t i = 0; l && i < l->count; i++)
		if (l->tables[i].node == node &&
		    l->tables[i].family == ends->destination.family &&
		    table_tell(&l->tables[i], ends, protocol, text, size))
			return true;
	return false;
}
