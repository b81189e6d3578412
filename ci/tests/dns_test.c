// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dns_test.c - messages, and what the embedded name server knows
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include <labcheck/err.h>

#include "daemon/message.h"
#include "daemon/names.h"
#include "scenario/plan.h"

#define V4(a, b, c, d) { .family = AF_INET, .bytes = { a, b, c, d } }

static struct plan_node nodes[] = {
	{ .name = "u4" }, { .name = "u5" }, { .name = "db1" },
	{ .name = "db2" }, { .name = "both" }, { .name = "plain" },
};

static struct plan_network networks[] = {
	{ .name = "my-net", .dns = true },
	{ .name = "back", .dns = true },
	{ .name = "bridge" },
};

enum { U4, U5, DB1, DB2, BOTH, PLAIN };
enum { MY_NET, BACK, BRIDGE };

static const char *aliases[] = { "db", "Store" };

static struct plan_endpoint endpoints[] = {
	{ .name = "u4", .node = U4, .network = MY_NET,
	  .ip = V4(172, 18, 0, 2),
	  .id = "0123456789ab" },
	{ .name = "u5", .node = U5, .network = MY_NET,
	  .ip = V4(172, 18, 0, 3) },
	{ .name = "db1", .node = DB1, .network = BACK,
	  .ip = V4(172, 19, 0, 2),
	  .aliases = aliases, .alias_count = 2 },
	{ .name = "db2", .node = DB2, .network = BACK,
	  .ip = V4(172, 19, 0, 3),
	  .ip6 = { .family = AF_INET6, .bytes = { 0xfd, [15] = 3 } },
	  .aliases = aliases, .alias_count = 1 },
	{ .name = "both", .node = BOTH, .network = MY_NET,
	  .ip = V4(172, 18, 0, 4) },
	{ .name = "both", .node = BOTH, .network = BACK,
	  .ip = V4(172, 19, 0, 4) },
	{ .name = "plain", .node = PLAIN, .network = BRIDGE,
	  .ip = V4(172, 17, 0, 2) },
};

static const struct plan plan = {
	.nodes = nodes, .node_count = sizeof(nodes) / sizeof(*nodes),
	.networks = networks,
	.network_count = sizeof(networks) / sizeof(*networks),
	.endpoints = endpoints,
	.endpoint_count = sizeof(endpoints) / sizeof(*endpoints),
};

