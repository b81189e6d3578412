// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_test.c - rules as iptables-nft makes them
 *
 *	netfilter_test			the requests, attribute by attribute;
 *					no privileges
 *	netfilter_test DO...		for netfilter.sh, in a network namespace
 *					that it may change: one after the other
 *		=LIST			from the rules as they are to those of a
 *					list
 *		+LIST			the rules of a list are added
 *		?LIST			print a list for iptables-restore
 *		!WORD			a rule whose match is called WORD
 *		try			what `requires: [iptables]` does
 *		COMMAND			run it in a shell
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

#include "lab/lab.h"
#include "lab/message.h"
#include "lab/netfilter.h"
#include "lab/netfilter_batch.h"
#include "lab/netfilter_match.h"
#include "lab/netfilter_message.h"
#include "lab/netfilter_refusal.h"
#include "lab/netfilter_try.h"
#include "scenario/plan.h"
#include "scenario/rule_text.h"

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))
#define V4(a, b, c, d)	{ .family = AF_INET, .bytes = { a, b, c, d } }

/* ---- lists of rules ---- */

static struct plan_chain all_chains[] = {
	{ RULE_FILTER, "FORWARD", RULE_DROP },
	{ RULE_FILTER, "DOCKER", -1 },
	{ RULE_NAT, "DOCKER", -1 },
	{ RULE_NAT, "POSTROUTING", RULE_ACCEPT },
};

/* Every member of struct plan_rule, and every way to use it */
static struct plan_rule all_rules[] = {
	{ .chain = "FORWARD", .verdict = RULE_JUMP, .jump = "DOCKER" },
	{ .chain = "FORWARD", .out = "docker0", .established = true,
	  .verdict = RULE_ACCEPT },
	{ .chain = "FORWARD", .in = "docker0", .in_not = true, .out = "br-3",
	  .out_not = true, .verdict = RULE_DROP },
	{ .chain = "FORWARD", .in = "br-+", .out = "veth+", .out_not = true,
	  .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .source = { V4(172, 17, 0, 2), 32 },
	  .destination = { V4(10, 9, 9, 9), 8 }, .in = "docker0",
	  .protocol = IPPROTO_TCP, .first = 80, .last = 80,
	  .verdict = RULE_ACCEPT },
	{ .chain = "DOCKER", .source = { V4(172, 17, 0, 3), 31, true },
	  .destination = { V4(10, 16, 0, 0), 12, true },
	  .protocol = IPPROTO_UDP, .first = 80, .last = 90,
	  .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .source = { V4(172, 17, 0, 0), 16 },
	  .destination = { V4(0, 0, 0, 0), 0 }, .protocol = IPPROTO_ICMP,
	  .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .protocol = IPPROTO_SCTP, .first = 80,
	  .last = 81, .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .protocol = IPPROTO_SCTP, .first_source = 9,
	  .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .protocol = IPPROTO_TCP, .first_source = 5,
	  .first = 7, .verdict = RULE_RETURN },
	{ .chain = "DOCKER", .protocol = IPPROTO_TCP, .first_source = 5,
	  .first = 7, .last = 8, .to_local = true, .established = true,
	  .verdict = RULE_RETURN },
	{ .table = RULE_NAT, .chain = "PREROUTING", .to_local = true,
	  .verdict = RULE_JUMP, .jump = "DOCKER" },
	{ .table = RULE_NAT, .chain = "OUTPUT",
	  .destination = { V4(127, 0, 0, 0), 8, true }, .to_local = true,
	  .from_local = true, .verdict = RULE_JUMP, .jump = "DOCKER" },
	{ .table = RULE_NAT, .chain = "POSTROUTING",
	  .source = { V4(172, 17, 0, 0), 16 }, .out = "docker0",
	  .out_not = true, .verdict = RULE_MASQUERADE },
	{ .table = RULE_NAT, .chain = "POSTROUTING", .protocol = IPPROTO_UDP,
	  .source = { V4(127, 0, 0, 11), 32 }, .first_source = 48231,
	  .verdict = RULE_SNAT, .to_first = 53, .to_last = 53 },
	{ .table = RULE_NAT, .chain = "POSTROUTING",
	  .protocol = IPPROTO_UDP, .verdict = RULE_SNAT,
	  .to = V4(1, 2, 3, 4), .to_first = 1000, .to_last = 2000 },
	{ .table = RULE_NAT, .chain = "INPUT", .verdict = RULE_SNAT,
	  .to = V4(1, 2, 3, 4) },
	{ .table = RULE_NAT, .chain = "DOCKER", .in = "docker0",
	  .in_not = true, .protocol = IPPROTO_TCP, .first = 8080,
	  .last = 8080, .verdict = RULE_DNAT, .to = V4(172, 17, 0, 2),
	  .to_first = 80, .to_last = 80 },
	{ .table = RULE_NAT, .chain = "DOCKER", .protocol = IPPROTO_TCP,
	  .first = 8000, .last = 8010, .verdict = RULE_DNAT,
	  .to = V4(172, 17, 0, 2), .to_first = 9000, .to_last = 9010 },
	{ .table = RULE_NAT, .chain = "DOCKER", .protocol = IPPROTO_TCP,
	  .first = 8000, .last = 8010, .verdict = RULE_DNAT,
	  .to = V4(172, 17, 0, 2) },
	{ .table = RULE_NAT, .chain = "DOCKER", .protocol = IPPROTO_TCP,
	  .first = 8000, .last = 8010, .verdict = RULE_DNAT,
	  .to_first = 500, .to_last = 700 },
	{ .table = RULE_RAW, .chain = "PREROUTING",
	  .destination = { V4(172, 17, 0, 2), 32 }, .in = "docker0",
	  .in_not = true, .verdict = RULE_DROP },
};

