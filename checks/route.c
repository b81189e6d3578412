// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * route.c - a routing table has an entry, or has none
 *
 * The table is read, not asked: an entry is there even if a more specific one
 * hides it.  What the kernel would do with a packet is `lookup`.
 */

#include <labcheck/auto.h>

#include "routing.h"

struct route {
	struct lc_at at;
	struct lc_value on, to, via, dev, source, metric, table, expect;
};

enum { PRESENT, ABSENT };

static const char *const expect_words[] = {
	[PRESENT] = "present", [ABSENT] = "absent", NULL,
};

static const struct lc_field route_fields[] = {
	LC_SCALAR("on", LC_NODE, struct route, on, LC_REQUIRED,
		  "whose routing table"),
	LC_SCALAR("to", LC_DESTINATION, struct route, to, LC_REQUIRED,
		  "where to: default, a subnet, an address"),
	LC_SCALAR("via", LC_ADDRESS, struct route, via, 0, "the gateway"),
	LC_SCALAR("dev", LC_IFNAME, struct route, dev, 0, "the interface"),
	LC_SCALAR("source", LC_ADDRESS, struct route, source, 0,
		  "the source address that it prefers"),
	LC_NUMBER_IN("metric", 0, UINT32_MAX, struct route, metric,
		     "its metric"),
	LC_SCALAR("table", LC_TABLE, struct route, table, 0,
		  "which table; default: main"),
	LC_CHOICE_OF("expect", expect_words, struct route, expect,
		     "default: present"),
	LC_FIELD_END
};

static int expected(const struct route *p)
{
	return lc_given(&p->expect) ? p->expect.choice : PRESENT;
}

static bool route_negative(const void *params)
{
	return expected(params) == ABSENT;
}

static struct said_route said(const struct route *p)
{
	return (struct said_route){
		.at = p->at, .to = p->to, .via = p->via, .dev = p->dev,
		.source = p->source, .metric = p->metric,
	};
}

static void route_title(const void *params, FILE *out)
{
	const struct route *p = params;
	struct said_route route = said(p);
	char text[ROUTE_TEXT_SIZE];

	said_route_format(&route, text);
	fprintf(out, "%s %s the route %s", p->on.text,
		expected(p) == ABSENT ? "lacks" : "has", text);
	if (lc_given(&p->table))
		fprintf(out, " in table %s", p->table.text);
}

/* The routes to the same destination, else the whole table */
static void list_routes(const struct route *p, const struct lc_route *list,
			size_t count, uint32_t table, struct lc_verdict *v)
{
	enum { SHOWN = 8 };
	struct said_route destination = { .to = p->to };
	size_t same = 0, shown = 0, left = 0;
	char text[ROUTE_TEXT_SIZE];

	for (size_t i = 0; i < count; i++)
		same += list[i].table == table &&
			said_route_matches(&destination, &list[i]);
	for (size_t i = 0; i < count; i++) {
		if (list[i].table != table ||
		    (same && !said_route_matches(&destination, &list[i])))
			continue;
		if (shown == SHOWN) {
			left++;
			continue;
		}
		route_format(&list[i], text);
		lc_verdict_note(v, "table", "%s", text);
		shown++;
	}
	if (left)
		lc_verdict_note(v, "table", "and %zu more", left);
}

static void judge_table(const struct route *p, const struct lc_route *list,
			size_t count, struct lc_verdict *v)
{
	uint32_t table = lc_given(&p->table) ? (uint32_t)p->table.number :
					       TABLE_MAIN;
	struct said_route route = said(p);
	const struct lc_route *found = NULL;
	char expected_text[ROUTE_TEXT_SIZE + 16], got_text[ROUTE_TEXT_SIZE];

	for (size_t i = 0; i < count && !found; i++)
		if (list[i].table == table &&
		    said_route_matches(&route, &list[i]))
			found = &list[i];
	if (!!found == (expected(p) == PRESENT))
		return;
	said_route_format(&route, got_text);
	snprintf(expected_text, sizeof(expected_text), "%s%s",
		 found ? "no route " : "", got_text);
	if (found)
		route_format(found, got_text);
	lc_verdict_expect(v, expected_text, found ? got_text : "no such route");
	if (!found)
		list_routes(p, list, count, table, v);
}

static void route_judge(const void *params, const struct lc_context *context,
			const struct lc_seen *seen, size_t seen_count,
			struct lc_verdict *v)
{
	lc_auto(lc_free) struct lc_route *list = NULL;
	const struct route *p = params;
	size_t count;

	(void)seen;
	(void)seen_count;
	if (routing_table(context->lab, p->on.node, &list, &count, v))
		judge_table(p, list, count, v);
}

const struct lc_check lc_check_route = {
	.name		= "route",
	.summary	= "a routing table has an entry, or has none",
	.example	= "- route: {on: blue, to: 192.168.1.0/24, via: 192.168.15.5}",
	.params_size	= sizeof(struct route),
	.fields		= route_fields,
	.negative	= route_negative,
	.title		= route_title,
	.judge		= route_judge,
};
