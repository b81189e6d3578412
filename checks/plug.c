// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plug.c - a cable that was unplugged is put back
 */
#include <errno.h>

#include <labcheck/check.h>

struct plug {
	struct lc_at at;
	struct lc_value link;
};

static const struct lc_field plug_fields[] = {
	LC_SCALAR("link", LC_INTERFACE, struct plug, link, LC_REQUIRED,
		  "the end that was unplugged: node:interface"),
	LC_FIELD_END
};

static void plug_title(const void *params, FILE *out)
{
	const struct plug *p = params;

	fprintf(out, "plug %s", p->link.text);
}

static int plug_act(const void *params, const struct lc_context *context,
		    struct lc_err *err)
{
	const struct plug *p = params;
	struct lc_node *node;

	node = lc_lab_node(context->lab, p->link.node, err);
	if (!node)
		return -ENOENT;
	return lc_node_plug(node, p->link.interface, true, err);
}

const struct lc_check lc_check_plug = {
	.name		= "plug",
	.summary	= "a cable that was unplugged is put back",
	.example	= "- plug: {link: \"u2:eth0\"}",
	.params_size	= sizeof(struct plug),
	.fields		= plug_fields,
	.title		= plug_title,
	.act		= plug_act,
};
