// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * link.c - an interface is there, and is as it should be
 *
 * Three states, as a person at the cable sees them: `down` was said by an
 * administrator; `no-carrier` means up, but nobody at the other end; `up` is
 * up with a carrier.
 */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

struct link {
	struct lc_at at;
	struct lc_value on, state, kind, peer, master, mtu, mac, expect;
};

enum { PRESENT, ABSENT };

static const char *const expect_words[] = {
	[PRESENT] = "present", [ABSENT] = "absent", NULL,
};

enum { UP, DOWN, NO_CARRIER };

static const char *const state_words[] = {
	[UP] = "up", [DOWN] = "down", [NO_CARRIER] = "no-carrier", NULL,
};

static const struct lc_field link_fields[] = {
	LC_SCALAR("on", LC_INTERFACE, struct link, on, LC_REQUIRED,
		  "which interface: node:interface"),
	LC_CHOICE_OF("state", state_words, struct link, state,
		     "up: with a carrier; no-carrier: up without one"),
	LC_SCALAR("kind", LC_TEXT, struct link, kind, 0,
		  "the kernel's word: veth, bridge, vxlan, macvlan, tun, ..."),
	LC_SCALAR("peer", LC_INTERFACE, struct link, peer, 0,
		  "the other end of its cable: node:interface"),
	LC_SCALAR("master", LC_WORDS, struct link, master, 0,
		  "the bridge that it is a port of; \"\": none"),
	LC_NUMBER_IN("mtu", 0, UINT32_MAX, struct link, mtu, "its MTU"),
	LC_SCALAR("mac", LC_MAC_OF, struct link, mac, 0,
		  "its MAC address, or that of another interface"),
	LC_CHOICE_OF("expect", expect_words, struct link, expect,
		     "default: present"),
	LC_FIELD_END
};

static int expected(const struct link *p)
{
	return lc_given(&p->expect) ? p->expect.choice : PRESENT;
}

static void link_verify(const void *params, struct lc_problems *problems)
{
	const struct link *p = params;
	const struct lc_value *values[] = {
		&p->state, &p->kind, &p->peer, &p->master, &p->mtu, &p->mac,
	};

	for (size_t i = 0; i < 6 && expected(p) == ABSENT; i++)
		if (lc_given(values[i]))
			lc_problem(problems, values[i]->at,
				   "an interface that is absent has no such "
				   "thing");
}

static bool link_negative(const void *params)
{
	return expected(params) == ABSENT;
}

static void link_title(const void *params, FILE *out)
{
	const struct link *p = params;
	const struct {
		const char *word;
		const struct lc_value *value;
	} keys[] = {
		{ "", &p->state },	   { "kind ", &p->kind },
		{ "peer ", &p->peer },	   { "master ", &p->master },
		{ "mtu ", &p->mtu },	   { "mac ", &p->mac },
	};
	const char *separator = " is ";
	bool any = false;

	fprintf(out, "link %s", p->on.text);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!lc_given(keys[i].value))
			continue;
		fprintf(out, "%s%s%s", separator, keys[i].word,
			*keys[i].value->text ? keys[i].value->text : "none");
		separator = ", ";
		any = true;
	}
	if (!any)
		fprintf(out, " is %s", expect_words[expected(p)]);
}

static int state_of(const struct lc_link *link)
{
	if (!(link->flags & IFF_UP))
		return DOWN;
	return link->flags & IFF_LOWER_UP ? UP : NO_CARRIER;
}

/* One thing that is not as expected; several become several notes */
static void differs(struct lc_verdict *v, const char *what,
		    const char *wanted, const char *got)
{
	lc_verdict_fail(v, "%s is %s, expected %s", what, *got ? got : "none",
			*wanted ? wanted : "none");
}

static void judge_state(const struct link *p, const struct lc_link *link,
			struct lc_verdict *v)
{
	int state = state_of(link);

	if (lc_given(&p->state) && p->state.choice != state)
		differs(v, "state", state_words[p->state.choice],
			state_words[state]);
}

static void judge_kind(const struct link *p, const struct lc_link *link,
		       struct lc_verdict *v)
{
	if (lc_given(&p->kind) && strcmp(p->kind.text, link->kind) != 0)
		differs(v, "kind", p->kind.text, link->kind);
}

static void judge_mtu(const struct link *p, const struct lc_link *link,
		      struct lc_verdict *v)
{
	char got[16];

