// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * remove.c - a node goes out of the lab
 *
 * What runs on it is ended, its cables vanish at both ends, its addresses and its
 * name are free.  What others have in their neighbour tables stays there until
 * they find out.
 */
#include <labcheck/check.h>

static const struct lc_field remove_fields[] = {
	LC_SCALAR("node", LC_NODE, struct lc_remove, node, LC_REQUIRED,
		  "which node"),
	LC_FIELD_END
};

static void remove_title(const void *params, FILE *out)
{
	const struct lc_remove *p = params;

	fprintf(out, "remove %s", p->node.text);
}

static int remove_act(const void *params, const struct lc_context *context,
		      struct lc_err *err)
{
	(void)params;
	return lc_lab_advance(context->lab, err);
}

const struct lc_check lc_check_remove = {
	.name		= "remove",
	.summary	= "a node goes out of the lab",
	.example	= "- remove: {node: u2}",
	.params_size	= sizeof(struct lc_remove),
	.fields		= remove_fields,
	.title		= remove_title,
	.change		= LC_REMOVE,
	.act		= remove_act,
};
