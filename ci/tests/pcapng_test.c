// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pcapng_test.c - blocks, byte for byte
 *
 * What is expected is written down as 32-bit words, as the format is made of
 * them; text in it is for a machine whose first byte is the lowest.
 */
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/pcapng.h"

#define TEXT(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | \
	 (uint32_t)(d) << 24)
#define OPTION(code, length) ((uint32_t)(code) | (uint32_t)(length) << 16)

/* As add_*(), with the one argument that all cases share */
typedef void (*adder)(struct pcapng *p);

static void section(struct pcapng *p)
{
	pcapng_add_section(p, &(struct pcapng_section){
		.comment = "abc", .hardware = "x86", .os = "Linu",
		.application = "l",
	});
}

static void bare_section(struct pcapng *p)
{
	pcapng_add_section(p, &(struct pcapng_section){ 0 });
}

static void interface(struct pcapng *p)
{
	pcapng_add_interface(p, "a:b", PCAPNG_RAW_IP, 2048);
}

static void packet(struct pcapng *p)
{
	pcapng_add_packet(p, &(struct pcapng_packet){
		.interface = 2, .ns = 0x123456789abcdef0,
		.bytes = (const uint8_t *)"\1\2\3\4\5", .captured = 5,
		.length = 9, .flags = PCAPNG_IN | PCAPNG_FOR_OTHER,
		.comment = "abcde",
	});
}

/* Nothing of it, and nothing to say */
static void empty_packet(struct pcapng *p)
{
	pcapng_add_packet(p, &(struct pcapng_packet){ .flags = PCAPNG_OUT });
}

static void statistics(struct pcapng *p)
{
	pcapng_add_statistics(p, &(struct pcapng_statistics){
		.interface = 1, .begin_ns = 0x100000002, .end_ns = 0x300000004,
		.received = 0x500000006, .dropped = 7,
	});
}

static const struct block {
	const char *name;
	adder add;
	uint32_t words[32];
	size_t count;
} blocks[] = {
#define WORDS(...) { __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4
	{ "section", section, WORDS(
		0x0a0d0d0a, 64, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff,
		OPTION(1, 3), TEXT('a', 'b', 'c', 0),
		OPTION(2, 3), TEXT('x', '8', '6', 0),
		OPTION(3, 4), TEXT('L', 'i', 'n', 'u'),
		OPTION(4, 1), TEXT('l', 0, 0, 0), 0, 64) },
	{ "bare section", bare_section, WORDS(
		0x0a0d0d0a, 32, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 0, 32) },
	{ "interface", interface, WORDS(
		1, 40, 101, 2048, OPTION(2, 3), TEXT('a', ':', 'b', 0),
		OPTION(9, 1), TEXT(9, 0, 0, 0), 0, 40) },
	{ "packet", packet, WORDS(
		6, 64, 2, 0x12345678, 0x9abcdef0, 5, 9,
		TEXT(1, 2, 3, 4), TEXT(5, 0, 0, 0), OPTION(1, 5),
		TEXT('a', 'b', 'c', 'd'), TEXT('e', 0, 0, 0), OPTION(2, 4),
		0x11, 0, 64) },
	{ "empty packet", empty_packet, WORDS(
		6, 44, 0, 0, 0, 0, 0, OPTION(2, 4), 2, 0, 44) },
	{ "statistics", statistics, WORDS(
		5, 76, 1, 3, 4, OPTION(2, 8), 1, 2, OPTION(3, 8), 3, 4,
		OPTION(4, 8), 6, 5, OPTION(5, 8), 7, 0, 0, 76) },
};

enum { BLOCKS = sizeof(blocks) / sizeof(*blocks) };

static void assert_block(const struct block *b, const uint8_t *bytes,
			 size_t length)
{
	if (length == 4 * b->count && !memcmp(bytes, b->words, length))
		return;
	for (size_t i = 0; i < length / 4; i++) {
		uint32_t word;

		memcpy(&word, bytes + 4 * i, sizeof(word));
		print_error("%s: word %zu is %#x, expected %#x\n", b->name, i,
			    word, i < b->count ? b->words[i] : 0);
	}
	fail();
}

static void each_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < BLOCKS; i++) {
		struct pcapng p = { 0 };

		blocks[i].add(&p);
		assert_false(p.failed);
		assert_block(&blocks[i], p.bytes, p.length);
		pcapng_done(&p);
	}
}

static void one_behind_the_other(void **state)
{
	struct pcapng p = { 0 };
	size_t at = 0;

	(void)state;
	for (size_t round = 0; round < 1000; round++)
		for (size_t i = 0; i < BLOCKS; i++)
			blocks[i].add(&p);
	assert_false(p.failed);
	for (size_t n = 0; at < p.length; n++) {
		const struct block *b = &blocks[n % BLOCKS];

		assert_true(p.length - at >= 4 * b->count);
		assert_block(b, p.bytes + at, 4 * b->count);
		at += 4 * b->count;
	}
	pcapng_done(&p);
}

/* Longer than an option may be: it is cut, and the block is whole */
static void long_text(void **state)
{
	struct pcapng p = { 0 };
	char *text = malloc(100001);
	uint32_t length;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 100000);
	text[100000] = '\0';
	pcapng_add_interface(&p, text, PCAPNG_ETHERNET, 0);
	memcpy(&length, p.bytes + 4, 4);
	assert_int_equal(length, p.length);
	assert_true(length < 65536 + 64 && length % 4 == 0);
	pcapng_done(&p);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_alone),
		cmocka_unit_test(one_behind_the_other),
		cmocka_unit_test(long_text),
	};

	if (BYTE_ORDER != LITTLE_ENDIAN) {
		puts("1..0 # SKIP the words are for another byte order");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