/* Three rules in a chain of their own, A B C ... */
#define IN(letter)	{ .chain = "OWN", .in = letter, .verdict = RULE_ACCEPT }

static struct plan_chain own_chains[] = {
	{ RULE_FILTER, "FORWARD", RULE_ACCEPT },
	{ RULE_FILTER, "OWN", -1 },
};
static struct plan_rule abc[] = { IN("a"), IN("b"), IN("c") };
static struct plan_rule xaybzc[] = {
	IN("x"), IN("a"), IN("y"), IN("b"), IN("z"), IN("c"), IN("w"),
};
static struct plan_rule cab[] = { IN("c"), IN("a"), IN("b") };
static struct plan_rule c_only[] = { IN("c") };
static struct plan_rule aab[] = { IN("a"), IN("a"), IN("b") };

/* OWN is gone, another is there, and FORWARD has another policy */
static struct plan_chain other_chains[] = {
	{ RULE_FILTER, "FORWARD", RULE_DROP },
	{ RULE_NAT, "OTHER", -1 },
};
static struct plan_rule other[] = {
	{ .table = RULE_NAT, .chain = "OTHER", .verdict = RULE_RETURN },
	{ .table = RULE_NAT, .chain = "OUTPUT", .verdict = RULE_JUMP,
	  .jump = "OTHER" },
};

static struct plan_chain embedded_chains[] = {
	{ RULE_NAT, "DOCKER_OUTPUT", -1 },
};
static struct plan_rule embedded[] = {
	{ .table = RULE_NAT, .chain = "OUTPUT",
	  .destination = { V4(127, 0, 0, 11), 32 }, .verdict = RULE_JUMP,
	  .jump = "DOCKER_OUTPUT" },
	{ .table = RULE_NAT, .chain = "DOCKER_OUTPUT",
	  .destination = { V4(127, 0, 0, 11), 32 }, .protocol = IPPROTO_UDP,
	  .first = 53, .last = 53, .verdict = RULE_DNAT,
	  .to = V4(127, 0, 0, 11), .to_first = 40000, .to_last = 40000 },
};

static struct plan_rule nowhere[] = {
	{ .chain = "FORWARD", .in = "a", .verdict = RULE_JUMP,
	  .jump = "NOWHERE" },
};

enum { MANY = 1000 };
static struct plan_rule many[MANY];

#define LIST(name, chains, rules) \
	{ name, { chains, COUNT(chains), rules, COUNT(rules) } }

