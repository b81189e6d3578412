// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * connect.c - a node that runs is connected to a network
 *
 * It has one more interface at once, under the next number that it has not had:
 * ethN.  Its default route goes where the first of its networks by name leads.
 */
#include <labcheck/check.h>

static const struct lc_field connect_fields[] = {
	LC_SCALAR("node", LC_NODE, struct lc_connect, node, LC_REQUIRED,
		  "which node"),
	LC_SCALAR("network", LC_NETWORK, struct lc_connect, network,
		  LC_REQUIRED, "to which network"),
	LC_SCALAR("address", LC_ADDRESS, struct lc_connect, address, 0,
		  "its address there; default: the lowest free one"),
	LC_SCALAR("address6", LC_ADDRESS, struct lc_connect, address6, 0,
		  "its IPv6 address there; default: the lowest free one"),
	LC_SCALAR("mac", LC_MAC_OR_RANDOM, struct lc_connect, mac, 0,
		  "its MAC address there, or `random`"),
	LC_LIST_OF("aliases", LC_NAME, struct lc_connect, aliases, 0,
		   "more names by which others find it there"),
	LC_FIELD_END
};

static void connect_title(const void *params, FILE *out)
{
	const struct lc_connect *p = params;

	fprintf(out, "connect %s to %s", p->node.text, p->network.text);
}

static int connect_act(const void *params, const struct lc_context *context,
		       struct lc_err *err)
{
	(void)params;
	return lc_lab_advance(context->lab, err);
}

const struct lc_check lc_check_connect = {
	.name		= "connect",
	.summary	= "a node that runs is connected to a network",
	.example	= "- connect: {node: u1, network: back, aliases: [db]}",
	.params_size	= sizeof(struct lc_connect),
	.fields		= connect_fields,
	.title		= connect_title,
	.change		= LC_CONNECT,
	.act		= connect_act,
};
