// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * names.c - what a scenario declares
 *
 * Names come from the tree, not from what was loaded: a node with a wrong
 * address still is a node, and each reference to it must not be one more
 * mistake.  A node with a `count` is kept as one: c17 is found by cutting off
 * its digits, and a file that says `count: 4096` a thousand times costs no
 * more than it is long.
 */
#include <stdlib.h>
#include <string.h>
#include <net/if.h>

#include <labcheck/check.h>

#include "scenario/arena.h"
#include "scenario/document.h"
#include "scenario/keys.h"
#include "scenario/language.h"
#include "scenario/names.h"
#include "scenario/value.h"

const struct document_node *
names_scalar(const struct document_node *mapping, const char *key)
{
	const struct document_node *value = document_get(mapping, key);

	if (!value || value->kind != DOCUMENT_SCALAR || value->nothing)
		return NULL;
	return value;
}

const char *names_text(const struct document_node *mapping, const char *key)
{
	const struct document_node *value = names_scalar(mapping, key);

	return value ? value->text : NULL;
}

/* The list that a mapping has for a key; an empty one, if it has none */
const struct document_node *names_list(const struct document_node *mapping,
				       const char *key)
{
	static const struct document_node empty = { .kind = DOCUMENT_SEQUENCE };
	const struct document_node *list = document_get(mapping, key);

	return list && list->kind == DOCUMENT_SEQUENCE ? list : &empty;
}

/* The node whose count makes one of that name: of web11 that is `web` with a
 * count of 11, or `web1` with one */
static struct declared_node *counted_node(const struct names *names,
					  const char *name)
{
	size_t length = strlen(name);
	uint32_t number;

	while (length && strchr("0123456789", name[length - 1]))
		length--;
	for (; name[length]; length++) {
		unsigned long ordinal = strtoul(name + length, NULL, 10);

		if (name[length] != '0' &&
		    keys_find(names->known, NAME_COUNTED, name, length,
			      &number) &&
		    ordinal <= names->nodes[number].count)
			return &names->nodes[number];
	}
	return NULL;
}

struct declared_node *names_node(const struct names *names, const char *name)
{
	uint32_t number;

	if (keys_find_name(names->known, NAME_NODE, name, &number))
		return &names->nodes[number];
	return counted_node(names, name);
}

/* NULL: the name is taken */
static struct declared_node *add_node(struct names *names, const char *name,
				      unsigned int count, uint32_t born)
{
	uint32_t number = names->node_count;

	if (born == NO_STEP &&
	    !keys_add_name(names->known, count ? NAME_COUNTED : NAME_NODE, name,
			   number))
		return NULL;
	names->nodes = arena_grow(names->arena, names->nodes, number,
				  sizeof(*names->nodes));
	names->nodes[number] = (struct declared_node){
		.name = name, .count = count, .born = born,
	};
	names->node_count++;
	return &names->nodes[number];
}

/* One that nobody declared */
struct declared_node *names_make_host(struct names *names)
{
	struct declared_node *node = add_node(names, "host", 0, NO_STEP);

	names_add_interface(names, names->node_count - 1, "lo",
			    (struct lc_at){ 0 });
	return node;
}

static void twice(struct names *names, const char *what, const char *name,
		  struct lc_at at, struct lc_at first)
{
	lc_problem(names->problems, at,
		   "%s '%.60s' is there twice; first on line %u", what, name,
		   first.line);
}

void names_add_interface(struct names *names, uint32_t node, const char *name,
			 struct lc_at at)
{
	uint32_t number = names->interface_count;

	if (!keys_add_name(names->known, NAME_INTERFACE + node, name, number)) {
		if (at.line)
			lc_problem(names->problems, at,
				   "interface '%.60s' is there twice", name);
		return;
	}
	names->interfaces = arena_grow(names->arena, names->interfaces, number,
				       sizeof(*names->interfaces));
	names->interfaces[number] = (struct declared_interface){
		.node = names->nodes[node].name, .name = name,
	};
	names->interface_count++;
}

static const char *shared_node(const struct document_node *said)
{
	const char *network = names_text(said, "network");
	const char *on = names_text(said, "on");

	if (network && !strncmp(network, "container:", 10))
		return network + 10;
	if (network && !strcmp(network, "host"))
		return on ? on : "host";
	return NULL;
}

static void add_command(struct names *names,
			const struct document_node *mapping, const char *key,
			uint32_t step)
{
	const char *text = names_text(mapping, key);

	if (!text)
		return;
	names->commands = arena_grow(names->arena, names->commands,
				     names->command_count,
				     sizeof(*names->commands));
	names->commands[names->command_count++] =
		(struct declared_command){ .text = text, .step = step };
}

/* 0: it has none; COUNT_MAX and more: a mistake, of which references to it
 * are no part */
static unsigned int count_of(const struct document_node *said)
{
	const struct document_node *count = document_get(said, "count");
	uint64_t number;

	if (!count)
		return 0;
	if (count->kind == DOCUMENT_SCALAR &&
	    value_number(count->text, 1, COUNT_MAX, &number, NULL) == 0)
		return (unsigned int)number;
	return COUNT_MAX + 1;
}

static void carry_of_file(struct names *names, const struct document_node *said)
{
	const char *name = names_text(said, "name");
	uint32_t node;

	if (name && keys_find_name(names->known,
				   count_of(said) ? NAME_COUNTED : NAME_NODE,
				   name, &node))
		names_carry_all(names, node, said);
}