static const struct list {
	const char *name;
	struct netfilter_rules rules;
} lists[] = {
	LIST("all", all_chains, all_rules),
	LIST("abc", own_chains, abc),
	LIST("xaybzcw", own_chains, xaybzc),
	LIST("cab", own_chains, cab),
	LIST("c", own_chains, c_only),
	LIST("aab", own_chains, aab),
	LIST("other", other_chains, other),
	LIST("embedded", embedded_chains, embedded),
	LIST("many", own_chains, many),
	{ "nowhere", { NULL, 0, nowhere, 1 } },
	{ "none", { NULL, 0, NULL, 0 } },
};

static void many_init(void)
{
	for (size_t i = 0; i < MANY; i++)
		many[i] = (struct plan_rule){
			.chain = "OWN", .in = "docker0", .in_not = true,
			.source = { { .family = AF_INET,
				      .bytes = { 10, 0, i >> 8, i } }, 32 },
			.protocol = IPPROTO_TCP, .first = i + 1,
			.last = i + 1, .verdict = RULE_ACCEPT,
		};
}

static const struct netfilter_rules *list_find(const char *name)
{
	for (size_t i = 0; i < COUNT(lists); i++)
		if (!strcmp(lists[i].name, name))
			return &lists[i].rules;
	fprintf(stderr, "no list %s\n", name);
	exit(2);
}

/* ---- requests as text ---- */

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

/* ---- which rules are in both lists ---- */

static void test_match(void **state)
{
	static const struct {
		const char *before, *after;
		size_t match[8];
	} cases[] = {
		{ "none", "abc", { NO_RULE, NO_RULE, NO_RULE } },
		{ "abc", "abc", { 0, 1, 2 } },
		{ "abc", "xaybzcw",
		  { NO_RULE, 0, NO_RULE, 1, NO_RULE, 2, NO_RULE } },
		{ "xaybzcw", "abc", { 1, 3, 5 } },
		{ "abc", "cab", { NO_RULE, 0, 1 } },
		{ "abc", "c", { 2 } },
		{ "abc", "aab", { 0, NO_RULE, 1 } },
		{ "aab", "abc", { 0, 2, NO_RULE } },
		{ "abc", "other", { NO_RULE, NO_RULE } },
	};
	size_t match[8];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct netfilter_rules *after =
			list_find(cases[i].after);

		assert_int_equal(netfilter_match(list_find(cases[i].before),
						 after, match), 0);
		for (size_t k = 0; k < after->rule_count; k++)
			assert_int_equal(match[k], cases[i].match[k]);
	}
}

enum { LETTERS = 4, LONGEST = 9, TRIES = 5000 };

static void random_list(struct plan_rule *rules, size_t *ret_count)
{
	static char names[LETTERS][2] = { "a", "b", "c", "d" };

	*ret_count = rand() % (LONGEST + 1);
	for (size_t i = 0; i < *ret_count; i++)
		rules[i] = (struct plan_rule)IN(names[rand() % LETTERS]);
}

/* The longest common subsequence, the plain way */
static size_t longest(const struct plan_rule *a, size_t a_count,
		      const struct plan_rule *b, size_t b_count)
{
	size_t skip_a, skip_b;

	if (!a_count || !b_count)
		return 0;
	if (*a->in == *b->in)
		return 1 + longest(a + 1, a_count - 1, b + 1, b_count - 1);
	skip_a = longest(a + 1, a_count - 1, b, b_count);
	skip_b = longest(a, a_count, b + 1, b_count - 1);
	return skip_a > skip_b ? skip_a : skip_b;
}

