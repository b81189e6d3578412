// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * routes.c - a routing table holds these entries and no others
 *
 * What the kernel adds by itself, for an address or an interface, is left out
 * of account unless it is listed.  One entry of the list stands for one route:
 * as an entry need not say all, which one stands for which is found out as a
 * matching, by augmenting paths (Kuhn 1955, as in any book on graphs).
 */
#include <string.h>

#include <linux/rtnetlink.h>

#include <labcheck/auto.h>

#include "routing.h"

struct routes {
	struct lc_at at;
	struct lc_value on;
	struct said_route *exactly;
	uint32_t exactly_count;
};

static const struct lc_field said_route_fields[] = {
	LC_SCALAR("to", LC_DESTINATION, struct said_route, to, LC_REQUIRED,
		  "where to: default, a subnet, an address"),
	LC_SCALAR("via", LC_ADDRESS, struct said_route, via, 0, "the gateway"),
	LC_SCALAR("dev", LC_IFNAME, struct said_route, dev, 0,
		  "the interface"),
	LC_SCALAR("source", LC_ADDRESS, struct said_route, source, 0,
		  "the source address that it prefers"),
	LC_NUMBER_IN("metric", 0, UINT32_MAX, struct said_route, metric,
		     "its metric"),
	LC_CHOICE_OF("type", route_type_words, struct said_route, type,
		     "what becomes of a packet; default: any"),
	LC_FIELD_END
};

static const struct lc_field routes_fields[] = {
	LC_SCALAR("on", LC_NODE, struct routes, on, LC_REQUIRED,
		  "whose routing table"),
	LC_MAPPINGS_OF("exactly", said_route_fields, struct routes, exactly,
		       LC_REQUIRED, "all routes but the kernel's own"),
	LC_FIELD_END
};

static void routes_title(const void *params, FILE *out)
{
	const struct routes *p = params;

	if (!p->exactly_count)
		fprintf(out, "%s has no routes but the kernel's own",
			p->on.text);
	else
		fprintf(out, "%s has exactly the %u %s listed", p->on.text,
			p->exactly_count,
			p->exactly_count == 1 ? "route" : "routes");
}

/**
 * struct matching - Which entry stands for which route
 * @entry_of:	Per route: the entry that stands for it, or -1
 * @visited:	Per route: already tried for the entry at hand
 */
struct matching {
	const struct routes *said;
	const struct lc_route *list;
	size_t count;
	int *entry_of;
	bool *visited;
};

/* Find a route for an entry, if need be by moving other entries on */
static bool place(struct matching *m, int entry)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->visited[i] || m->list[i].table != TABLE_MAIN ||
		    !said_route_matches(&m->said->exactly[entry], &m->list[i]))
			continue;
		m->visited[i] = true;
		if (m->entry_of[i] >= 0 && !place(m, m->entry_of[i]))
			continue;
		m->entry_of[i] = entry;
		return true;
	}
	return false;
}

/* Place all that can be placed */
static void match(struct matching *m)
{
	for (size_t i = 0; i < m->count; i++)
		m->entry_of[i] = -1;
	for (uint32_t entry = 0; entry < m->said->exactly_count; entry++) {
		memset(m->visited, 0, m->count * sizeof(*m->visited));
		place(m, (int)entry);
	}
}

static bool is_placed(const struct matching *m, uint32_t entry)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->entry_of[i] == (int)entry)
			return true;
	return false;
}

static bool is_unexpected(const struct matching *m, size_t route)
{
	return m->entry_of[route] < 0 && m->list[route].table == TABLE_MAIN &&
	       m->list[route].protocol != RTPROT_KERNEL;
}

static void judge_matching(const struct matching *m, struct lc_verdict *v)
{
	size_t missing = 0, unexpected = 0;
	char text[ROUTE_TEXT_SIZE];

	for (uint32_t i = 0; i < m->said->exactly_count; i++)
		missing += !is_placed(m, i);
	for (size_t i = 0; i < m->count; i++)
		unexpected += is_unexpected(m, i);
	if (!missing && !unexpected)
		return;
	lc_verdict_fail(v, "%zu missing, %zu unexpected", missing, unexpected);
	for (uint32_t i = 0; i < m->said->exactly_count; i++) {
		if (is_placed(m, i))
			continue;
		said_route_format(&m->said->exactly[i], text);
		lc_verdict_note(v, "missing", "%s", text);
	}
	for (size_t i = 0; i < m->count; i++) {
		if (!is_unexpected(m, i))
			continue;
		route_format(&m->list[i], text);
		lc_verdict_note(v, "unexpected", "%s", text);
	}
}

static void judge_table(const struct routes *p, const struct lc_route *list,
			size_t count, struct lc_verdict *v)
{
	lc_auto(lc_free) int *entry_of = calloc(count + 1, sizeof(*entry_of));
	lc_auto(lc_free) bool *visited = calloc(count + 1, sizeof(*visited));
	struct matching m = {
		.said = p, .list = list, .count = count,
		.entry_of = entry_of, .visited = visited,
	};

	if (!entry_of || !visited) {
		lc_verdict_error(v, "out of memory");
	} else {
		match(&m);
		judge_matching(&m, v);
	}
}

static void routes_judge(const void *params, const struct lc_context *context,
			 const struct lc_seen *seen, size_t seen_count,
			 struct lc_verdict *v)
{
	lc_auto(lc_free) struct lc_route *list = NULL;
	const struct routes *p = params;
	size_t count;

	(void)seen;
	(void)seen_count;
	if (routing_table(context->lab, p->on.node, &list, &count, v))
		judge_table(p, list, count, v);
}

const struct lc_check lc_check_routes = {
	.name		= "routes",
	.summary	= "a routing table holds these entries and no others",
	.example	= "- routes: {on: blue, exactly: [{to: default, via: 192.168.15.5}]}",
	.params_size	= sizeof(struct routes),
	.fields		= routes_fields,
	.title		= routes_title,
	.judge		= routes_judge,
};
