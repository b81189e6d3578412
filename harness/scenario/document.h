/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * document.h - the tree of a YAML file, and where each part of it stands
 */
#ifndef SCENARIO_DOCUMENT_H
#define SCENARIO_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <labcheck/value.h>

struct arena;
struct lc_problems;
struct source;

enum {
	DOCUMENT_MAX_DEPTH = 32,
	DOCUMENT_MAX_NODES = 1000000,	/* aliases followed */
};

enum document_kind { DOCUMENT_SCALAR, DOCUMENT_SEQUENCE, DOCUMENT_MAPPING };

/**
 * struct document_node - A scalar, a sequence or a mapping
 * @size:	Nodes in it, itself included
 * @height:	Levels in it, itself included
 * @open:	Its end was not reached yet
 * @nothing:	SCALAR: an empty plain one, or ~ or null
 * @cut:	SCALAR: plain, with a comment right behind it on its line
 * @repeated:	SCALAR, a key: the mapping had it before
 * @left_out:	Is wrong, so nothing but verify.c is to see it
 * @tainted:	Something in it is wrong
 *
 * A lab of thousands has a dozen of these for each node, so it is kept small.
 */
struct document_node {
	struct lc_at at;
	uint32_t size;
	uint8_t height;
	enum document_kind kind : 8;
	bool open : 1, nothing : 1, cut : 1, repeated : 1;
	bool left_out : 1, tainted : 1;
	uint32_t count;
	union {
		const char *text;		/* of a scalar */
		struct document_node **items;	/* of a sequence */
		struct document_pair *pairs;	/* of a mapping */
	};
};

_Static_assert(sizeof(struct document_node) <= 32, "see above");

struct document_pair {
	struct document_node *key;	/* a scalar */
	struct document_node *value;
};

/**
 * struct document - A file as a tree
 * @root:	NULL: there is none, or its syntax is wrong
 */
struct document {
	struct arena *arena;
	struct document_node *root;
};

/**
 * document_read() - Make the tree of a text that source_verify() passed
 *		     (document_read.c)
 *
 * Time and memory are bounded, whatever the text.
 *
 * Return: the document.  What is wrong with the text is in @problems.
 */
struct document *document_read(const struct source *source,
			       struct lc_problems *problems);
void document_free(struct document *document);

/** document_copy() - What an alias stands for: the same, texts shared */
struct document_node *document_copy(struct arena *arena,
				    const struct document_node *from);

/** document_get() - What a mapping has for a key, or NULL */
struct document_node *document_get(const struct document_node *mapping,
				   const char *key);

/** document_kind_name() - "a single value", "a list", "a mapping" */
const char *document_kind_name(enum document_kind kind);

#endif
