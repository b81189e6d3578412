// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fdb.c - behind which port a bridge, or a VXLAN, believes a MAC address to be
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

struct fdb {
	struct lc_at at;
	struct lc_value on, mac, port, expect;
};

enum { PRESENT, ABSENT };

static const char *const expect_words[] = {
	[PRESENT] = "present", [ABSENT] = "absent", NULL,
};

static const struct lc_field fdb_fields[] = {
	LC_SCALAR("on", LC_PLACE, struct fdb, on, LC_REQUIRED,
		  "whose table: node:bridge, node:vxlan, or a node's tables"),
	LC_SCALAR("mac", LC_MAC_OF, struct fdb, mac, LC_REQUIRED,
		  "the MAC address, or the interface that has it"),
	LC_SCALAR("port", LC_IFNAME, struct fdb, port, 0,
		  "the port behind which it is"),
	LC_CHOICE_OF("expect", expect_words, struct fdb, expect,
		     "default: present"),
	LC_FIELD_END
};

static int expected(const struct fdb *p)
{
	return lc_given(&p->expect) ? p->expect.choice : PRESENT;
}

static bool fdb_negative(const void *params)
{
	return expected(params) == ABSENT;
}

static void fdb_title(const void *params, FILE *out)
{
	const struct fdb *p = params;

	fprintf(out, "%s %s %s", p->on.text,
		expected(p) == ABSENT ? "has not learnt" : "has learnt",
		p->mac.text);
	if (lc_given(&p->port))
		fprintf(out, " behind %s", p->port.text);
}

/* What is asked for, with names made numbers */
struct wanted {
	uint8_t mac[6];
	uint32_t table;			/* ifindex of the bridge or VXLAN, 0 */
	const char *port;
};

static bool in_table(const struct wanted *w, const struct lc_fdb_entry *e)
{
	return !w->table || e->master == w->table || e->ifindex == w->table;
}

static bool same_mac(const struct wanted *w, const struct lc_fdb_entry *e)
{
	return in_table(w, e) && !memcmp(w->mac, e->mac, sizeof(w->mac));
}

static void judge_table(const struct fdb *p, const struct wanted *w,
			const struct lc_fdb_entry *list, size_t count,
			struct lc_verdict *v)
{
	const struct lc_fdb_entry *found = NULL, *elsewhere = NULL;
	char mac[LC_MAC_TEXT], wanted[80], got[80];

	for (size_t i = 0; i < count; i++) {
		if (!same_mac(w, &list[i]))
			continue;
		if (w->port && strcmp(w->port, list[i].port) != 0)
			elsewhere = &list[i];
		else
			found = &list[i];
	}
	if (!!found == (expected(p) == PRESENT))
		return;
	lc_mac_format(w->mac, mac);
	snprintf(wanted, sizeof(wanted), "%s%s%s%s",
		 expected(p) == ABSENT ? "no entry for " : "", mac,
		 w->port ? " behind " : "", w->port ? w->port : "");
	if (!found)
		found = elsewhere;
	if (found)
		snprintf(got, sizeof(got), "%s behind %s", mac, found->port);
	else
		snprintf(got, sizeof(got), "no entry");
	lc_verdict_expect(v, wanted, got);
}

/* The MAC address and the table; both may be names of interfaces */
static int resolve(const struct fdb *p, struct lc_lab *lab,
		   struct lc_node *node, struct wanted *w, struct lc_err *err)
{
	struct lc_node *other;
	struct lc_link link;
	int r = 0;

	*w = (struct wanted){
		.port = lc_given(&p->port) ? p->port.text : NULL,
	};
	memcpy(w->mac, p->mac.mac, sizeof(w->mac));
	if (p->mac.interface) {
		other = lc_lab_node(lab, p->mac.node, err);
		if (!other)
			return -ENOENT;
		r = lc_node_link(other, p->mac.interface, &link, err);
		memcpy(w->mac, link.mac, sizeof(w->mac));
	}
	if (!r && p->on.interface) {
		r = lc_node_link(node, p->on.interface, &link, err);
		w->table = link.ifindex;
	}
	return r;
}

static void fdb_judge(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t seen_count,
		      struct lc_verdict *v)
{
	lc_auto(lc_free) struct lc_fdb_entry *list = NULL;
	const struct fdb *p = params;
	struct lc_node *node;
	struct wanted wanted;
	struct lc_err err;
	size_t count;
	int r;

	(void)seen;
	(void)seen_count;
	node = lc_lab_node(context->lab, p->on.node, &err);
	r = node ? resolve(p, context->lab, node, &wanted, &err) : -ENOENT;
	if (!r)
		r = lc_node_fdb(node, &list, &count, &err);
	if (r)
		lc_verdict_refused(v, r, &err);
	else
		judge_table(p, &wanted, list, count, v);
}

const struct lc_check lc_check_fdb = {
	.name		= "fdb",
	.summary	= "behind which port a bridge or VXLAN believes a MAC address to be",
	.example	= "- fdb: {on: \"host:v-net-0\", mac: \"red:veth-red\", port: veth-red-br}",
	.params_size	= sizeof(struct fdb),
	.fields		= fdb_fields,
	.negative	= fdb_negative,
	.title		= fdb_title,
	.judge		= fdb_judge,
};
