// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reference.c - whether a reference finds what it names
 *
 * An interface can also come from a command of an earlier step, as in `do: {on:
 * red, command: ip link add veth-x ...}`.  Whatever such a command names is
 * taken to be there.
 *
 * What is searched through for something to suggest, and for what a pattern
 * matches, is bounded: a file of nothing but mistakes is told of the first of
 * them, and is over as fast as another.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <net/if.h>

#include <labcheck/err.h>

#include "scenario/keys.h"
#include "scenario/names.h"
#include "scenario/suggestion.h"

enum {
	SEARCHES_MAX = 100,
	TRIES_MAX = 1000000,
	BYTES_MAX = 64 << 20,
	SHARING_MAX = 16,	/* containers in each other's namespace */
};

static bool may_search(struct names *names)
{
	return names->searches++ < SEARCHES_MAX;
}

/* The node whose count a name seems to mean, with too large a number or none */
static const struct declared_node *near_count(const struct names *names,
					      const char *name)
{
	size_t length = strlen(name), end = length;
	uint32_t number;

	while (length && strchr("0123456789", name[length - 1]))
		length--;
	for (; length <= end; length++)
		if (keys_find(names->known, NAME_COUNTED, name, length,
			      &number))
			return &names->nodes[number];
	return NULL;
}

static int unknown_node(struct names *names, const char *name,
			struct lc_err *err)
{
	const struct declared_node *counted = near_count(names, name);
	char maybe[SUGGESTION_SIZE];
	struct suggestion near;

	if (counted)
		return lc_err_set(err, -ENOENT,
				  "unknown node '%.60s'; the count of '%.60s' "
				  "makes %.60s1 to %.60s%u", name,
				  counted->name, counted->name, counted->name,
				  counted->count);
	suggestion_begin(&near, name);
	if (may_search(names))
		for (uint32_t i = 0; i < names->node_count; i++)
			if (!names->nodes[i].count)
				suggestion_try(&near, names->nodes[i].name);
	return lc_err_set(err, -ENOENT, "unknown node '%.60s'%s", name,
			  suggestion_text(&near, maybe));
}

static int resolve_node(struct names *names, const char *name, uint32_t step,
			struct lc_err *err)
{
	const struct turn *turn;

	if (names_node_at(names, name, step))
		return 0;
	turn = names_turn(names, name, step);
	if (!turn)
		return unknown_node(names, name, err);
	if (turn->node == UINT32_MAX)
		return lc_err_set(err, -ENOENT,
				  "node '%.60s' is no longer there: the step on line %u removes it",
				  name, turn->at.line);
	return lc_err_set(err, -ENOENT,
			  "node '%.60s' is not there yet: the step on line %u creates it",
			  name, turn->at.line);
}

static int unknown_interface(struct names *names, const char *owner,
			     const struct declared_node *node,
			     const char *name, struct lc_err *err)
{
	char maybe[SUGGESTION_SIZE];
	struct suggestion near;

	suggestion_begin(&near, name);
	if (may_search(names))
		for (uint32_t i = 0; i < names->interface_count; i++) {
			const char *of = names->interfaces[i].node;

			/* Another life of its name may have had it */
			if ((!strcmp(of, owner) || !strcmp(of, node->name)) &&
			    strcmp(names->interfaces[i].name, name))
				suggestion_try(&near,
					       names->interfaces[i].name);
		}
	return lc_err_set(err, -ENOENT, "node '%.60s' has no interface '%s'%s",
			  owner, name, suggestion_text(&near, maybe));
}

/*
 * The names of most of what networks make on their carrier are chosen when they
 * are expanded (plan.h), so here one that may be such is taken for one.
 */
static bool may_be_of_network(const char *name)
{
	return (!strncmp(name, "br-", 3) && strlen(name) == IFNAMSIZ - 1) ||
	       !strncmp(name, "veth", 4) || !strcmp(name, "docker0") ||
	       !strcmp(name, "docker_gwbridge");
}

static bool has_word(const char *text, const char *word)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_-.";
	size_t length = strlen(word);

	for (const char *p = text; (p = strstr(p, word)); p++)
		if ((p == text || !strchr(letters, p[-1])) &&
		    (!p[length] || !strchr(letters, p[length])))
			return true;
	return false;
}

/* Interfaces that tools make by themselves, which those who call them need not
 * name */
static bool may_be_of_tool(const char *name, const char *command)
{
	return (may_be_of_network(name) && strstr(command, "docker")) ||
	       (!strcmp(name, "cni0") && strstr(command, "cni"));
}

static bool may_come_of_command(struct names *names, const char *name,
				uint32_t step)
{
	for (uint32_t i = 0; i < names->command_count; i++) {
		const struct declared_command *command = &names->commands[i];

		if (command->step != NO_STEP && command->step >= step)
			break;
		names->bytes += strlen(command->text);
		if (names->bytes > BYTES_MAX || has_word(command->text, name) ||
		    may_be_of_tool(name, command->text))
			return true;
	}
	return false;
}

