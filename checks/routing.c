// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * routing.c - what `route` and `routes` share: a route as a scenario says it
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/rtnetlink.h>

#include "routing.h"

const char *const route_type_words[] = {
	"unicast", "blackhole", "unreachable", "prohibit", NULL,
};

static const uint8_t route_types[] = {
	RTN_UNICAST, RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT,
};

bool routing_table(struct lc_lab *lab, const char *node_name,
		   struct lc_route **ret_routes, size_t *ret_count,
		   struct lc_verdict *v)
{
	struct lc_err err;
	struct lc_node *node = lc_lab_node(lab, node_name, &err);
	int r = node ? lc_node_routes(node, ret_routes, ret_count, &err) :
		       -ENOENT;

	if (r)
		lc_verdict_refused(v, r, &err);
	return !r;
}

/* `default` has no family of its own: what is said besides may have */
static int said_family(const struct said_route *said)
{
	if (said->to.ip.family)
		return said->to.ip.family;
	if (lc_given(&said->via))
		return said->via.ip.family;
	return lc_given(&said->source) ? said->source.ip.family : 0;
}

static bool destination_matches(const struct said_route *said,
				const struct lc_route *route)
{
	int family = said_family(said);

	if (family && family != route->to.family)
		return false;
	if (said->to.length != route->length)
		return false;
	return !said->to.length || lc_ip_equal(&said->to.ip, &route->to);
}

bool said_route_matches(const struct said_route *said,
			const struct lc_route *route)
{
	if (!destination_matches(said, route))
		return false;
	if (lc_given(&said->via) && !lc_ip_equal(&said->via.ip, &route->via))
		return false;
	if (lc_given(&said->dev) && strcmp(said->dev.text, route->dev) != 0)
		return false;
	if (lc_given(&said->source) &&
	    !lc_ip_equal(&said->source.ip, &route->source))
		return false;
	if (lc_given(&said->metric) && said->metric.number != route->metric)
		return false;
	return !lc_given(&said->type) ||
	       route_types[said->type.choice] == route->type;
}

static void append(char text[ROUTE_TEXT_SIZE], const char *word,
		   const char *value)
{
	size_t length = strlen(text);

	snprintf(text + length, ROUTE_TEXT_SIZE - length, " %s %s", word,
		 value);
}

void said_route_format(const struct said_route *said,
		       char text[ROUTE_TEXT_SIZE])
{
	const struct {
		const char *word;
		const struct lc_value *value;
	} keys[] = {
		{ "via", &said->via },	     { "dev", &said->dev },
		{ "source", &said->source }, { "metric", &said->metric },
	};

	snprintf(text, ROUTE_TEXT_SIZE, "%s%s%s",
		 lc_given(&said->type) ? said->type.text : "",
		 lc_given(&said->type) ? " " : "", said->to.text);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (lc_given(keys[i].value))
			append(text, keys[i].word, keys[i].value->text);
}

static const char *type_name(uint8_t type)
{
	static const char *const names[] = {
		[RTN_UNICAST] = "",
		[RTN_LOCAL] = "local ",
		[RTN_BROADCAST] = "broadcast ",
		[RTN_ANYCAST] = "anycast ",
		[RTN_MULTICAST] = "multicast ",
		[RTN_BLACKHOLE] = "blackhole ",
		[RTN_UNREACHABLE] = "unreachable ",
		[RTN_PROHIBIT] = "prohibit ",
		[RTN_THROW] = "throw ",
		[RTN_NAT] = "nat ",
	};

	if (type >= sizeof(names) / sizeof(*names) || !names[type])
		return "? ";
	return names[type];
}

void route_format(const struct lc_route *route, char text[ROUTE_TEXT_SIZE])
{
	char ip[LC_IP_TEXT], number[16];

	if (route->length)
		snprintf(text, ROUTE_TEXT_SIZE, "%s%s/%u",
			 type_name(route->type), lc_ip_format(&route->to, ip),
			 route->length);
	else
		snprintf(text, ROUTE_TEXT_SIZE, "%sdefault",
			 type_name(route->type));
	if (route->via.family)
		append(text, "via", lc_ip_format(&route->via, ip));
	if (*route->dev)
		append(text, "dev", route->dev);
	if (route->source.family)
		append(text, "source", lc_ip_format(&route->source, ip));
	if (route->metric) {
		snprintf(number, sizeof(number), "%u", route->metric);
		append(text, "metric", number);
	}
}
