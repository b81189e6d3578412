// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * set_link.c - an administrator changes an interface
 *
 * An interface that goes down loses its routes and its IPv6 addresses, as in
 * Linux; `unplug` is the cable alone.
 */
#include <errno.h>

#include <labcheck/check.h>

struct set_link {
	struct lc_at at;
	struct lc_value link, state, mtu, master;
};

static const char *const state_words[] = { "down", "up", NULL };

static const struct lc_field set_link_fields[] = {
	LC_SCALAR("link", LC_INTERFACE, struct set_link, link, LC_REQUIRED,
		  "which interface: node:interface"),
	LC_CHOICE_OF("state", state_words, struct set_link, state,
		     "up or down"),
	LC_NUMBER_IN("mtu", 1, UINT32_MAX, struct set_link, mtu,
		     "its new MTU"),
	LC_SCALAR("master", LC_WORDS, struct set_link, master, 0,
		  "the bridge whose port it becomes; \"\": of none"),
	LC_FIELD_END
};

static void set_link_verify(const void *params, struct lc_problems *problems)
{
	const struct set_link *p = params;

	if (!lc_given(&p->state) && !lc_given(&p->mtu) &&
	    !lc_given(&p->master))
		lc_problem(problems, p->at,
			   "`set_link` needs `state`, `mtu` or `master`");
}

static void set_link_title(const void *params, FILE *out)
{
	const struct set_link *p = params;

	fprintf(out, "set link %s", p->link.text);
	if (lc_given(&p->state))
		fprintf(out, " %s", p->state.text);
	if (lc_given(&p->mtu))
		fprintf(out, " mtu %s", p->mtu.text);
	if (lc_given(&p->master) && *p->master.text)
		fprintf(out, " master %s", p->master.text);
	else if (lc_given(&p->master))
		fprintf(out, " nomaster");
}

static int set_link_act(const void *params, const struct lc_context *context,
			struct lc_err *err)
{
	const struct set_link *p = params;
	const struct lc_link_change change = {
		.state = lc_given(&p->state) ? p->state.choice : -1,
		.mtu = lc_given(&p->mtu) ? (uint32_t)p->mtu.number : 0,
		.master = lc_given(&p->master) ? p->master.text : NULL,
	};
	struct lc_node *node;

	node = lc_lab_node(context->lab, p->link.node, err);
	if (!node)
		return -ENOENT;
	return lc_node_set_link(node, p->link.interface, &change, err);
}

const struct lc_check lc_check_set_link = {
	.name		= "set_link",
	.summary	= "an interface goes up or down, gets an MTU or a master",
	.example	= "- set_link: {link: \"host:veth-red-br\", state: down}",
	.params_size	= sizeof(struct set_link),
	.fields		= set_link_fields,
	.verify		= set_link_verify,
	.title		= set_link_title,
	.act		= set_link_act,
};
