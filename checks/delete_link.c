// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * delete_link.c - an interface is deleted
 *
 * Of a cable both ends go, wherever the other one is.
 */
#include <errno.h>

#include <labcheck/check.h>

struct delete_link {
	struct lc_at at;
	struct lc_value link;
};

static const struct lc_field delete_link_fields[] = {
	LC_SCALAR("link", LC_INTERFACE, struct delete_link, link, LC_REQUIRED,
		  "which interface: node:interface"),
	LC_FIELD_END
};

static void delete_link_title(const void *params, FILE *out)
{
	const struct delete_link *p = params;

	fprintf(out, "delete link %s", p->link.text);
}

static int delete_link_act(const void *params, const struct lc_context *context,
			   struct lc_err *err)
{
	const struct delete_link *p = params;
	struct lc_node *node;

	node = lc_lab_node(context->lab, p->link.node, err);
	if (!node)
		return -ENOENT;
	return lc_node_delete_link(node, p->link.interface, err);
}

const struct lc_check lc_check_delete_link = {
	.name		= "delete_link",
	.summary	= "an interface is deleted, and with a veth its other end",
	.example	= "- delete_link: {link: \"red:veth-red\"}",
	.params_size	= sizeof(struct delete_link),
	.fields		= delete_link_fields,
	.title		= delete_link_title,
	.act		= delete_link_act,
};
