/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - what a scenario declares, and whether a reference finds it
 */
#ifndef SCENARIO_NAMES_H
#define SCENARIO_NAMES_H

#include <stddef.h>

#include <labcheck/schema.h>

struct arena;
struct document;
struct document_node;
struct keys;
struct lc_err;
struct lc_problems;

/**
 * struct declared_node - A node, or as many as its count says
 * @count:	0: it has none
 * @shares:	The node in whose namespace it lives, or NULL
 * @adopted:	It may have any interface
 * @carrier:	Networks make interfaces on it
 * @born:	The step that creates it; NO_STEP: it is there from the beginning
 * @eths:	How many connections to networks it has had
 * @on:		The host that carries it; NULL: `host`
 */
struct declared_node {
	const char *name;
	struct lc_at at;
	unsigned int count;
	const char *shares;
	bool adopted, carrier;
	uint32_t born;
	unsigned int eths;
	const char *on;
};

/**
 * struct turn - A step by which a node comes or goes
 * @node:	Its number; NO_NODE: it goes
 * @next:	The next turn of that name, or NO_TURN
 * @found:	In the first of a name: which one was found last
 */
struct turn {
	uint32_t step, node, next, found;
	struct lc_at at;
};

#define NO_TURN UINT32_MAX

struct declared_interface {
	const char *node, *name;
};

/* A shell line, which may make interfaces that nothing declares */
struct declared_command {
	const char *text;
	uint32_t step;			/* NO_STEP: a service */
};

#define NO_STEP UINT32_MAX

/* What struct names.known tells apart */
enum name_scope {
	NAME_NODE, NAME_COUNTED, NAME_NETWORK, NAME_STEP,
	NAME_ENDPOINT,		/* "node:interface" of links */
	NAME_KIND,		/* the same of entries with a kind; of its number */
	NAME_PATTERN,		/* number: whether it matches */
	NAME_OVERLAY,		/* of networks those that are one */
	NAME_TURN,		/* of a node's name: its first */
	NAME_INTERFACE,		/* and up: those of node number 0, 1, ... */
};

/**
 * struct names - All names of a scenario, and which number each has
 * @steps:	By number; NULL where a step has no name
 */
struct names {
	struct arena *arena;
	struct lc_problems *problems;
	struct keys *known;
	struct declared_node *nodes;
	uint32_t node_count;
	struct turn *turns;
	uint32_t turn_count;
	struct declared_interface *interfaces;
	uint32_t interface_count;
	const char **networks;
	uint32_t network_count;
	const char **steps;
	uint32_t step_count;
	struct declared_command *commands;
	uint32_t command_count;
	unsigned int searches;		/* for something to suggest */
	unsigned int tries;		/* to match a pattern */
	size_t bytes;			/* of commands, looked through */
};

/**
 * names_collect() - Gather all names of a document
 *
 * It looks over mistakes, which verify.c tells, and reports names that are
 * given twice.  All memory is the arena's; texts stay the document's.
 */
struct names *names_collect(struct arena *arena,
			    const struct document *document,
			    struct lc_problems *problems);

/** names_node() - The node of a name that is there from the beginning, or NULL */
struct declared_node *names_node(const struct names *names, const char *name);

/** names_node_at() - The one that is there when a step begins, or NULL (turns.c)
 * @step:	Its number; NO_STEP: that is there from the beginning */
struct declared_node *names_node_at(const struct names *names,
				    const char *name, uint32_t step);

/** names_turn() - Of a name that is not there: the turn that says why, or NULL
 * (turns.c) */
const struct turn *names_turn(const struct names *names, const char *name,
			      uint32_t step);

/** turns_collect() - Who comes and goes by a step (turns.c) */
void turns_collect(struct names *names, const struct document_node *step,
		   uint32_t number);

/* What names.c has for the other two */
const struct document_node *names_scalar(const struct document_node *mapping,
					 const char *key);
const char *names_text(const struct document_node *mapping, const char *key);
const struct document_node *names_list(const struct document_node *mapping,
				       const char *key);
uint32_t names_add_node(struct names *names, const struct document_node *said,
			uint32_t step);
struct declared_node *names_make_host(struct names *names);
void names_add_interface(struct names *names, uint32_t node, const char *name,
			 struct lc_at at);

/* What name_networks.c has */
void names_add_network(struct names *names, const struct document_node *said);
void names_add_own_networks(struct names *names);
void names_add_kind(struct names *names, uint32_t node, const char *interface);
void names_add_eth(struct names *names, uint32_t node);
void names_add_eths(struct names *names, uint32_t node,
		    const struct document_node *said);
void names_carry(struct names *names, uint32_t node, const char *network);
void names_carry_all(struct names *names, uint32_t node,
		     const struct document_node *said);

/**
 * names_resolve() - Whether what a value refers to is there (reference.c)
 * @field:	Its type, or its item's, decides what is looked for
 * @step:	The number of the step that it stands in, or NO_STEP
 *
 * Return: 0, also for types that refer to nothing; -ENOENT with @err
 */
int names_resolve(struct names *names, const struct lc_field *field,
		  const struct lc_value *value, uint32_t step,
		  struct lc_err *err);

#endif
