// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * value.c - a scalar's text read strictly, after its field's type
 *
 * YAML has ideas of its own about what a scalar is: `22:22` can be a number,
 * `no` a boolean.  Here the field alone decides, and what does not fit is
 * refused with what would.
 */
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "scenario/address.h"
#include "scenario/arena.h"
#include "scenario/filter.h"
#include "scenario/language.h"
#include "scenario/suggestion.h"
#include "scenario/value.h"

static int parse_choice(const struct lc_field *field, const char *text,
			int *ret_choice, struct lc_err *err)
{
	char words[512] = "", maybe[SUGGESTION_SIZE];
	struct suggestion near;
	size_t length = 0;

	suggestion_begin(&near, text);
	for (int i = 0; field->words[i]; i++) {
		if (!strcmp(text, field->words[i])) {
			*ret_choice = i;
			return 0;
		}
		suggestion_try(&near, field->words[i]);
		if (length < sizeof(words))
			length += (size_t)snprintf(words + length,
						   sizeof(words) - length,
						   "%s%s", i ? ", " : "",
						   field->words[i]);
	}
	return lc_err_set(err, -EINVAL, "'%.40s' is none of %s%s", text, words,
			  suggestion_text(&near, maybe));
}

static int parse_requirement(const char *text, struct lc_err *err)
{
	char maybe[SUGGESTION_SIZE];
	struct suggestion near;

	suggestion_begin(&near, text);
	for (size_t i = 0; requirements[i].word; i++) {
		if (!strcmp(text, requirements[i].word))
			return 0;
		suggestion_try(&near, requirements[i].word);
	}
	return lc_err_set(err, -EINVAL,
			  "'%.40s' is nothing that can be required; 'labcheck "
			  "help requires' lists what can%s", text,
			  suggestion_text(&near, maybe));
}

/*
 * regcomp() of glibc writes x{n} out n times, so that a few nested bounds take
 * all memory.  No line of output needs such a thing.
 */
static int bounds_of_regex(const char *text, struct lc_err *err)
{
	unsigned long product = 1;

	if (strlen(text) > 1000)
		return lc_err_set(err, -EINVAL,
				  "a pattern of more than 1000 characters");
	for (const char *p = text; (p = strchr(p, '{')); p++) {
		const char *comma = p + 1 + strspn(p + 1, "0123456789");
		unsigned long n = strtoul(p + 1, NULL, 10);

		if (*comma == ',' && strtoul(comma + 1, NULL, 10) > n)
			n = strtoul(comma + 1, NULL, 10);
		if (n > 1000 || (n && (product *= n) > 20000))
			return lc_err_set(err, -EINVAL,
					  "'%.60s' repeats its parts too often",
					  text);
	}
	return 0;
}

static int parse_regex(const char *text, struct lc_err *err)
{
	char reason[128];
	regex_t regex;
	int r;

	r = bounds_of_regex(text, err);
	if (r < 0)
		return r;
	r = regcomp(&regex, text, REG_EXTENDED | REG_NOSUB);
	if (r) {
		regerror(r, &regex, reason, sizeof(reason));
		return lc_err_set(err, -EINVAL,
				  "'%.60s' is not a regular expression: %s",
				  text, reason);
	}
	regfree(&regex);
	return 0;
}

static int parse_node(const char *text, struct lc_value *value,
		      struct lc_err *err)
{
	value->node = text;
	return value_name(text, err);
}

static int parse_place(const char *text, struct lc_value *value,
		       struct arena *arena, struct lc_err *err)
{
	return strchr(text, ':') ? value_interface(text, value, arena, err) :
				   parse_node(text, value, err);
}

/* As a destination the kernel takes it for the sender itself (ip(7)) */
static int parse_target_address(const char *text, struct lc_value *value,
				struct lc_err *err)
{
	int r = value_address(text, &value->ip, err);

	if (!r && ip_is_any(&value->ip))
		return lc_err_set(err, -EINVAL,
				  "'%s' is nobody's address: whom to ask is a "
				  "node, or an address that somebody has", text);
	return r;
}

static int parse_target(const char *text, struct lc_value *value,
			struct arena *arena, struct lc_err *err)
{
	if (!strncmp(text, "name:", 5)) {
		value->kind = LC_TARGET_NAME;
		value->node = arena_strdup(arena, text + 5);
		if (text[5] && !text[5 + strcspn(text + 5, " \t\n/:")])
			return 0;
		return lc_err_set(err, -EINVAL,
				  "'%.60s': a host's name belongs behind 'name:'",
				  text);
	}
	if (value_is_like_address(text) || strchr(text, '/')) {
		value->kind = LC_TARGET_ADDRESS;
		return parse_target_address(text, value, err);
	}
	value->kind = strchr(text, ':') ? LC_TARGET_INTERFACE : LC_TARGET_NODE;
	return parse_place(text, value, arena, err);
}

