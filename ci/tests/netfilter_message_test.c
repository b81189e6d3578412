// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_message_test.c - rules as iptables-nft asks for them, attribute by
 * attribute, and what it means that a kernel refuses one
 *
 * No request is sent, and no privilege needed.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/message.h"
#include "lab/netfilter_message.h"
#include "lab/netfilter_refusal.h"
#include "netfilter_lists.h"

/* "1=nat 2=DOCKER 4{1{1=counter 2{1=<8> 2=<8>}}}": texts as they are, other
 * bytes in hexadecimal, but eight zeroes or more as their number */
static void print_bytes(FILE *out, const uint8_t *bytes, size_t length)
{
	size_t zeroes;

	if (length > 1 && !bytes[length - 1] &&
	    strspn((const char *)bytes, "abcdefghijklmnopqrstuvwxyz-"
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == length - 1) {
		fputs((const char *)bytes, out);
		return;
	}
	for (size_t i = 0; i < length; i += zeroes ? zeroes : 1) {
		for (zeroes = 0; i + zeroes < length && !bytes[i + zeroes];)
			zeroes++;
		if (zeroes >= 8)
			fprintf(out, "<%zu>", zeroes);
		else
			zeroes = 0, fprintf(out, "%02x", bytes[i]);
	}
}

static void print_attributes(FILE *out, const void *at, size_t left)
{
	const struct nlattr *attr;
	const char *space = "";

	mnl_attr_for_each_payload(at, left) {
		const void *bytes = mnl_attr_get_payload(attr);
		size_t length = mnl_attr_get_payload_len(attr);

		fprintf(out, "%s%u", space, mnl_attr_get_type(attr));
		if (attr->nla_type & NLA_F_NESTED) {
			putc('{', out);
			print_attributes(out, bytes, length);
			putc('}', out);
		} else {
			putc('=', out);
			print_bytes(out, bytes, length);
		}
		space = " ";
	}
}

static char *message_text(const struct rtnl_msg *m)
{
	const size_t header = MNL_NLMSG_HDRLEN + sizeof(struct nfgenmsg);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_false(m->overflow);
	print_attributes(out, m->bytes + header,
			 m->header.nlmsg_len - header);
	fclose(out);
	return text;
}

/* What iptables-nft-restore 1.8.9 sends for all_rules, in their order */
static const char *const all_requests[] = {
#include "netfilter_requests.h"
};

static void test_rules(void **state)
{
	struct rtnl_msg m;

	(void)state;
	assert_int_equal(COUNT(all_requests), COUNT(all_rules));
	for (size_t i = 0; i < COUNT(all_rules); i++) {
		lc_auto(lc_free) char *text = NULL;

		netfilter_build_rule(&m, &all_rules[i], 0);
		text = message_text(&m);
		assert_string_equal(text, all_requests[i]);
	}
}

static void test_position(void **state)
{
	lc_auto(lc_free) char *text = NULL;
	struct rtnl_msg m;

	(void)state;
	netfilter_build_rule(&m, &abc[0], 0x0102);
	text = message_text(&m);
	assert_ptr_equal(strstr(text, "1=filter 2=OWN 6=0000000000000102 4{"),
			 text);
	assert_false(m.header.nlmsg_flags & NLM_F_APPEND);
	netfilter_build_rule(&m, &abc[0], 0);
	assert_true(m.header.nlmsg_flags & NLM_F_APPEND);
}

static void test_chains(void **state)
{
	static const struct {
		struct plan_chain chain;
		const char *text;
	} cases[] = {
		{ { RULE_FILTER, "INPUT", RULE_ACCEPT },
		  "1=filter 3=INPUT 4{1=00000001 2=00000000} 5=00000001 "
		  "7=filter" },
		{ { RULE_FILTER, "FORWARD", RULE_DROP },
		  "1=filter 3=FORWARD 4{1=00000002 2=00000000} 5=00000000 "
		  "8{2=<8> 1=<8>} 7=filter" },
		{ { RULE_NAT, "PREROUTING", RULE_ACCEPT },
		  "1=nat 3=PREROUTING 4{1=00000000 2=ffffff9c} 5=00000001 "
		  "7=nat" },
		{ { RULE_NAT, "POSTROUTING", RULE_ACCEPT },
		  "1=nat 3=POSTROUTING 4{1=00000004 2=00000064} 5=00000001 "
		  "7=nat" },
		{ { RULE_RAW, "PREROUTING", RULE_ACCEPT },
		  "1=raw 3=PREROUTING 4{1=00000000 2=fffffed4} 5=00000001 "
		  "7=filter" },
		{ { RULE_NAT, "DOCKER", -1 }, "1=nat 3=DOCKER" },
	};
	struct rtnl_msg m;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		lc_auto(lc_free) char *text = NULL;

		netfilter_build_chain(&m, &cases[i].chain);
		text = message_text(&m);
		assert_string_equal(text, cases[i].text);
	}
}

/* ---- what a kernel lacks ---- */

/* The offset of the n-th attribute of a type whose name is @name */
static uint32_t offset_of(const struct rtnl_msg *m, const char *name)
{
	const struct nlattr *list, *element, *attr;

	mnl_attr_for_each(list, &m->header, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(list) != NFTA_RULE_EXPRESSIONS)
			continue;
		mnl_attr_for_each_nested(element, list) {
			attr = mnl_attr_get_payload(element);
			if (!strcmp(mnl_attr_get_str(attr), name))
				return (const char *)element - m->bytes;
		}
	}
	fail();
	return 0;
}

static void test_refusal(void **state)
{
	struct lc_err err = { "No such file or directory" };
	struct rtnl_msg m;
	uint32_t offset;

	(void)state;
	netfilter_build_rule(&m, &all_rules[0], 0);	/* a jump */
	offset = offset_of(&m, "immediate");
	assert_int_equal(netfilter_refusal(&m.header, offset, -ENOENT, &err),
			 -ENOENT);
	assert_int_equal(netfilter_refusal(&m.header, 0, -ENOENT, &err),
			 -ENOENT);
	assert_int_equal(netfilter_refusal(&m.header, 1 << 20, -ENOENT, &err),
			 -ENOENT);
	assert_string_equal(err.text, "No such file or directory");

	netfilter_build_rule(&m, &all_rules[1], 0);
	offset = offset_of(&m, "match");
	assert_int_equal(netfilter_refusal(&m.header, offset, -EINVAL, &err),
			 -EINVAL);
	assert_int_equal(netfilter_refusal(&m.header, offset, -ENOENT, &err),
			 -EOPNOTSUPP);
	assert_string_equal(err.text, "this kernel lacks the match "
				      "conntrack, or its nft_compat");
	offset = offset_of(&m, "counter");
	assert_int_equal(netfilter_refusal(&m.header, offset, -ENOENT, &err),
			 -EOPNOTSUPP);
	assert_string_equal(err.text, "this kernel's nf_tables lacks counter");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_position),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_refusal),
	};

	return cmocka_run_group_tests_name("netfilter_message", tests, NULL,
					   NULL);
}