static int resolve_interface(struct names *names, const char *owner,
			     const char *name, uint32_t step,
			     struct lc_err *err)
{
	const struct declared_node *node = NULL;
	const uint32_t stands_in = step;
	char endpoint[128];
	uint32_t number;

	/* A container in the namespace of another has the other's */
	for (int i = 0; i < SHARING_MAX; i++) {
		node = names_node_at(names, owner, step);
		if (!node)
			return resolve_node(names, owner, step, err);
		if (!node->shares)
			break;
		owner = node->shares;
		step = node->born;
	}
	number = NAME_INTERFACE + (uint32_t)(node - names->nodes);
	snprintf(endpoint, sizeof(endpoint), "%s:%s", owner, name);
	if (node->adopted || node->shares ||
	    (node->carrier && may_be_of_network(name)) ||
	    keys_find_name(names->known, number, name, NULL) ||
	    keys_find_name(names->known, NAME_ENDPOINT, endpoint, NULL) ||
	    (stands_in != NO_STEP &&
	     may_come_of_command(names, name, stands_in)))
		return 0;
	return unknown_interface(names, owner, node, name, err);
}

static int resolve_network(struct names *names, const char *name,
			   struct lc_err *err)
{
	char maybe[SUGGESTION_SIZE];
	struct suggestion near;

	if (keys_find_name(names->known, NAME_NETWORK, name, NULL))
		return 0;
	suggestion_begin(&near, name);
	if (may_search(names))
		for (uint32_t i = 0; i < names->network_count; i++)
			suggestion_try(&near, names->networks[i]);
	return lc_err_set(err, -ENOENT, "unknown network '%.60s'%s", name,
			  suggestion_text(&near, maybe));
}

static int resolve_node_network(struct names *names,
				const struct lc_value *value, uint32_t step,
				struct lc_err *err)
{
	if (value->node)
		return resolve_node(names, value->node, step, err);
	if (!strcmp(value->text, "none"))
		return 0;
	return resolve_network(names, value->text, err);
}

static bool matches_some(struct names *names, const char *pattern,
			 uint32_t step)
{
	char name[128];

	for (uint32_t i = 0; i < names->node_count; i++) {
		const struct declared_node *node = &names->nodes[i];

		for (unsigned int k = 0; k <= node->count; k++) {
			if (names->tries++ > TRIES_MAX)
				return true;
			if (node->count && !k)
				continue;
			snprintf(name, sizeof(name), node->count ? "%s%u" : "%s",
				 node->name, k);
			if (!fnmatch(pattern, name, 0) &&
			    names_node_at(names, name, step))
				return true;
		}
	}
	return false;
}

/* What it matches is the same at any step, unless nodes come and go */
static int resolve_pattern(struct names *names, const char *pattern,
			   uint32_t step, struct lc_err *err)
{
	uint32_t matches;

	if (!strpbrk(pattern, "*?["))
		return resolve_node(names, pattern, step, err);
	if (names->turn_count ||
	    !keys_find_name(names->known, NAME_PATTERN, pattern, &matches)) {
		matches = matches_some(names, pattern, step);
		keys_add_name(names->known, NAME_PATTERN, pattern, matches);
	}
	return matches ? 0 : lc_err_set(err, -ENOENT,
					"no node matches '%.60s'", pattern);
}

static int resolve_step(struct names *names, const char *name, uint32_t step,
			struct lc_err *err)
{
	char maybe[SUGGESTION_SIZE];
	struct suggestion near;
	uint32_t number;

	if (keys_find_name(names->known, NAME_STEP, name, &number)) {
		if (number < step)
			return 0;
		return lc_err_set(err, -ENOENT,
				  "the step '%.60s' does not come before this "
				  "one", name);
	}
	suggestion_begin(&near, name);
	if (may_search(names))
		for (uint32_t i = 0; i < step && i < names->step_count; i++)
			if (names->steps[i])
				suggestion_try(&near, names->steps[i]);
	return lc_err_set(err, -ENOENT, "no step has the name '%.60s'%s", name,
			  suggestion_text(&near, maybe));
}

int names_resolve(struct names *names, const struct lc_field *field,
		  const struct lc_value *value, uint32_t step,
		  struct lc_err *err)
{
	enum lc_type type = field->type == LC_LIST ? field->item : field->type;

	if (field->flags & LC_MAY_COME)
		return 0;
	switch ((int)type) {
	case LC_PATTERN:
		return resolve_pattern(names, value->node, step, err);
	case LC_NETWORK:
		return resolve_network(names, value->text, err);
	case LC_NODE_NETWORK:
		return resolve_node_network(names, value, step, err);
	case LC_STEP:
		return resolve_step(names, value->text, step, err);
	case LC_TARGET:
		/* A name is for the sender to find */
		if (value->kind == LC_TARGET_NAME)
			return 0;
		break;
	case LC_NETNS:
		return 0;
	}
	if (value->interface)
		return resolve_interface(names, value->node, value->interface,
					 step, err);
	return value->node ? resolve_node(names, value->node, step, err) : 0;
}