static int parse_mac_of(const char *text, struct lc_value *value,
			struct arena *arena, struct lc_err *err)
{
	const char *colon = strchr(text, ':');

	if (colon && !strchr(colon + 1, ':'))
		return value_interface(text, value, arena, err);
	value->is_mac = true;
	return value_mac(text, value->mac, err);
}

static int parse_node_network(const char *text, struct lc_value *value,
			      struct arena *arena, struct lc_err *err)
{
	if (!strcmp(text, "none"))
		return 0;
	if (strncmp(text, "container:", 10))
		return value_name(text, err);
	value->node = arena_strdup(arena, text + 10);
	return value_name(value->node, err);
}

static int parse_publish(const char *text, struct lc_value *value,
			 struct arena *arena, struct lc_err *err)
{
	struct lc_publish *publish = arena_alloc(arena, sizeof(*publish));

	value->publish = publish;
	return value_publish(text, publish, arena, err);
}

static int parse_text(const char *text, struct lc_err *err)
{
	if (!text[strspn(text, " \t\n")])
		return lc_err_set(err, -EINVAL, "an empty text");
	return 0;
}

static int parse_address(enum lc_type type, const char *text,
			 struct lc_value *v, struct lc_err *err)
{
	switch ((int)type) {
	case LC_ADDRESS:
		return value_address(text, &v->ip, err);
	case LC_PREFIX:
		return value_prefix(text, v, err);
	case LC_SUBNET:
		return value_subnet(text, v, err);
	case LC_DESTINATION:
		return value_destination(text, v, err);
	}
	v->is_random = type == LC_MAC_OR_RANDOM && !strcmp(text, "random");
	if (v->is_random)
		return 0;
	v->is_mac = true;
	return value_mac(text, v->mac, err);
}

static int parse_reference(enum lc_type type, const char *text,
			   struct lc_value *v, struct arena *arena,
			   struct lc_err *err)
{
	switch ((int)type) {
	case LC_NODE:
		return parse_node(text, v, err);
	case LC_PATTERN:
		v->node = text;
		return value_pattern(text, err);
	case LC_PLACE:
		return parse_place(text, v, arena, err);
	case LC_TARGET:
		return parse_target(text, v, arena, err);
	case LC_MAC_OF:
		return parse_mac_of(text, v, arena, err);
	case LC_NODE_NETWORK:
		return parse_node_network(text, v, arena, err);
	case LC_NETNS:
		return value_netns(text, v, arena, err);
	}
	return value_interface(text, v, arena, err);
}

/* Where there is no libpcap, who needs it says so */
static int parse_filter(const char *text, struct lc_err *err)
{
	struct sock_fprog program = { 0 };
	int r;

	if (!text[strspn(text, " \t")])
		return lc_err_set(err, -EINVAL,
				  "an empty text: without a `filter` every packet counts");
	r = filter_compile(text, FILTER_ETHERNET, 0, &program, err);
	filter_done(&program);
	return r == -EOPNOTSUPP ? 0 : r;
}

static int parse_as(enum lc_type type, const struct lc_field *field,
		    struct arena *arena, const char *text, struct lc_value *v,
		    struct lc_err *err)
{
	switch (type) {
	case LC_WORDS:
		return 0;
	case LC_TEXT:
	case LC_STEP:
		return parse_text(text, err);
	case LC_PUBLISH:
		return parse_publish(text, v, arena, err);
	case LC_NAME:
	case LC_NETWORK:
		return value_name(text, err);
	case LC_IFNAME:
		return value_ifname(text, err);
	case LC_NUMBER:
		return value_number(text, field->min, field->max, &v->number,
				    err);
	case LC_BOOL:
		return value_bool(text, &v->flag, err);
	case LC_DURATION:
		return value_duration(text, &v->ns, err);
	case LC_PERCENT:
		return value_percent(text, &v->number, err);
	case LC_RATE:
		return value_rate(text, &v->number, err);
	case LC_CHOICE:
		return parse_choice(field, text, &v->choice, err);
	case LC_PORT:
		return value_number(text, 1, UINT16_MAX, &v->number, err);
	case LC_PORTS:
		return value_ports(text, v, err);
	case LC_TABLE:
		return value_table(text, &v->number, err);
	case LC_COMPARISON:
		return value_comparison(text, v, err);
	case LC_FILTER:
		return parse_filter(text, err);
	case LC_REGEX:
		return parse_regex(text, err);
	case LC_SYSCTL:
		return value_sysctl(text, err);
	case LC_REQUIRES:
		return parse_requirement(text, err);
	case LC_ADDRESS_OR_UNCHANGED:
		if (!strcmp(text, "unchanged"))
			return 0;
		return parse_address(LC_ADDRESS, text, v, err);
	case LC_ADDRESS:
	case LC_PREFIX:
	case LC_SUBNET:
	case LC_DESTINATION:
	case LC_MAC:
	case LC_MAC_OR_RANDOM:
		return parse_address(type, text, v, err);
	case LC_NODE:
	case LC_PATTERN:
	case LC_INTERFACE:
	case LC_ENDPOINT:
	case LC_PLACE:
	case LC_TARGET:
	case LC_MAC_OF:
	case LC_NODE_NETWORK:
	case LC_NETNS:
		return parse_reference(type, text, v, arena, err);
	case LC_LIST:
	case LC_MAPPING:
	case LC_MAPPINGS:
	case LC_STEPS:
		break;
	}
	abort();
}