/* What is matched is the same, in order, and as much as can be */
static void test_match_any(void **state)
{
	struct plan_rule before[LONGEST], after[LONGEST];
	struct netfilter_rules old = { .rules = before };
	struct netfilter_rules new = { .rules = after };
	size_t match[LONGEST];

	(void)state;
	srand(1);
	for (int i = 0; i < TRIES; i++) {
		size_t count = 0, next = 0;

		random_list(before, &old.rule_count);
		random_list(after, &new.rule_count);
		assert_int_equal(netfilter_match(&old, &new, match), 0);
		for (size_t k = 0; k < new.rule_count; k++) {
			if (match[k] == NO_RULE)
				continue;
			assert_in_range(match[k], next, old.rule_count - 1);
			assert_string_equal(before[match[k]].in, after[k].in);
			next = match[k] + 1;
			count++;
		}
		assert_int_equal(count, longest(before, old.rule_count, after,
						new.rule_count));
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

/* ---- in a namespace, for netfilter.sh ---- */

static void print_list(const struct netfilter_rules *list)
{
	for (int table = 0; table < RULE_TABLES; table++) {
		printf("*%s\n", rule_table_words[table]);
		for (size_t i = 0; i < list->chain_count; i++) {
			const struct plan_chain *c = &list->chains[i];

			if ((int)c->table == table)
				printf(":%s %s [0:0]\n", c->name,
				       c->policy < 0 ? "-" :
				       c->policy == RULE_DROP ? "DROP" :
								"ACCEPT");
		}
		for (size_t i = 0; i < list->rule_count; i++) {
			if ((int)list->rules[i].table != table)
				continue;
			rule_write(stdout, &list->rules[i]);
			putchar('\n');
		}
		puts("COMMIT");
	}
	fflush(stdout);
}

static struct plan_node node_of(const struct netfilter_rules *list)
{
	return (struct plan_node){
		.name = "host", .kind = NODE_OWN,
		.chains = (struct plan_chain *)list->chains,
		.chain_count = list->chain_count,
		.rules = (struct plan_rule *)list->rules,
		.rule_count = list->rule_count,
	};
}

/* Over the name of a match that there is; the kernel does as without it */
static int load_unknown(struct lc_node *node, const char *name,
			struct lc_err *err)
{
	const struct netfilter_subject subject = { .rule = &all_rules[1] };
	struct netfilter_batch *batch;
	struct rtnl_msg m;
	int r = netfilter_batch_open(node, &batch, err);

	if (r)
		return r;
	netfilter_build_table(&m, RULE_FILTER);
	netfilter_batch_add(batch, &m, &subject);
	netfilter_build_builtin(&m, netfilter_builtin(RULE_FILTER, "FORWARD"));
	netfilter_batch_add(batch, &m, &subject);
	netfilter_build_rule(&m, subject.rule, 0);
	memcpy(memmem(m.bytes, m.header.nlmsg_len, "conntrack", 9), name,
	       strlen(name));
	netfilter_batch_add(batch, &m, &subject);
	r = netfilter_batch_commit(batch, NULL, err);
	netfilter_batch_free(batch);
	return r;
}

static int do_one(struct lc_node *node, struct plan_node *plan,
		  const char *what, struct lc_err *err)
{
	const struct netfilter_rules *list;
	struct plan_node next;
	int r;

	switch (*what) {
	case '?':
		print_list(list_find(what + 1));
		return 0;
	case '+':
		list = list_find(what + 1);
		return netfilter_add(node, list->chains, list->chain_count,
				     list->rules, list->rule_count, err);
	case '!':
		return load_unknown(node, what + 1, err);
	case '=':
		next = node_of(list_find(what + 1));
		if (node->netfilter) {
			r = netfilter_advance(node, plan, &next, err);
			*plan = next;
			return r;
		}
		*plan = next;
		return netfilter_load(node->lab, NULL, err);
	default:
		if (!strcmp(what, "try"))
			return netfilter_try(err);
		return system(what) ? lc_err_set(err, -EIO, "failed: %s", what)
				    : 0;
	}
}

static int do_all(char **what)
{
	struct plan_node plan = { .name = "host" };
	struct lc_lab lab = { .node_count = 1 };
	struct lc_node node = { .lab = &lab, .plan = &plan, .mntns = -1 };
	struct lc_err err;
	int r = 0;

	lab.nodes = &node;
	lab.home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	node.netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	for (; *what && !r; what++) {
		r = do_one(&node, &plan, *what, &err);
		if (r)
			fprintf(stderr, "%s: %s (%s)\n", *what, err.text,
				strerror(-r));
	}
	netfilter_forget(&node);
	close(node.netns);
	close(lab.home);
	return r ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_position),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_match_any),
		cmocka_unit_test(test_refusal),
	};

	many_init();
	if (argc > 1)
		return do_all(argv + 1);
	return cmocka_run_group_tests_name("netfilter", tests, NULL, NULL);
}
