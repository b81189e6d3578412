// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_test.c - pcap filter expressions, and packets in a few words
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <labcheck/err.h>

#include "probe/packet/summary.h"
#include "scenario/filter.h"

/* @words: part of what is said of it; NULL: it is one */
static const struct {
	const char *text, *words;
} filters[] = {
	{ "arp", NULL },
	{ "icmp[icmptype] = icmp-echo and src net 192.168.15.0/24", NULL },
	{ "tcp port http or udp portrange 5000-5010", NULL },
	{ "ether host 02:00:00:00:00:01 and not ip6", NULL },
	{ "ip6 host fd00::1 && !(udp port 53)", NULL },
	{ "ip proto \\tcp and tcp[tcpflags] & (tcp-syn|tcp-ack) != 0", NULL },
	{ "ether proto 0x88b5", NULL },
	{ "greater 100 and vlan 5", NULL },
	{ "host blue", "'blue' is no word" },
	{ "src localhost", "'localhost' is no word" },
	{ "net example.org", "'example.org' is no word" },
	{ "192.168.1.1 or lan", "'lan' is no word" },
	{ "pcap", "'pcap' is no word" },
	{ "tcp prot 80", "'prot' is no word" },
	{ "ip and arp", "rejects all" },
	{ "tcp port", "syntax error" },
	{ "host 1.2.3.4.5", "'1.2.3.4.5' is no word" },
	{ "host 1a.example", "'1a.example' is no word" },
	{ "host blue:eth0", "'blue:eth0' is no word" },
	{ "net 10", NULL },
	{ "host dead-beef", "'dead-beef' is no word" },
	{ "ether host 02-00-00-00-00-01", NULL },
	{ "port nosuchport", "unknown port" },
	{ "(", "syntax error" },
};

static void test_filters(void **state)
{
	struct sock_fprog program;
	struct lc_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		int r = filter_compile(filters[i].text, FILTER_ETHERNET, 0,
				       &program, &err);

		if (!r && !filters[i].words) {
			assert_true(program.len > 0);
			filter_done(&program);
			assert_null(program.filter);
			continue;
		}
		if (!filters[i].words)
			fail_msg("%s: %s", filters[i].text, err.text);
		assert_int_not_equal(r, 0);
		if (!strstr(err.text, filters[i].words))
			fail_msg("%s: %s", filters[i].text, err.text);
	}
}

/* What passes a program, run by hand, as the kernel runs it: only loads from
 * fixed places, jumps on equality and returns occur in these */
static bool passes(const struct sock_fprog *program, const uint8_t *bytes)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < program->len; pc++) {
		const struct sock_filter *f = &program->filter[pc];

		switch (f->code) {
		case BPF_LD | BPF_H | BPF_ABS:
			a = (uint32_t)bytes[f->k] << 8 | bytes[f->k + 1];
			break;
		case BPF_LD | BPF_B | BPF_ABS:
			a = bytes[f->k];
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			pc += a == f->k ? f->jt : f->jf;
			break;
		case BPF_RET | BPF_K:
			return f->k != 0;
		default:
			fail_msg("instruction 0x%x", f->code);
		}
	}
	return false;
}

static void test_mark(void **state)
{
	uint8_t arp[64] = { [12] = 0x08, [13] = 0x06 };
	uint8_t mark[64] = { [12] = 0x88, [13] = 0xb5 };
	struct sock_fprog program;

	(void)state;
	assert_int_equal(filter_compile("arp", FILTER_ETHERNET, 0x88b5,
					&program, NULL), 0);
	assert_true(passes(&program, arp));
	assert_true(passes(&program, mark));
	mark[13] = 0xb6;
	assert_false(passes(&program, mark));
	filter_done(&program);
	assert_int_equal(filter_compile("arp", FILTER_ETHERNET, 0, &program,
					NULL), 0);
	mark[13] = 0xb5;
	assert_false(passes(&program, mark));
	filter_done(&program);
}

static void test_summaries(void **state)
{
	static const uint8_t echo[] = {
		0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0,
		192, 168, 1, 3, 192, 168, 1, 2, 8, 0, 0, 0, 0, 1, 0, 1,
	};
	static const uint8_t syn[] = {
		0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0,
		10, 0, 0, 1, 10, 0, 0, 2, 0x9c, 0x40, 0, 80,
		0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0, 0, 0, 0, 0, 0,
	};
	static const uint8_t arp[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6,
		0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1,
		10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 9,
	};
	char text[SUMMARY_SIZE];

	(void)state;
	assert_string_equal(packet_summary(echo, sizeof(echo), 0x0800, text),
			    "192.168.1.3 > 192.168.1.2 echo request");
	assert_string_equal(packet_summary(syn, sizeof(syn), 0x0800, text),
			    "10.0.0.1:40000 > 10.0.0.2:80 TCP SYN");
	assert_string_equal(packet_summary(arp, sizeof(arp), 0, text),
			    "ARP who has 10.0.0.9, asks 10.0.0.1");
	/* However short it is, it is not read beyond its end */
	for (size_t n = 0; n < sizeof(syn); n++) {
		packet_summary(arp, n, 0, text);
		packet_summary(syn, n, 0x0800, text);
		packet_summary(echo, n < sizeof(echo) ? n : 0, 0x0800, text);
		packet_summary(syn, n, 0x86dd, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_summaries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
