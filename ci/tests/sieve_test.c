// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sieve_test.c - what a post-mortem's taps let in
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "postmortem/sieve.h"

enum { ETH_IP = 0x0800, ETH_ARP = 0x0806, ETH_IP6 = 0x86dd };

/* A packet, from its IP header on */
struct bytes {
	uint8_t at[256];
	size_t length;
};

/* The kernel's way to run it: only what the sieve is made of.  A load from
 * beyond the end lets nothing pass. */
static bool passes(const struct sock_filter *program, size_t count,
		   const struct bytes *packet, uint32_t protocol)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < count; pc++) {
		const struct sock_filter *f = &program[pc];
		const uint32_t at = f->k - (uint32_t)SKF_NET_OFF;

		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (f->k == (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL)) {
				a = protocol;
				break;
			}
			if (at + 4 > packet->length)
				return false;
			a = (uint32_t)packet->at[at] << 24 |
			    (uint32_t)packet->at[at + 1] << 16 |
			    (uint32_t)packet->at[at + 2] << 8 |
			    packet->at[at + 3];
			break;
		case BPF_LD | BPF_H | BPF_ABS:
			if (at + 2 > packet->length)
				return false;
			a = (uint32_t)packet->at[at] << 8 | packet->at[at + 1];
			break;
		case BPF_LD | BPF_B | BPF_ABS:
			if (at >= packet->length)
				return false;
			a = packet->at[at];
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= f->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			pc += a == f->k ? f->jt : f->jf;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			pc += a & f->k ? f->jt : f->jf;
			break;
		case BPF_RET | BPF_K:
			return f->k != 0;
		default:
			fail_msg("instruction 0x%x", f->code);
		}
	}
	fail_msg("the program has no end");
	return false;
}

static void append(struct bytes *b, const void *bytes, size_t length)
{
	memcpy(b->at + b->length, bytes, length);
	b->length += length;
}

static void append_ip(struct bytes *b, bool v4, uint8_t protocol)
{
	const uint8_t four[20] = { 0x45, [8] = 64, [9] = protocol };
	const uint8_t six[40] = { 0x60, [6] = protocol, [7] = 64 };

	if (v4)
		append(b, four, sizeof(four));
	else
		append(b, six, sizeof(six));
}

enum { COOKIE = 0x6c62636b, QUESTION = 0x02753400, ECHO_MARK = 0xa7 };

enum { ICMP = 1, TCP = 6, UDP = 17, ICMP6 = 58 };

/* What is behind an IP header; @type, @mark: of an echo; @flags: of TCP */
struct said {
	int protocol;			/* ICMP stands for both */
	uint8_t type, mark, flags;
	const char *payload;
	size_t length;
};

static void append_said(struct bytes *b, bool v4, const struct said *s)
{
	const uint8_t type = v4 || s->protocol != ICMP ? s->type :
			     s->type == 8 ? 128 : s->type == 0 ? 129 : 1;
	const uint8_t icmp[8] = { type, [6] = s->mark };
	const uint8_t tcp[20] = { [12] = 0x50, [13] = s->flags };
	const uint8_t udp[8] = { 0 };

	append_ip(b, v4, s->protocol == ICMP && !v4 ? ICMP6 :
						     (uint8_t)s->protocol);
	if (s->protocol == ICMP)
		append(b, icmp, sizeof(icmp));
	else if (s->protocol == TCP)
		append(b, tcp, sizeof(tcp));
	else
		append(b, udp, sizeof(udp));
	append(b, s->payload ?: "", s->length);
}

#define OURS "lbck\0\0\0\7nonce123"
#define OTHERS "someone else's words"
#define NAME "\x12\x34\x01\0\0\1\0\0\0\0\0\0\2u4\0\0\1\0\1"
#define OTHERS_NAME "\x12\x34\x01\0\0\1\0\0\0\0\0\0\2u5\0\0\1\0\1"
#define TEXT(words) words, sizeof(words) - 1

