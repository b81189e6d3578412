// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * address.c - a node has an address, or has it not
 *
 * With a length, address and length must both be there: 192.168.15.1/32 is not
 * 192.168.15.1/24, and most likely not what was meant.
 */
#include <errno.h>
#include <stdlib.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

struct address {
	struct lc_at at;
	struct lc_value on, address, expect;
};

enum { PRESENT, ABSENT };

static const char *const expect_words[] = {
	[PRESENT] = "present", [ABSENT] = "absent", NULL,
};

static const struct lc_field address_fields[] = {
	LC_SCALAR("on", LC_PLACE, struct address, on, LC_REQUIRED,
		  "whose: a node, or node:interface"),
	LC_SCALAR("address", LC_PREFIX, struct address, address, LC_REQUIRED,
		  "with its length; without one: whatever its length"),
	LC_CHOICE_OF("expect", expect_words, struct address, expect,
		     "default: present"),
	LC_FIELD_END
};

static int expected(const struct address *p)
{
	return lc_given(&p->expect) ? p->expect.choice : PRESENT;
}

static bool address_negative(const void *params)
{
	return expected(params) == ABSENT;
}

static void address_title(const void *params, FILE *out)
{
	const struct address *p = params;

	fprintf(out, "%s %s the address %s", p->on.text,
		expected(p) == ABSENT ? "lacks" : "has", p->address.text);
}

static bool matches(const struct address *p,
		    const struct lc_interface_address *a)
{
	return lc_ip_equal(&p->address.ip, &a->ip) &&
	       (p->address.bare || p->address.length == a->length);
}

/* What is there: "192.168.15.1/32, fe80::1/64" */
static void list_addresses(const struct lc_interface_address *list,
			   size_t count, char *text, size_t size)
{
	char ip[LC_IP_TEXT];
	size_t used = 0;

	snprintf(text, size, "none");
	for (size_t i = 0; i < count && used < size; i++) {
		int n = snprintf(text + used, size - used, "%s%s/%u",
				 used ? ", " : "",
				 lc_ip_format(&list[i].ip, ip),
				 list[i].length);

		if (n > 0)
			used += (size_t)n;
	}
}

static void judge_list(const struct address *p,
		       struct lc_interface_address *list, size_t count,
		       uint32_t ifindex, struct lc_verdict *v)
{
	bool found = false;
	char wanted[80], got[400];
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (ifindex && list[i].ifindex != ifindex)
			continue;
		found |= matches(p, &list[i]);
		list[kept++] = list[i];
	}
	if (found == (expected(p) == PRESENT))
		return;
	list_addresses(list, kept, got, sizeof(got));
	snprintf(wanted, sizeof(wanted), "%s%s", found ? "no " : "",
		 p->address.text);
	lc_verdict_expect(v, wanted, got);
}

static int read_list(const struct address *p, struct lc_lab *lab,
		     struct lc_interface_address **ret_list, size_t *ret_count,
		     uint32_t *ret_ifindex, struct lc_err *err)
{
	struct lc_node *node = lc_lab_node(lab, p->on.node, err);
	struct lc_link link;
	int r;

	*ret_ifindex = 0;
	if (!node)
		return -ENOENT;
	if (p->on.interface) {
		r = lc_node_link(node, p->on.interface, &link, err);
		if (r)
			return r;
		*ret_ifindex = link.ifindex;
	}
	return lc_node_addresses(node, ret_list, ret_count, err);
}

static void address_judge(const void *params, const struct lc_context *context,
			  const struct lc_seen *seen, size_t seen_count,
			  struct lc_verdict *v)
{
	lc_auto(lc_free) struct lc_interface_address *list = NULL;
	const struct address *p = params;
	struct lc_err err;
	uint32_t ifindex;
	size_t count;
	int r;

	(void)seen;
	(void)seen_count;
	r = read_list(p, context->lab, &list, &count, &ifindex, &err);
	/* An interface that is gone has no address */
	if (r == -ENODEV && expected(p) == ABSENT)
		return;
	if (r)
		lc_verdict_refused(v, r, &err);
	else
		judge_list(p, list, count, ifindex, v);
}

const struct lc_check lc_check_address = {
	.name		= "address",
	.summary	= "a node has an address, or has it not",
	.example	= "- address: {on: \"host:v-net-0\", address: 192.168.15.5/24}",
	.params_size	= sizeof(struct address),
	.fields		= address_fields,
	.negative	= address_negative,
	.title		= address_title,
	.judge		= address_judge,
};
