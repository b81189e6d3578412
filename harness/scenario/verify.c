// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verify.c - whether a document says what the language allows
 *
 * One walk over the tree, directed by the tables of fields.  A mistake makes
 * its own part unusable and no more: a wrong value its key, a missing or wrong
 * key that must be there its mapping.
 */
#include <stdbool.h>
#include <string.h>

#include <labcheck/check.h>

#include "scenario/arena.h"
#include "scenario/document.h"
#include "scenario/language.h"
#include "scenario/names.h"
#include "scenario/problems.h"
#include "scenario/suggestion.h"
#include "scenario/value.h"
#include "scenario/verify.h"

/* Of a file that has so many mistakes the rest is not looked at */
enum { ERRORS_ENOUGH = 5000 };

struct verifier {
	struct arena *arena;
	struct lc_problems *problems;
	struct names *names;
	const struct lc_check *const *checks;
	uint32_t step;
};

static void verify_field(struct verifier *v, const struct lc_field *field,
			 struct document_node *node);

/* A mapping, and what to call it: @each of `what`, or `what` itself */
struct named {
	const char *what;
	bool each;
};

static void verify_mapping(struct verifier *v, const struct lc_field *fields,
			   struct named name, struct document_node *node);

static void leave_out(struct document_node *node)
{
	node->left_out = node->tainted = true;
}

static const struct lc_check *find_check(const struct verifier *v,
					 const char *name)
{
	for (size_t i = 0; v->checks[i]; i++)
		if (!strcmp(v->checks[i]->name, name))
			return v->checks[i];
	return NULL;
}

/* A step's key within the mapping of its verb */
static bool belongs_to_step(const struct verifier *v,
			    const struct lc_field *fields, const char *key)
{
	for (size_t i = 0; v->checks[i] && v->step != NO_STEP; i++)
		if (v->checks[i]->fields == fields)
			return language_field(step_fields, key);
	return false;
}

static void unknown_key(struct verifier *v, const struct lc_field *fields,
			const struct document_node *key)
{
	char maybe[SUGGESTION_SIZE];
	struct suggestion near;

	if (belongs_to_step(v, fields, key->text)) {
		lc_problem(v->problems, key->at,
			   "`%s` is a key of the step: it goes beside the verb, "
			   "not into it", key->text);
		return;
	}
	if (language_is_planned(fields, key->text)) {
		lc_problem(v->problems, key->at,
			   "`%s` is a word of the language that is not built "
			   "yet", key->text);
		return;
	}
	if (!strcmp(key->text, "<<")) {
		lc_problem(v->problems, key->at,
			   "merge keys ('<<') are no part of the language");
		return;
	}
	suggestion_begin(&near, key->text);
	for (const struct lc_field *f = fields; f->key; f++)
		suggestion_try(&near, f->key);
	if (fields == step_fields)
		for (size_t i = 0; v->checks[i]; i++)
			suggestion_try(&near, v->checks[i]->name);
	lc_problem(v->problems, key->at, "unknown %s '%.60s'%s",
		   fields == step_fields ? "verb or key" : "key", key->text,
		   suggestion_text(&near, maybe));
}

/* Scalars */

static void verify_scalar(struct verifier *v, const struct lc_field *field,
			  struct document_node *node)
{
	struct lc_value value = { .at = node->at };
	struct lc_err err;

	if (node->kind != DOCUMENT_SCALAR) {
		lc_problem(v->problems, node->at,
			   field->type == LC_LIST ?
				   "each of `%s` is a single value, not %s" :
				   "`%s` is a single value, not %s",
			   field->key, document_kind_name(node->kind));
		leave_out(node);
		return;
	}
	if (node->nothing) {
		lc_problem(v->problems, node->at, "%s`%s` has no value",
			   field->type == LC_LIST ? "one of " : "", field->key);
		leave_out(node);
		return;
	}
	if (value_parse(field, v->arena, node->text, &value, &err) < 0 ||
	    names_resolve(v->names, field, &value, v->step, &err) < 0) {
		lc_problem(v->problems, node->at, "%s", err.text);
		leave_out(node);
		return;
	}
	if (node->cut && (field->type == LC_TEXT || field->type == LC_WORDS))
		lc_warning(v->problems, node->at,
			   "what follows ' #' is a comment and no part of this "
			   "text; quotes would keep it");
}

/* Lists and mappings */

/* Return: whether the node is a list whose items can be looked at */
static bool verify_list_shape(struct verifier *v, const struct lc_field *field,
			      struct document_node *node)
{
	const char *of = field->type == LC_LIST	 ? "a list" :
			 field->type == LC_STEPS ? "a list of steps" :
						   "a list of mappings";

	if (node->nothing)
		lc_problem(v->problems, node->at, "`%s` has no value",
			   field->key);
	else if (node->kind == DOCUMENT_SCALAR && field->type == LC_LIST)
		lc_problem(v->problems, node->at,
			   "`%s` is a list: write [%.60s]", field->key,
			   node->text);
	else if (node->kind != DOCUMENT_SEQUENCE)
		lc_problem(v->problems, node->at, "`%s` is %s, not %s",
			   field->key, of, document_kind_name(node->kind));
	else if (node->count > ITEMS_MAX)
		lc_problem(v->problems, node->at,
			   "`%s` has %u items; at most %d are understood",
			   field->key, node->count, ITEMS_MAX);
	else
		return true;
	leave_out(node);
	return false;
}

