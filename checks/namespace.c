// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * namespace.c - isolation itself: nodes that share a namespace, or do not
 */
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

struct namespace {
	struct lc_at at;
	struct lc_list of;
	struct lc_value kind, expect;
};

enum { DISTINCT, SAME };

static const char *const expect_words[] = {
	[DISTINCT] = "distinct", [SAME] = "same", NULL,
};

/* As enum lc_namespace has them */
static const char *const kind_words[] = {
	[LC_NS_NET] = "net", [LC_NS_PID] = "pid", [LC_NS_UTS] = "uts",
	[LC_NS_MNT] = "mnt", [LC_NS_IPC] = "ipc", [LC_NS_USER] = "user", NULL,
};

static const struct lc_field namespace_fields[] = {
	LC_LIST_OF("of", LC_PATTERN, struct namespace, of, LC_REQUIRED,
		   "the nodes, or patterns of their names"),
	LC_CHOICE_OF("kind", kind_words, struct namespace, kind,
		     "which of their namespaces; default: net"),
	LC_CHOICE_OF("expect", expect_words, struct namespace, expect,
		     "default: distinct, no two share one"),
	LC_FIELD_END
};

static int expected(const struct namespace *p)
{
	return lc_given(&p->expect) ? p->expect.choice : DISTINCT;
}

static enum lc_namespace kind_of(const struct namespace *p)
{
	return lc_given(&p->kind) ? (enum lc_namespace)p->kind.choice :
				    LC_NS_NET;
}

static void namespace_verify(const void *params, struct lc_problems *problems)
{
	const struct namespace *p = params;

	if (p->of.count == 0 ||
	    (p->of.count == 1 && !strpbrk(p->of.items[0].text, "*?[")))
		lc_problem(problems, p->at,
			   "one node alone is neither the same nor distinct");
}

static void namespace_title(const void *params, FILE *out)
{
	const struct namespace *p = params;

	for (uint32_t i = 0; i < p->of.count; i++)
		fprintf(out, "%s%s",
			!i			? "" :
			i + 1 == p->of.count	? " and " :
						  ", ",
			p->of.items[i].text);
	fprintf(out, " have %s %s namespace%s",
		expected(p) == SAME ? "one" : "distinct",
		kind_words[kind_of(p)], expected(p) == SAME ? "" : "s");
}

/* A node and the namespace it is in */
struct member {
	const char *name;
	uint64_t id;
};

static int compare(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* Sorted by namespace, so that those who share one are neighbours */
static void judge_members(const struct namespace *p, struct member *members,
			  size_t count, struct lc_verdict *v)
{
	const char *kind = kind_words[kind_of(p)];

	qsort(members, count, sizeof(*members), compare);
	for (size_t i = 1; i < count; i++) {
		bool same = members[i].id == members[i - 1].id;

		if (same == (expected(p) == SAME))
			continue;
		lc_verdict_fail(v, "%s and %s %s %s namespace%s",
				members[i - 1].name, members[i].name,
				same ? "share one" : "have two", kind,
				same ? "" : "s");
		return;
	}
}

static void namespace_judge(const void *params,
			    const struct lc_context *context,
			    const struct lc_seen *seen, size_t seen_count,
			    struct lc_verdict *v)
{
	lc_auto(lc_free) struct member *members = NULL;
	lc_auto(lc_free) struct lc_node **nodes = NULL;
	const struct namespace *p = params;
	struct lc_err err;
	size_t count = 0;
	int r;

	(void)seen;
	(void)seen_count;
	r = lc_lab_nodes(context->lab, &p->of, &nodes, &count, &err);
	members = r ? NULL : calloc(count + 1, sizeof(*members));
	if (!r && !members) {
		lc_verdict_error(v, "out of memory");
		return;
	}
	for (size_t i = 0; i < count && !r; i++) {
		members[i].name = lc_node_name(nodes[i]);
		r = lc_node_namespace(nodes[i], kind_of(p), &members[i].id,
				      &err);
	}
	if (r)
		lc_verdict_refused(v, r, &err);
	else if (count < 2)
		lc_verdict_error(v, "only %zu node matches", count);
	else
		judge_members(p, members, count, v);
}

const struct lc_check lc_check_namespace = {
	.name		= "namespace",
	.summary	= "nodes share a namespace, or each has its own",
	.example	= "- namespace: {of: [red, blue], kind: net, expect: distinct}",
	.params_size	= sizeof(struct namespace),
	.fields		= namespace_fields,
	.verify		= namespace_verify,
	.title		= namespace_title,
	.judge		= namespace_judge,
};
