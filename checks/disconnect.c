// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disconnect.c - a node that runs is disconnected from a network
 *
 * Its interface there vanishes, even eth0, and the address is free.  If the
 * default route was there, it goes to another of its networks.
 */
#include <labcheck/check.h>

static const struct lc_field disconnect_fields[] = {
	LC_SCALAR("node", LC_NODE, struct lc_disconnect, node, LC_REQUIRED,
		  "which node"),
	LC_SCALAR("network", LC_NETWORK, struct lc_disconnect, network,
		  LC_REQUIRED, "from which network"),
	LC_FIELD_END
};

static void disconnect_title(const void *params, FILE *out)
{
	const struct lc_disconnect *p = params;

	fprintf(out, "disconnect %s from %s", p->node.text, p->network.text);
}

static int disconnect_act(const void *params, const struct lc_context *context,
			  struct lc_err *err)
{
	(void)params;
	return lc_lab_advance(context->lab, err);
}

const struct lc_check lc_check_disconnect = {
	.name		= "disconnect",
	.summary	= "a node that runs is disconnected from a network",
	.example	= "- disconnect: {node: u1, network: back}",
	.params_size	= sizeof(struct lc_disconnect),
	.fields		= disconnect_fields,
	.title		= disconnect_title,
	.change		= LC_DISCONNECT,
	.act		= disconnect_act,
};
