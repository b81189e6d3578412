// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arp.c - who knows whose MAC address
 *
 * An entry is there when it has a MAC address.  Its state is the kernel's own
 * affair: what was REACHABLE is DELAY or STALE some seconds later, and the
 * network is the same.  So the state is judged only if the scenario names it,
 * and an entry that FAILED or is INCOMPLETE, a question that nobody answered,
 * counts as none.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/neighbour.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

struct arp {
	struct lc_at at;
	struct lc_value on, address, mac, state, dev, expect;
};

enum { PRESENT, ABSENT, EMPTY };

static const char *const expect_words[] = {
	[PRESENT] = "present", [ABSENT] = "absent", [EMPTY] = "empty", NULL,
};

static const char *const state_words[] = {
	"incomplete", "reachable", "stale", "delay",
	"probe",      "failed",	   "noarp", "permanent", NULL,
};

/* NUD_... of each */
static const uint16_t state_bits[] = {
	NUD_INCOMPLETE, NUD_REACHABLE, NUD_STALE, NUD_DELAY,
	NUD_PROBE,	NUD_FAILED,    NUD_NOARP, NUD_PERMANENT,
};

static const struct lc_field arp_fields[] = {
	LC_SCALAR("on", LC_PLACE, struct arp, on, LC_REQUIRED,
		  "whose table: a node, or node:interface"),
	LC_SCALAR("address", LC_ADDRESS, struct arp, address, 0,
		  "the neighbour's address, IPv4 or IPv6"),
	LC_SCALAR("mac", LC_MAC_OF, struct arp, mac, 0,
		  "its MAC address, or the interface that has it"),
	LC_CHOICE_OF("state", state_words, struct arp, state,
		     "the kernel's state of the entry; default: any that has a MAC"),
	LC_SCALAR("dev", LC_IFNAME, struct arp, dev, 0,
		  "the interface of the entry"),
	LC_CHOICE_OF("expect", expect_words, struct arp, expect,
		     "default: present; empty: nobody is known at all"),
	LC_FIELD_END
};

static int expected(const struct arp *p)
{
	return lc_given(&p->expect) ? p->expect.choice : PRESENT;
}

static void arp_verify(const void *params, struct lc_problems *problems)
{
	const struct arp *p = params;
	bool entry = lc_given(&p->address) || lc_given(&p->mac) ||
		     lc_given(&p->state);

	if (expected(p) == EMPTY && entry)
		lc_problem(problems, p->expect.at,
			   "`empty` says that there is no entry: `address`, "
			   "`mac` and `state` don't go with it");
	if (expected(p) != EMPTY && !entry)
		lc_problem(problems, p->at,
			   "`arp` needs `address` or `mac`, or `expect: empty`");
	if (lc_given(&p->dev) && p->on.interface)
		lc_problem(problems, p->dev.at,
			   "`on: \"%s\"` names the interface already",
			   p->on.text);
}

static bool arp_negative(const void *params)
{
	return expected(params) != PRESENT;
}

static void arp_title(const void *params, FILE *out)
{
	const struct arp *p = params;

	if (expected(p) == EMPTY) {
		fprintf(out, "arp of %s is empty", p->on.text);
		return;
	}
	fprintf(out, "arp of %s %s %s", p->on.text,
		expected(p) == ABSENT ? "lacks" : "has",
		lc_given(&p->address) ? p->address.text : "an entry");
	if (lc_given(&p->mac))
		fprintf(out, " at %s", p->mac.text);
	if (lc_given(&p->state))
		fprintf(out, ", %s", p->state.text);
}

static const char *device(const struct arp *p)
{
	if (p->on.interface)
		return p->on.interface;
	return lc_given(&p->dev) ? p->dev.text : NULL;
}

/* Whether there is a MAC address that the kernel would use */
static bool is_known(const struct lc_neighbour *n)
{
	return n->has_mac && !(n->state & (NUD_FAILED | NUD_INCOMPLETE));
}

static bool matches(const struct arp *p, const struct lc_neighbour *n,
		    const uint8_t mac[6])
{
	if (device(p) && strcmp(device(p), n->dev) != 0)
		return false;
	if (lc_given(&p->address) && !lc_ip_equal(&p->address.ip, &n->ip))
		return false;
	if (lc_given(&p->mac) &&
	    (!n->has_mac || memcmp(mac, n->mac, sizeof(n->mac)) != 0))
		return false;
	if (lc_given(&p->state))
		return n->state & state_bits[p->state.choice];
	return is_known(n);
}

static const char *state_name(uint16_t state)
{
	for (size_t i = 0; state_words[i]; i++)
		if (state & state_bits[i])
			return state_words[i];
	return "none";
}

/* "192.168.15.2 dev veth-red 02:..., reachable" */
static void describe(const struct lc_neighbour *n, char *text, size_t size)
{
	char ip[LC_IP_TEXT], mac[LC_MAC_TEXT];

	snprintf(text, size, "%s dev %s%s%s, %s", lc_ip_format(&n->ip, ip),
		 n->dev, n->has_mac ? " " : "",
		 n->has_mac ? lc_mac_format(n->mac, mac) : "",
		 state_name(n->state));
}