static void verify_list(struct verifier *v, const struct lc_field *field,
			struct document_node *node)
{
	if (!verify_list_shape(v, field, node))
		return;
	for (size_t i = 0; i < node->count; i++) {
		verify_scalar(v, field, node->items[i]);
		node->tainted |= node->items[i]->tainted;
	}
}

static void verify_mappings(struct verifier *v, const struct lc_field *field,
			    struct document_node *node)
{
	if (!verify_list_shape(v, field, node))
		return;
	for (size_t i = 0; i < node->count; i++) {
		if (field->type == LC_STEPS)
			v->step = (uint32_t)i;
		verify_mapping(v, field->fields,
			       (struct named){ field->key, true },
			       node->items[i]);
		node->tainted |= node->items[i]->tainted;
	}
	v->step = NO_STEP;
}

static const char *each(struct named name)
{
	return name.each ? "each of " : "";
}

/* Return: whether the node is a mapping whose keys can be looked at */
static bool verify_mapping_shape(struct verifier *v, struct named name,
				 struct document_node *node)
{
	if (node->kind == DOCUMENT_MAPPING)
		return true;
	if (node->nothing)
		lc_problem(v->problems, node->at, "%s`%s` has no value",
			   name.each ? "one of " : "", name.what);
	else
		lc_problem(v->problems, node->at,
			   "%s`%s` is a mapping (key: value), not %s",
			   each(name), name.what,
			   document_kind_name(node->kind));
	leave_out(node);
	return false;
}

static void verify_required(struct verifier *v, const struct lc_field *fields,
			    struct named name, struct document_node *node)
{
	const struct document_node *value;

	for (; fields->key; fields++) {
		if (!(fields->flags & LC_REQUIRED))
			continue;
		value = document_get(node, fields->key);
		if (!value)
			lc_problem(v->problems, node->at,
				   "%s`%s` needs `%s`", each(name),
				   name.what, fields->key);
		if (!value || value->left_out)
			leave_out(node);
	}
}

/* Return: how many verbs the pair is: 1, 0, or -1 if that can't be told */
static int verify_pair(struct verifier *v, const struct lc_field *fields,
		       struct document_pair *pair)
{
	const struct lc_field *field = language_field(fields, pair->key->text);
	const struct lc_check *check = NULL;

	if (pair->key->repeated) {
		leave_out(pair->value);
		return 0;
	}
	if (field) {
		verify_field(v, field, pair->value);
		return 0;
	}
	if (fields == step_fields)
		check = find_check(v, pair->key->text);
	if (check) {
		verify_mapping(v, check->fields,
			       (struct named){ .what = check->name },
			       pair->value);
		return 1;
	}
	unknown_key(v, fields, pair->key);
	leave_out(pair->value);
	return -1;
}

static void verify_verbs(struct verifier *v, struct document_node *node,
			 bool unsure)
{
	const struct document_node *first = NULL;
	bool usable = false;

	for (size_t i = 0; i < node->count; i++) {
		struct document_pair *pair = &node->pairs[i];

		if (pair->key->repeated || !find_check(v, pair->key->text))
			continue;
		if (first) {
			lc_problem(v->problems, pair->key->at,
				   "a step has one verb, and this one has `%s` "
				   "already", first->text);
			leave_out(pair->value);
			node->tainted = true;
			continue;
		}
		first = pair->key;
		usable = !pair->value->left_out;
	}
	if (!first && !unsure)
		lc_problem(v->problems, node->at,
			   "a step needs a verb, such as `ping`; 'labcheck help "
			   "checks' lists them");
	if (!usable)
		leave_out(node);
}

static void verify_mapping(struct verifier *v, const struct lc_field *fields,
			   struct named name, struct document_node *node)
{
	bool unsure = false;

	if (!verify_mapping_shape(v, name, node))
		return;
	for (size_t i = 0; i < node->count; i++) {
		if (v->problems->errors >= ERRORS_ENOUGH) {
			leave_out(node);
			return;
		}
		unsure |= verify_pair(v, fields, &node->pairs[i]) < 0;
		node->tainted |= node->pairs[i].value->tainted;
	}
	verify_required(v, fields, name, node);
	if (fields == step_fields)
		verify_verbs(v, node, unsure);
}

static void verify_field(struct verifier *v, const struct lc_field *field,
			 struct document_node *node)
{
	if (v->problems->errors >= ERRORS_ENOUGH)
		leave_out(node);
	else if (field->type == LC_LIST)
		verify_list(v, field, node);
	else if (field->type == LC_MAPPING)
		verify_mapping(v, field->fields,
			       (struct named){ .what = field->key }, node);
	else if (field->type == LC_MAPPINGS || field->type == LC_STEPS)
		verify_mappings(v, field, node);
	else
		verify_scalar(v, field, node);
}

static void verify_root(struct verifier *v, struct document_node *root)
{
	if (root->kind == DOCUMENT_MAPPING) {
		verify_mapping(v, scenario_fields,
			       (struct named){ .what = "scenario" }, root);
		return;
	}
	lc_problem(v->problems, root->at,
		   "a scenario is a mapping (name: ..., nodes: ..., steps: "
		   "...), not %s", document_kind_name(root->kind));
	leave_out(root);
}

void verify(struct document *document, const struct lc_check *const *checks,
	    struct lc_problems *problems)
{
	struct arena *arena = arena_new();
	struct verifier v = {
		.arena = arena,
		.problems = problems,
		.names = names_collect(arena, document, problems),
		.checks = checks,
		.step = NO_STEP,
	};

	verify_root(&v, document->root);
	arena_free(arena);
}