static void collect_parts(struct names *names, uint32_t number,
			  const struct document_node *said)
{
	const struct document_node *interfaces = names_list(said, "interfaces");
	const struct document_node *services = names_list(said, "services");
	struct declared_node *node = &names->nodes[number];
	const struct document_node *name;

	node->shares = shared_node(said);
	node->on = names_text(said, "on");
	node->adopted = document_get(said, "netns");
	names_add_interface(names, number, "lo", (struct lc_at){ 0 });
	for (size_t i = 0; i < interfaces->count; i++) {
		name = names_scalar(interfaces->items[i], "name");
		if (!name || !strcmp(name->text, "lo"))
			continue;
		names_add_interface(names, number, name->text, name->at);
		if (document_get(interfaces->items[i], "kind"))
			names_add_kind(names, number, name->text);
	}
	names_add_eths(names, number, said);
	for (size_t i = 0; i < services->count; i++)
		add_command(names, services->items[i], "run", NO_STEP);
}

static void collect_node(struct names *names, const struct document_node *said)
{
	const struct document_node *name = names_scalar(said, "name");
	uint32_t number = names->node_count;
	struct declared_node *node;

	if (!name)
		return;
	node = add_node(names, name->text, count_of(said), NO_STEP);
	if (!node) {
		keys_find_name(names->known,
			       count_of(said) ? NAME_COUNTED : NAME_NODE,
			       name->text, &number);
		twice(names, "node", name->text, name->at,
		      names->nodes[number].at);
		return;
	}
	if (node->count > COUNT_MAX)
		keys_add_name(names->known, NAME_NODE, name->text, number);
	node->at = name->at;
	collect_parts(names, number, said);
}

/* One that a step creates; the mapping has a name */
uint32_t names_add_node(struct names *names, const struct document_node *said,
			uint32_t step)
{
	const struct document_node *name = names_scalar(said, "name");
	uint32_t number = names->node_count;

	add_node(names, name->text, 0, step)->at = name->at;
	collect_parts(names, number, said);
	names_carry_all(names, number, said);
	return number;
}

static void collect_link(struct names *names, const struct document_node *said)
{
	const struct document_node *ends = names_list(said, "endpoints");

	for (size_t i = 0; i < ends->count; i++) {
		const struct document_node *end = ends->items[i];
		char *node, *colon;

		if (end->kind != DOCUMENT_SCALAR || !strchr(end->text, ':') ||
		    !keys_add_name(names->known, NAME_ENDPOINT, end->text, 0))
			continue;
		node = arena_strdup(names->arena, end->text);
		colon = strchr(node, ':');
		*colon = '\0';
		names->interfaces = arena_grow(names->arena, names->interfaces,
					       names->interface_count,
					       sizeof(*names->interfaces));
		names->interfaces[names->interface_count++] =
			(struct declared_interface){ .node = node,
						     .name = colon + 1 };
	}
}

static void collect_step(struct names *names, const struct document_node *said)
{
	const struct document_node *name = names_scalar(said, "name");
	uint32_t number = names->step_count;

	names->steps = arena_grow(names->arena, names->steps, number,
				  sizeof(*names->steps));
	names->steps[names->step_count++] = name ? name->text : NULL;
	if (name && !keys_add_name(names->known, NAME_STEP, name->text, number))
		lc_problem(names->problems, name->at,
			   "another step has the name '%.60s' already",
			   name->text);
	if (said->kind != DOCUMENT_MAPPING)
		return;
	for (size_t i = 0; i < said->count; i++)
		add_command(names, said->pairs[i].value, "command", number);
	turns_collect(names, said, number);
}

/* c1 beside a `c` with a count, c11 of `c` and of `c1` */
static void find_clashes(struct names *names)
{
	for (uint32_t i = 0; i < names->node_count; i++) {
		const struct declared_node *node = &names->nodes[i], *other;
		const char *name = node->name;

		if (node->born != NO_STEP)
			continue;
		if (node->count)
			name = arena_printf(names->arena, "%s1", name);
		other = counted_node(names, name);
		if (other && other != node)
			lc_problem(names->problems, node->at,
				   "the count of '%.60s' (line %u) makes a node "
				   "'%.60s' too", other->name, other->at.line,
				   name);
	}
}

/* Of a key that is there twice too, which is reported elsewhere */
static void collect(struct names *names, const struct document_node *root,
		    const char *key,
		    void (*take)(struct names *names,
				 const struct document_node *said))
{
	if (root->kind != DOCUMENT_MAPPING)
		return;
	for (size_t i = 0; i < root->count; i++) {
		const struct document_node *list = root->pairs[i].value;

		if (strcmp(root->pairs[i].key->text, key) ||
		    list->kind != DOCUMENT_SEQUENCE)
			continue;
		for (size_t k = 0; k < list->count; k++)
			take(names, list->items[k]);
	}
}

struct names *names_collect(struct arena *arena,
			    const struct document *document,
			    struct lc_problems *problems)
{
	struct names *names = arena_alloc(arena, sizeof(*names));
	const struct document_node *root = document->root;

	names->arena = arena;
	names->problems = problems;
	names->known = keys_new(names->arena);
	/* First: an end of a link is no interface of a network */
	collect(names, root, "links", collect_link);
	collect(names, root, "nodes", collect_node);
	collect(names, root, "networks", names_add_network);
	names_add_own_networks(names);
	collect(names, root, "nodes", carry_of_file);
	collect(names, root, "steps", collect_step);
	find_clashes(names);
	return names;
}
