// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * create.c - a node comes into the lab
 *
 * A host or a container, with all that is said of it: its networks and addresses,
 * what its peers and its host come to know of it, its services.  A name that has
 * been removed may be given again, to a node that has nothing of the old one.
 */
#include <labcheck/check.h>

static void create_title(const void *params, FILE *out)
{
	const struct node_said *p = params;

	fprintf(out, "create %s", p->name.text);
}

static int create_act(const void *params, const struct lc_context *context,
		      struct lc_err *err)
{
	(void)params;
	return lc_lab_advance(context->lab, err);
}

const struct lc_check lc_check_create = {
	.name		= "create",
	.summary	= "a node comes into the lab",
	.example	= "- create: {name: u3, network: my-net}",
	.params_size	= sizeof(struct node_said),
	.fields		= lc_node_fields,
	.title		= create_title,
	.change		= LC_CREATE,
	.act		= create_act,
};