static const struct {
	enum lc_protocol protocol;
	struct said said;
	bool passes;
} cases[] = {
	{ LC_ICMP, { ICMP, 8, 0, 0, TEXT(OURS) }, true },
	{ LC_ICMP, { ICMP, 0, 0, 0, TEXT(OURS) }, true },
	{ LC_ICMP, { ICMP, 8, ECHO_MARK, 0, NULL, 0 }, true },
	{ LC_ICMP, { ICMP, 0, ECHO_MARK, 0, TEXT("x") }, true },
	{ LC_ICMP, { ICMP, 8, 1, 0, TEXT(OTHERS) }, false },
	{ LC_ICMP, { ICMP, 8, 1, 0, NULL, 0 }, false },
	{ LC_ICMP, { UDP, 0, 0, 0, TEXT(OURS) }, false },
	{ LC_UDP, { UDP, 0, 0, 0, TEXT(OURS) }, true },
	{ LC_UDP, { UDP, 0, 0, 0, TEXT(OTHERS) }, false },
	{ LC_UDP, { UDP, 0, 0, 0, NULL, 0 }, false },
	{ LC_UDP, { ICMP, 8, ECHO_MARK, 0, TEXT(OURS) }, false },
	{ LC_TCP, { TCP, 0, 0, 0x02, NULL, 0 }, true },
	{ LC_TCP, { TCP, 0, 0, 0x12, NULL, 0 }, true },
	{ LC_TCP, { TCP, 0, 0, 0x14, NULL, 0 }, true },
	{ LC_TCP, { TCP, 0, 0, 0x18, TEXT(OTHERS) }, false },
	{ LC_TCP, { TCP, 0, 0, 0x10, NULL, 0 }, false },
	{ LC_TCP, { UDP, 0, 0, 0, TEXT(OURS) }, false },
	{ LC_DNS, { UDP, 0, 0, 0, TEXT(NAME) }, true },
	{ LC_DNS, { UDP, 0, 0, 0, TEXT(OTHERS_NAME) }, false },
	{ LC_DNS, { UDP, 0, 0, 0, TEXT("short") }, false },
	{ LC_DNS, { TCP, 0, 0, 0x02, NULL, 0 }, true },
};

static size_t build(enum lc_protocol protocol,
		    struct sock_filter program[SIEVE_MAX])
{
	const struct sieve sieve = { protocol, COOKIE, QUESTION, ECHO_MARK };
	size_t count = sieve_build(&sieve, program);

	assert_true(count > 0 && count < SIEVE_MAX);
	return count;
}

/* What a VXLAN has in front of a frame's packet */
static void append_tunnel(struct bytes *b, bool v4, uint16_t protocol)
{
	const uint8_t udp[8] = { 0 }, vxlan[8] = { 0x08 };
	const uint8_t ethernet[14] = { [12] = (uint8_t)(protocol >> 8),
				       [13] = (uint8_t)protocol };

	append_ip(b, v4, UDP);
	append(b, udp, sizeof(udp));
	append(b, vxlan, sizeof(vxlan));
	append(b, ethernet, sizeof(ethernet));
}

/* @tunnel: 0: none, 4, 6: by a VXLAN over that */
static void check(size_t i, bool v4, bool quoted, int tunnel)
{
	/* What an error quotes of TCP may be no more than its ports */
	const bool expected = cases[i].passes ||
			      (quoted && cases[i].said.protocol == TCP &&
			       cases[i].protocol == LC_TCP);
	const uint8_t error[8] = { v4 ? 3 : 1 };
	struct sock_filter program[SIEVE_MAX];
	size_t count = build(cases[i].protocol, program);
	struct bytes packet = { .length = 0 };

	if (tunnel)
		append_tunnel(&packet, tunnel == 4, v4 ? ETH_IP : ETH_IP6);
	if (quoted) {
		append_ip(&packet, v4, v4 ? ICMP : ICMP6);
		append(&packet, error, sizeof(error));
	}
	append_said(&packet, v4, &cases[i].said);
	if (passes(program, count, &packet,
		   tunnel == 4 || (!tunnel && v4) ? ETH_IP : ETH_IP6) !=
	    expected)
		fail_msg("case %zu, IPv%d%s, tunnel %d", i, v4 ? 4 : 6,
			 quoted ? ", quoted" : "", tunnel);
}

static void test_probes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (int v4 = 0; v4 < 2; v4++)
			for (int way = 0; way < 6; way++)
				check(i, v4, way % 2, way < 2 ? 0 :
						      way < 4 ? 4 : 6);
}

/* Whatever the probe is, and however little there is of a packet */
static void test_neighbours(void **state)
{
	const uint8_t arp[28] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	struct sock_filter program[SIEVE_MAX];
	struct bytes packet;

	(void)state;
	for (int protocol = 0; protocol < LC_PROTOCOLS; protocol++) {
		size_t count = build((enum lc_protocol)protocol, program);

		packet.length = 0;
		append(&packet, arp, sizeof(arp));
		assert_true(passes(program, count, &packet, ETH_ARP));
		packet.length = 0;
		append_tunnel(&packet, true, ETH_ARP);
		append(&packet, arp, sizeof(arp));
		assert_true(passes(program, count, &packet, ETH_IP));
		for (uint8_t type = 133; type <= 137; type++) {
			const uint8_t nd[24] = { type };

			packet.length = 0;
			append_ip(&packet, false, ICMP6);
			append(&packet, nd, sizeof(nd));
			assert_int_equal(passes(program, count, &packet,
						ETH_IP6),
					 type == 135 || type == 136);
		}
		for (packet.length = 0; packet.length < 60; packet.length++)
			passes(program, count, &packet, ETH_IP);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probes),
		cmocka_unit_test(test_neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
