// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unplug.c - a cable is pulled out of an interface
 *
 * Only the carrier goes: what is configured on the interface stays, as with a
 * real cable.
 */
#include <errno.h>

#include <labcheck/check.h>

struct unplug {
	struct lc_at at;
	struct lc_value link;
};

static const struct lc_field unplug_fields[] = {
	LC_SCALAR("link", LC_INTERFACE, struct unplug, link, LC_REQUIRED,
		  "the end that keeps what is configured: node:interface"),
	LC_FIELD_END
};

static void unplug_title(const void *params, FILE *out)
{
	const struct unplug *p = params;

	fprintf(out, "unplug %s", p->link.text);
}

static int unplug_act(const void *params, const struct lc_context *context,
		      struct lc_err *err)
{
	const struct unplug *p = params;
	struct lc_node *node;

	node = lc_lab_node(context->lab, p->link.node, err);
	if (!node)
		return -ENOENT;
	return lc_node_plug(node, p->link.interface, false, err);
}

const struct lc_check lc_check_unplug = {
	.name		= "unplug",
	.summary	= "a cable is pulled out of an interface",
	.example	= "- unplug: {link: \"u2:eth0\"}",
	.params_size	= sizeof(struct unplug),
	.fields		= unplug_fields,
	.title		= unplug_title,
	.act		= unplug_act,
};
