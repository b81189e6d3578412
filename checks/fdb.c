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
	struct lc_value on, mac, port, dst, expect;
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
	LC_SCALAR("dst", LC_ADDRESS, struct fdb, dst, 0,
		  "of a VXLAN: the address behind which it is"),
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
	if (lc_given(&p->dst))
		fprintf(out, "%s %s", lc_given(&p->port) ? " at" : " behind",
			p->dst.text);
}

/* What is asked for, with names made numbers */
struct wanted {
	uint8_t mac[6];
	uint32_t table;			/* ifindex of the bridge or VXLAN, 0 */
	const char *port;
	const struct lc_ip *dst;	/* NULL: wherever */
};

static bool in_table(const struct wanted *w, const struct lc_fdb_entry *e)
{
	return !w->table || e->master == w->table || e->ifindex == w->table;
}

static bool same_mac(const struct wanted *w, const struct lc_fdb_entry *e)
{
	return in_table(w, e) && !memcmp(w->mac, e->mac, sizeof(w->mac));
}

static bool same_place(const struct wanted *w, const struct lc_fdb_entry *e)
{
	return (!w->port || !strcmp(w->port, e->port)) &&
	       (!w->dst || lc_ip_equal(w->dst, &e->dst));
}

/* "02:... behind vxlan0 at 10.0.0.2" */
static void place_format(const uint8_t mac[6], const char *port,
			 const struct lc_ip *dst, char *text, size_t size)
{
	char mac_text[LC_MAC_TEXT], ip[LC_IP_TEXT] = "";

	if (dst && dst->family)
		lc_ip_format(dst, ip);
	snprintf(text, size, "%s%s%s%s%s", lc_mac_format(mac, mac_text),
		 port || *ip ? " behind " : "", port ? port : "",
		 port && *ip ? " at " : "", ip);
}

static void judge_table(const struct fdb *p, const struct wanted *w,
			const struct lc_fdb_entry *list, size_t count,
			struct lc_verdict *v)
{
	const struct lc_fdb_entry *found = NULL, *elsewhere = NULL;
	char place[140], wanted[160], got[140] = "no entry";

	for (size_t i = 0; i < count; i++) {
		if (!same_mac(w, &list[i]))
			continue;
		if (same_place(w, &list[i]))
			found = &list[i];
		else
			elsewhere = &list[i];
	}
	if (!!found == (expected(p) == PRESENT))
		return;
	place_format(w->mac, w->port, w->dst, place, sizeof(place));
	snprintf(wanted, sizeof(wanted), "%s%s",
		 expected(p) == ABSENT ? "no entry for " : "", place);
	if (!found)
		found = elsewhere;
	if (found)
		place_format(w->mac, found->port, &found->dst, got,
			     sizeof(got));
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
		.dst = lc_given(&p->dst) ? &p->dst.ip : NULL,
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