int value_parse(const struct lc_field *field, struct arena *arena,
		const char *text, struct lc_value *ret_value,
		struct lc_err *err)
{
	enum lc_type type = field->type == LC_LIST ? field->item : field->type;
	struct lc_value value = { 0 };
	int r;

	r = parse_as(type, field, arena, text, &value, err);
	if (r < 0)
		return r;
	value.text = text;
	value.at = ret_value->at;
	*ret_value = value;
	return 0;
}

/* clang-format off */
static const char *const type_names[] = {
	[LC_TEXT] = "text",
	[LC_WORDS] = "text, also an empty one",
	[LC_NAME] = "a name",
	[LC_IFNAME] = "an interface's name",
	[LC_NUMBER] = "a number",
	[LC_BOOL] = "true or false",
	[LC_DURATION] = "a duration: 100us, 10ms, 5s, 2m",
	[LC_PERCENT] = "a percentage: 1%, 0.5%",
	[LC_RATE] = "a rate: 800kbit, 10mbit, 1gbit",
	[LC_CHOICE] = "one word of a list",
	[LC_ADDRESS] = "an address: 192.168.1.3, fd00::3",
	[LC_ADDRESS_OR_UNCHANGED] = "an address, or unchanged",
	[LC_PREFIX] = "an address with its length: 192.168.15.1/24",
	[LC_SUBNET] = "a subnet: 192.168.15.0/24",
	[LC_DESTINATION] = "default, a subnet or an address",
	[LC_MAC] = "a MAC address, in quotes",
	[LC_MAC_OR_RANDOM] = "a MAC address, in quotes, or random",
	[LC_MAC_OF] = "a MAC address, in quotes, or node:interface",
	[LC_PORT] = "a port: 1 to 65535",
	[LC_PORTS] = "a port or a range: 80, 8000-8010",
	[LC_TABLE] = "a routing table: a number, main, local, default",
	[LC_COMPARISON] = "a number or a comparison: 3, \">=1\"",
	[LC_FILTER] = "a pcap filter expression",
	[LC_REGEX] = "a regular expression, POSIX extended",
	[LC_NODE] = "a node",
	[LC_PATTERN] = "a node, or a pattern of names: c*",
	[LC_INTERFACE] = "node:interface",
	[LC_ENDPOINT] = "node:interface, which this line makes",
	[LC_PLACE] = "a node, or node:interface",
	[LC_TARGET] = "an address, a node, node:interface or name:NAME",
	[LC_NETWORK] = "a network",
	[LC_NODE_NETWORK] = "a network, none, host or container:NODE",
	[LC_STEP] = "the name of an earlier step",
	[LC_SYSCTL] = "a setting: net.ipv4.ip_forward=1",
	[LC_NETNS] = "a path, a name in /run/netns, pid:N, docker:NAME",
	[LC_PUBLISH] = "a port to publish: 8080:80, 127.0.0.1:9001:80/udp",
	[LC_REQUIRES] = "one word of 'labcheck help requires'",
	[LC_LIST] = "a list",
	[LC_MAPPING] = "a mapping",
	[LC_MAPPINGS] = "a list of mappings",
	[LC_STEPS] = "a list of steps",
};
/* clang-format on */

_Static_assert(sizeof(type_names) / sizeof(*type_names) == LC_STEPS + 1,
	       "a name for every type");

const char *value_type_name(enum lc_type type)
{
	return type_names[type];
}