/* The kernel hands its hash table out in an order of no meaning */
static int compare(const void *a, const void *b)
{
	const struct lc_neighbour *x = a, *y = b;
	int r = x->ip.family - y->ip.family;

	if (!r)
		r = memcmp(x->ip.bytes, y->ip.bytes, sizeof(x->ip.bytes));
	return r ? r : strcmp(x->dev, y->dev);
}

/* What is there, whatever was asked for */
static void list_entries(const struct arp *p, const struct lc_neighbour *list,
			 size_t count, struct lc_verdict *v)
{
	enum { SHOWN = 8 };
	size_t shown = 0, left = 0;
	char text[160];

	for (size_t i = 0; i < count; i++) {
		if (shown == SHOWN) {
			left++;
			continue;
		}
		describe(&list[i], text, sizeof(text));
		lc_verdict_note(v, "table", "%s", text);
		shown++;
	}
	if (left)
		lc_verdict_note(v, "table", "and %zu more", left);
	if (!count)
		lc_verdict_note(v, "table", "%s knows nobody", p->on.node);
}

/* Why an entry was expected and none matches, in a word */
static void got(const struct arp *p, const struct lc_neighbour *list,
		size_t count, char *text, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		if (lc_given(&p->address) &&
		    lc_ip_equal(&p->address.ip, &list[i].ip)) {
			describe(&list[i], text, size);
			return;
		}
	}
	snprintf(text, size, "no entry");
}

static void judge_table(const struct arp *p, const struct lc_neighbour *list,
			size_t count, const uint8_t mac[6],
			struct lc_verdict *v)
{
	const struct lc_neighbour *found = NULL;
	char expected_text[160], got_text[160], mac_text[LC_MAC_TEXT];

	for (size_t i = 0; i < count && !found; i++)
		if (matches(p, &list[i], mac))
			found = &list[i];
	if (!!found == (expected(p) == PRESENT))
		return;
	if (found)
		describe(found, got_text, sizeof(got_text));
	else
		got(p, list, count, got_text, sizeof(got_text));
	snprintf(expected_text, sizeof(expected_text), "%s%s%s%s%s%s",
		 expected(p) == EMPTY  ? "no entry at all" :
		 expected(p) == ABSENT ? "no entry for " : "",
		 lc_given(&p->address) ? p->address.text :
		 expected(p) == EMPTY  ? "" : "any address",
		 lc_given(&p->mac) ? " at " : "",
		 lc_given(&p->mac) ? lc_mac_format(mac, mac_text) : "",
		 lc_given(&p->state) ? ", " : "",
		 lc_given(&p->state) ? p->state.text : "");
	lc_verdict_expect(v, expected_text, got_text);
	if (!found)
		list_entries(p, list, count, v);
}

/* The MAC address itself, of `mac: "c2:eth0"` that of the interface */
static int read_mac(const struct arp *p, struct lc_lab *lab, uint8_t mac[6],
		    struct lc_err *err)
{
	struct lc_node *node;
	struct lc_link link;
	int r;

	memset(mac, 0, 6);
	if (!lc_given(&p->mac))
		return 0;
	if (!p->mac.interface) {
		memcpy(mac, p->mac.mac, 6);
		return 0;
	}
	node = lc_lab_node(lab, p->mac.node, err);
	r = node ? lc_node_link(node, p->mac.interface, &link, err) : -ENOENT;
	if (!r)
		memcpy(mac, link.mac, 6);
	return r;
}

static void arp_judge(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t seen_count,
		      struct lc_verdict *v)
{
	lc_auto(lc_free) struct lc_neighbour *list = NULL;
	const struct arp *p = params;
	struct lc_node *node;
	struct lc_err err;
	uint8_t mac[6];
	size_t count;
	int r;

	(void)seen;
	(void)seen_count;
	r = read_mac(p, context->lab, mac, &err);
	node = r ? NULL : lc_lab_node(context->lab, p->on.node, &err);
	if (!r)
		r = node ? lc_node_neighbours(node, &list, &count, &err) :
			   -ENOENT;
	if (r) {
		lc_verdict_refused(v, r, &err);
		return;
	}
	if (count)
		qsort(list, count, sizeof(*list), compare);
	judge_table(p, list, count, mac, v);
}

const struct lc_check lc_check_arp = {
	.name		= "arp",
	.summary	= "who knows whose MAC address (ARP, and IPv6's neighbours)",
	.example	= "- arp: {on: red, address: 192.168.15.2, mac: \"blue:veth-blue\"}",
	.params_size	= sizeof(struct arp),
	.fields		= arp_fields,
	.verify		= arp_verify,
	.negative	= arp_negative,
	.title		= arp_title,
	.judge		= arp_judge,
};
