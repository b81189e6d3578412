// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packet_test.c - the bytes of probes, made and read
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

#include "probe/packet/packet.h"

static const uint64_t nonce = 0x1122334455667788;

/* An IPv4 header of 20 bytes, without a checksum: nobody here looks at it */
static size_t wrap4(uint8_t *out, uint8_t protocol, const uint8_t *in,
		    size_t length)
{
	memset(out, 0, 20);
	out[0] = 0x45;
	out[9] = protocol;
	memcpy(out + 12, "\xc0\xa8\x0f\x01", 4);
	memcpy(out + 16, "\xc0\xa8\x0f\x02", 4);
	memcpy(out + 20, in, length);
	return 20 + length;
}

static void test_echo_comes_back(void **state)
{
	static const struct {
		uint32_t serial;
		size_t payload;
	} cases[] = {
		{ 1, 56 }, { 1, 16 }, { 1, 0 }, { 0xffff, 8 },
		{ 0x10000, 0 }, { 0xffffff, 15 }, { 0xffffff, 1472 },
	};
	uint8_t icmp[2048], bytes[2100];
	struct packet packet;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cookie cookie = { nonce, cases[i].serial };

		echo_build(AF_INET, &cookie, icmp, cases[i].payload);
		assert_true(packet_read(bytes,
					wrap4(bytes, 1, icmp,
					      8 + cases[i].payload),
					nonce, &packet));
		assert_int_equal(packet.kind, PACKET_ECHO_REQUEST);
		assert_true(packet.ours);
		assert_int_equal(packet.serial, cases[i].serial);
	}
}

/* RFC 1071: over a message with its checksum in place the sum is zero */
static void test_checksum(void **state)
{
	struct cookie cookie = { nonce, 77 };
	uint8_t icmp[8 + 57];
	uint32_t sum = 0;

	(void)state;
	echo_build(AF_INET, &cookie, icmp, 57);
	for (size_t i = 0; i < sizeof(icmp); i++)
		sum += i % 2 ? icmp[i] : (uint32_t)icmp[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	assert_int_equal(sum, 0xffff);
}

static void test_strangers_are_not_ours(void **state)
{
	struct cookie cookie = { nonce + 1, 5 };
	uint8_t icmp[64], bytes[100];
	struct packet packet;

	(void)state;
	echo_build(AF_INET, &cookie, icmp, 56);
	assert_true(packet_read(bytes, wrap4(bytes, 1, icmp, 64), nonce,
				&packet));
	assert_false(packet.ours);
	/* Too short for a cookie, and an identifier far from this run's */
	cookie.nonce = nonce + 0x4000;
	echo_build(AF_INET, &cookie, icmp, 0);
	packet_read(bytes, wrap4(bytes, 1, icmp, 8), nonce, &packet);
	assert_false(packet.ours);
}

static void test_rewritten_identifier(void **state)
{
	struct cookie cookie = { nonce, 5 };
	uint8_t icmp[64];
	uint32_t serial;

	(void)state;
	echo_build(AF_INET, &cookie, icmp, 56);
	icmp[4] ^= 0x55; /* as NAT does when two flows share one */
	assert_true(echo_serial(icmp, 64, nonce, &serial));
	assert_int_equal(serial, 5);
}

static void test_tcp(void **state)
{
	static const uint8_t syn_ack[20] = {
		0x00, 0x50, 0xc0, 0x00, 0, 0, 0, 9, 0, 0, 1, 0, 0x50, 0x12,
	};
	uint8_t bytes[64];
	struct packet packet;

	(void)state;
	assert_true(packet_read(bytes, wrap4(bytes, 6, syn_ack, 20), nonce,
				&packet));
	assert_int_equal(packet.kind, PACKET_TCP);
	assert_int_equal(packet.source_port, 80);
	assert_int_equal(packet.destination_port, 0xc000);
	assert_int_equal(packet.seq, 9);
	assert_int_equal(packet.ack, 256);
	assert_true(packet.syn && packet.has_ack && !packet.reset);
}

/* Every cut of a good packet, and random bytes: never a read behind the end */
static void test_hostile(void **state)
{
	struct cookie cookie = { nonce, 5 };
	uint8_t icmp[64], bytes[100];
	struct packet packet;
	size_t length;

	(void)state;
	echo_build(AF_INET, &cookie, icmp, 56);
	length = wrap4(bytes, 1, icmp, 64);
	for (size_t cut = 0; cut < length; cut++) {
		uint8_t *exact = malloc(cut ? cut : 1);

		memcpy(exact, bytes, cut);
		packet_read(exact, cut, nonce, &packet);
		free(exact);
	}
	srand(1);
	for (int i = 0; i < 100000; i++) {
		size_t n = (size_t)(rand() % 90);
		uint8_t *exact = malloc(n ? n : 1);

		for (size_t k = 0; k < n; k++)
			exact[k] = (uint8_t)rand();
		if (n)
			exact[0] = i % 2 ? 0x45 : 0x60;
		packet_read(exact, n, nonce, &packet);
		free(exact);
	}
}

static void test_fragments(void **state)
{
	struct cookie cookie = { nonce, 5 };
	uint8_t icmp[64], bytes[100];
	struct packet packet;
	size_t length;

	(void)state;
	echo_build(AF_INET, &cookie, icmp, 56);
	length = wrap4(bytes, 1, icmp, 64);
	bytes[3] = 84;
	bytes[5] = 9;
	bytes[6] = 0x20; /* the first, and more follow */
	assert_true(packet_read(bytes, length, nonce, &packet));
	assert_int_equal(packet.kind, PACKET_ECHO_REQUEST);
	assert_true(packet.ours);
	assert_true(packet.piece.more);
	assert_int_equal(packet.piece.id, 9);
	assert_int_equal(packet.piece.length, 64);
	bytes[6] = 0;
	bytes[7] = 0x08; /* not the first fragment */
	assert_true(packet_read(bytes, length, nonce, &packet));
	assert_int_equal(packet.kind, PACKET_FRAGMENT);
	assert_false(packet.ours);
	assert_false(packet.piece.more);
	assert_int_equal(packet.piece.offset, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo_comes_back),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_strangers_are_not_ours),
		cmocka_unit_test(test_rewritten_identifier),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