/* "-": not for the container's own server to know */
static const struct {
	uint32_t node;
	const char *name;
	uint16_t type;
	unsigned int turn;
	const char *expected;
} cases[] = {
	{ U4, "u5", DNS_A, 0, "172.18.0.3" },
	{ U4, "u5.my-net", DNS_A, 0, "172.18.0.3" },
	{ U4, "u5.back", DNS_A, 0, "-" },
	{ U4, "u", DNS_A, 0, "-" },
	{ U4, "u55", DNS_A, 0, "-" },
	{ U4, "u4", DNS_A, 0, "172.18.0.2" },
	{ U5, "0123456789ab", DNS_A, 0, "172.18.0.2" },
	{ U5, "0123456789ab.my-net", DNS_A, 0, "172.18.0.2" },
	{ U4, "u5", DNS_AAAA, 0, "" },
	{ U4, "u5", DNS_MX, 0, "" },
	{ U4, "u5", DNS_TXT, 0, "-" },
	{ U4, "db1", DNS_A, 0, "-" },
	{ U4, "db", DNS_MX, 0, "-" },
	{ U4, "both", DNS_A, 0, "172.18.0.4" },
	{ DB1, "both", DNS_A, 0, "172.19.0.4" },
	{ BOTH, "both", DNS_A, 0, "172.19.0.4" },
	{ BOTH, "both.back", DNS_A, 0, "172.19.0.4" },
	{ BOTH, "db", DNS_A, 0, "172.19.0.2 172.19.0.3" },
	{ BOTH, "db", DNS_A, 1, "172.19.0.3 172.19.0.2" },
	{ BOTH, "db", DNS_A, 2, "172.19.0.2 172.19.0.3" },
	{ BOTH, "store", DNS_A, 0, "172.19.0.2" },
	{ BOTH, "db", DNS_AAAA, 0, "fd00::3" },
	{ BOTH, "u5", DNS_A, 0, "172.18.0.3" },
	{ PLAIN, "plain", DNS_A, 0, "-" },
	{ PLAIN, "u5", DNS_A, 0, "-" },
	{ U4, "3.0.18.172.in-addr.arpa", DNS_PTR, 0, "u5.my-net." },
	{ U4, "4.0.18.172.in-addr.arpa", DNS_PTR, 0, "both.my-net." },
	{ U4, "4.0.19.172.in-addr.arpa", DNS_PTR, 0, "-" },
	{ U4, "9.0.18.172.in-addr.arpa", DNS_PTR, 0, "-" },
	{ U4, "0.18.172.in-addr.arpa", DNS_PTR, 0, "-" },
	{ U4, "3.0.18.172.in-addr.arpa.x", DNS_PTR, 0, "-" },
	{ U4, "3.0.18.300.in-addr.arpa", DNS_PTR, 0, "-" },
	{ U4, "u5", DNS_PTR, 0, "-" },
	{ BOTH, "3.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		"0.d.f.ip6.arpa", DNS_PTR, 0, "db2.back." },
	{ BOTH, "3.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		"d.f.ip6.arpa", DNS_PTR, 0, "-" },
};

static void test_names(void **state)
{
	char got[256], ip[LC_IP_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct dns_question q = { .type = cases[i].type, .class = 1 };
		struct dns_reply reply = { 0 };

		strcpy(q.name, cases[i].name);
		strcpy(got, names_answer(&plan, cases[i].node, &q,
					 cases[i].turn, &reply) == 1 ?
				    "" :
				    "-");
		for (size_t k = 0; k < reply.count; k++) {
			const struct dns_record *r = &reply.records[k];

			strcat(got, k ? " " : "");
			strcat(got, r->type == DNS_PTR ?
					    r->name :
					    lc_ip_format(&r->ip, ip));
		}
		free(reply.records);
		if (strcmp(got, cases[i].expected))
			fail_msg("%s of %s is \"%s\", not \"%s\"",
				 cases[i].name, nodes[cases[i].node].name, got,
				 cases[i].expected);
	}
}

/* Of another class than IN nothing is known */
static void test_class(void **state)
{
	struct dns_question q = { .name = "u5", .type = DNS_A, .class = 3 };
	struct dns_reply reply;

	(void)state;
	assert_int_equal(names_answer(&plan, U4, &q, 0, &reply), 0);
}

static void test_question(void **state)
{
	struct dns_question q;
	uint8_t bytes[DNS_UDP_SIZE];
	ssize_t n = dns_query_write(0x1234, "U5.my-net", DNS_AAAA, bytes,
				    sizeof(bytes));

	(void)state;
	assert_true(n > 12);
	assert_int_equal(bytes[0], 0x12);
	assert_int_equal(bytes[2], 1);		/* RD alone */
	assert_int_equal(dns_question_read(bytes, (size_t)n, &q), 0);
	assert_string_equal(q.name, "u5.my-net");
	assert_int_equal(q.type, DNS_AAAA);
	assert_int_equal(q.class, 1);
	assert_int_equal(q.size, DNS_UDP_SIZE);
	for (size_t cut = 0; cut < (size_t)n; cut++)
		assert_int_not_equal(dns_question_read(bytes, cut, &q), 0);
	bytes[2] |= 0x80;			/* an answer is no question */
	assert_int_not_equal(dns_question_read(bytes, (size_t)n, &q), 0);
}

/* One question for n.x, and what follows as its answer section */
static size_t make_answer(const char *records, size_t length, uint8_t count,
			  uint8_t *bytes)
{
	static const uint8_t head[] = {
		0, 7, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0,
		1, 'n', 1, 'x', 0, 0, 1, 0, 1,
	};

	memcpy(bytes, head, sizeof(head));
	bytes[7] = count;
	memcpy(bytes + sizeof(head), records, length);
	return sizeof(head) + length;
}

#define OWN	"\300\014"				/* n.x */
#define A(class)	"\0\1\0" class "\0\0\0\1\0\4\12\0\0\11"
#define CNAME(name)	"\0\5\0\1\0\0\0\1\0\3\1" name "\0"

/* What is said of others is no answer, but of whom the name stands for */
static void test_owners(void **state)
{
	static const struct {
		const char *records;
		size_t length;
		uint8_t count;
		size_t found;
	} answers[] = {
#define ANSWER(records, count, found)					\
	{ records, sizeof(records) - 1, count, found }
		ANSWER(OWN A("\1"), 1, 1),
		ANSWER("\1N\1X\0" A("\1"), 1, 1),
		ANSWER("\1y\0" A("\1"), 1, 0),
		ANSWER(OWN A("\3"), 1, 0),
		ANSWER(OWN CNAME("y") "\1y\0" A("\1"), 2, 2),
		ANSWER("\1y\0" A("\1") OWN CNAME("y"), 2, 2),
		ANSWER(OWN CNAME("y") "\1z\0" A("\1"), 2, 1),
		ANSWER(OWN CNAME("y") "\1y\0" CNAME("y"), 2, 2),
#undef ANSWER
	};
	uint8_t bytes[DNS_UDP_SIZE];
	struct dns_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		size_t n = make_answer(answers[i].records, answers[i].length,
				       answers[i].count, bytes);

		assert_int_equal(dns_answer_read(bytes, n, &answer), 0);
		if (answer.count != answers[i].found)
			fail_msg("answer %zu has %zu records, not %zu", i,
				 answer.count, answers[i].found);
		dns_answer_done(&answer);
	}
}

static ssize_t make_reply(size_t count, uint8_t *bytes, size_t size)
{
	static struct dns_record records[1000];
	struct dns_reply reply = { records, count, 600 };
	uint8_t query[DNS_UDP_SIZE];
	ssize_t n = dns_query_write(7, "DB", DNS_A, query, sizeof(query));

	for (size_t i = 0; i < count; i++)
		records[i] = (struct dns_record){
			.type = DNS_A,
			.ip = V4(10, 0, (uint8_t)(i >> 8), (uint8_t)i),
		};
	return dns_reply_write(query, (size_t)n, &reply, bytes, size);
}

static void test_reply(void **state)
{
	static uint8_t bytes[DNS_MESSAGE_MAX];
	struct dns_answer answer;
	ssize_t n = make_reply(2, bytes, sizeof(bytes));

	(void)state;
	assert_true(n > 12);
	assert_int_equal(bytes[2], 0x81);	/* QR, RD */
	assert_int_equal(bytes[3], 0x80);	/* RA, NOERROR */
	assert_memory_equal(bytes + 12, "\2DB", 4);	/* as it was asked */
	assert_int_equal(dns_answer_read(bytes, (size_t)n, &answer), 0);
	assert_int_equal(answer.id, 7);
	assert_int_equal(answer.code, DNS_NOERROR);
	assert_false(answer.truncated);
	assert_string_equal(answer.question.name, "db");
	assert_int_equal(answer.count, 2);
	assert_int_equal(answer.found[1].type, DNS_A);
	assert_string_equal(answer.found[1].text, "10.0.0.1");
	dns_answer_done(&answer);
	for (size_t cut = 0; cut < (size_t)n; cut++)
		assert_int_not_equal(dns_answer_read(bytes, cut, &answer), 0);

	n = make_reply(0, bytes, sizeof(bytes));
	assert_int_equal(dns_answer_read(bytes, (size_t)n, &answer), 0);
	assert_int_equal(answer.count, 0);
	dns_answer_done(&answer);
}

/* What does not fit into a datagram is cut off, and that is said */
static void test_truncation(void **state)
{
	static uint8_t bytes[DNS_MESSAGE_MAX];
	struct dns_answer answer;
	ssize_t n = make_reply(1000, bytes, DNS_UDP_SIZE);

	(void)state;
	assert_in_range(n, 200, DNS_UDP_SIZE);
	assert_int_equal(dns_answer_read(bytes, (size_t)n, &answer), 0);
	assert_true(answer.truncated);
	assert_in_range(answer.count, 1, 40);
	dns_answer_done(&answer);

	n = make_reply(1000, bytes, sizeof(bytes));
	assert_int_equal(dns_answer_read(bytes, (size_t)n, &answer), 0);
	assert_false(answer.truncated);
	assert_int_equal(answer.count, 1000);
	dns_answer_done(&answer);
}

static void test_reverse(void **state)
{
	const struct lc_ip four = V4(172, 18, 0, 3);
	const struct lc_ip six = endpoints[3].ip6;
	char name[DNS_REVERSE_SIZE];

	(void)state;
	assert_string_equal(dns_reverse_name(&four, name),
			    "3.0.18.172.in-addr.arpa");
	assert_string_equal(dns_reverse_name(&six, name),
			    "3.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
			    "0.0.0.0.0.0.d.f.ip6.arpa");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_class),
		cmocka_unit_test(test_question),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_reverse),
	};
	struct lc_err err;

	if (dns_open(&err)) {
		puts(err.text);
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