	snprintf(got, sizeof(got), "%u", link->mtu);
	if (lc_given(&p->mtu) && p->mtu.number != link->mtu)
		differs(v, "mtu", p->mtu.text, got);
}

/* The name behind an index; "" if there is none */
static int name_of(struct lc_node *node, uint32_t ifindex,
		   char name[IFNAMSIZ], struct lc_err *err)
{
	lc_auto(lc_free) struct lc_link *links = NULL;
	size_t count;
	int r;

	name[0] = '\0';
	if (!ifindex)
		return 0;
	r = lc_node_links(node, &links, &count, err);
	for (size_t i = 0; i < count && !r; i++)
		if (links[i].ifindex == ifindex)
			memcpy(name, links[i].name, IFNAMSIZ);
	return r;
}

static void judge_master(const struct link *p, struct lc_node *node,
			 const struct lc_link *link, struct lc_verdict *v)
{
	char name[IFNAMSIZ];
	struct lc_err err;
	int r;

	if (!lc_given(&p->master))
		return;
	r = name_of(node, link->master, name, &err);
	if (r)
		lc_verdict_refused(v, r, &err);
	else if (strcmp(p->master.text, name) != 0)
		differs(v, "master", p->master.text, name);
}

/* The node and the link that a node:interface stands for */
static int find(struct lc_lab *lab, const struct lc_value *value,
		struct lc_node **ret_node, struct lc_link *ret_link,
		struct lc_err *err)
{
	*ret_node = lc_lab_node(lab, value->node, err);
	if (!*ret_node)
		return -ENOENT;
	return lc_node_link(*ret_node, value->interface, ret_link, err);
}

static void judge_mac(const struct link *p, struct lc_lab *lab,
		      const struct lc_link *link, struct lc_verdict *v)
{
	char wanted[LC_MAC_TEXT], got[LC_MAC_TEXT];
	const uint8_t *mac = p->mac.mac;
	struct lc_link other;
	struct lc_node *node;
	struct lc_err err;

	if (!lc_given(&p->mac))
		return;
	if (p->mac.interface) {
		int r = find(lab, &p->mac, &node, &other, &err);

		if (r) {
			lc_verdict_refused(v, r, &err);
			return;
		}
		mac = other.mac;
	}
	if (memcmp(mac, link->mac, sizeof(link->mac)) != 0)
		differs(v, "mac", lc_mac_format(mac, wanted),
			lc_mac_format(link->mac, got));
}

static void judge_peer(const struct link *p, struct lc_lab *lab,
		       struct lc_node *node, const struct lc_link *link,
		       struct lc_verdict *v)
{
	struct lc_link other_link;
	struct lc_node *other;
	struct lc_err err;
	bool is_peer = false;
	int r;

	if (!lc_given(&p->peer))
		return;
	r = find(lab, &p->peer, &other, &other_link, &err);
	if (!r)
		r = lc_node_peer(node, link, other, &other_link, &is_peer,
				 &err);
	if (r)
		lc_verdict_refused(v, r, &err);
	else if (!is_peer)
		differs(v, "the other end", p->peer.text,
			link->peer ? "another interface" : "");
}

static void link_judge(const void *params, const struct lc_context *context,
		       const struct lc_seen *seen, size_t seen_count,
		       struct lc_verdict *v)
{
	const struct link *p = params;
	struct lc_link link;
	struct lc_node *node;
	struct lc_err err;
	int r;

	(void)seen;
	(void)seen_count;
	r = find(context->lab, &p->on, &node, &link, &err);
	if (r == -ENODEV && expected(p) == ABSENT)
		return;
	if (r) {
		lc_verdict_refused(v, r, &err);
		return;
	}
	if (expected(p) == ABSENT) {
		lc_verdict_expect(v, expect_words[ABSENT],
				  expect_words[PRESENT]);
		return;
	}
	judge_state(p, &link, v);
	judge_kind(p, &link, v);
	judge_mtu(p, &link, v);
	judge_master(p, node, &link, v);
	judge_mac(p, context->lab, &link, v);
	judge_peer(p, context->lab, node, &link, v);
}

const struct lc_check lc_check_link = {
	.name		= "link",
	.summary	= "an interface is there, and is as it should be",
	.example	= "- link: {on: \"red:veth-red\", state: up, peer: \"blue:veth-blue\"}",
	.params_size	= sizeof(struct link),
	.fields		= link_fields,
	.verify		= link_verify,
	.negative	= link_negative,
	.title		= link_title,
	.judge		= link_judge,
};
