// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * event_test.c - events get through a pipe, whole or not at all
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/event.h"

static struct event example(void)
{
	struct event e = {
		.kind = EVENT_STEP,
		.step = 3,
		.line = 31,
		.column = 5,
		.elapsed_ns = 1234567890123ULL,
	};

	lc_verdict_expect(&e.verdict, "reply", "drop");
	lc_verdict_note(&e.verdict, "empty", "%s", "");
	lc_verdict_note(&e.verdict, "lines", "%s", "one\ntwo\t\"x\"");
	return e;
}

static void assert_same_text(const char *a, const char *b)
{
	assert_int_equal(!a, !b);
	if (a)
		assert_string_equal(a, b);
}

static void assert_same(const struct event *a, const struct event *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->step, b->step);
	assert_int_equal(a->line, b->line);
	assert_int_equal(a->column, b->column);
	assert_int_equal(a->elapsed_ns, b->elapsed_ns);
	assert_int_equal(a->verdict.result, b->verdict.result);
	assert_same_text(a->verdict.reason, b->verdict.reason);
	assert_int_equal(a->verdict.note_count, b->verdict.note_count);
	for (size_t i = 0; i < a->verdict.note_count; i++) {
		assert_same_text(a->verdict.notes[i].key,
				 b->verdict.notes[i].key);
		assert_same_text(a->verdict.notes[i].value,
				 b->verdict.notes[i].value);
	}
}

/* The bytes of one event; the caller frees them */
static size_t bytes_of(const struct event *e, char **ret_bytes)
{
	int fds[2];
	ssize_t n;

	*ret_bytes = malloc(65536);
	assert_non_null(*ret_bytes);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(event_send(fds[1], e), 0);
	close(fds[1]);
	n = read(fds[0], *ret_bytes, 65536);
	close(fds[0]);
	assert_true(n > 0);
	return (size_t)n;
}

static void feed(struct event_reader *r, const char *bytes, size_t length)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], bytes, length), length);
	close(fds[1]);
	assert_int_equal(event_reader_fill(r, fds[0]), length);
	close(fds[0]);
}

static void test_round_trip(void **state)
{
	struct event events[4] = {
		{ .kind = EVENT_BUILT, .elapsed_ns = 5 },
		example(),
		{ .kind = EVENT_SKIP_ALL },
		{ .kind = EVENT_END },
	};
	struct event_reader r;
	struct event got;
	int fds[2];

	(void)state;
	lc_verdict_skip(&events[2].verdict, "no nftables");
	event_reader_init(&r);
	assert_int_equal(pipe(fds), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(event_send(fds[1], &events[i]), 0);
	close(fds[1]);
	while (event_reader_fill(&r, fds[0]) > 0)
		;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(event_next(&r, &got), 1);
		assert_same(&events[i], &got);
		event_done(&got);
		event_done(&events[i]);
	}
	assert_int_equal(event_next(&r, &got), 0);
	event_reader_done(&r);
	close(fds[0]);
}

static void test_byte_by_byte(void **state)
{
	struct event e = example(), got;
	struct event_reader r;
	char *bytes;
	size_t length = bytes_of(&e, &bytes);

	(void)state;
	event_reader_init(&r);
	for (size_t i = 0; i < length; i++) {
		assert_int_equal(event_next(&r, &got), 0);
		feed(&r, bytes + i, 1);
	}
	assert_int_equal(event_next(&r, &got), 1);
	assert_same(&e, &got);
	event_done(&got);
	event_done(&e);
	event_reader_done(&r);
	free(bytes);
}

/* Whatever one byte becomes, reading it ends in an event, a wait or EPROTO */
static void test_damaged(void **state)
{
	static const unsigned char others[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct event e = example(), got;
	struct event_reader r;
	char *bytes;
	size_t length = bytes_of(&e, &bytes);

	(void)state;
	for (size_t i = 0; i < length; i++)
		for (size_t k = 0; k < sizeof(others); k++) {
			char kept = bytes[i];
			int result;

			bytes[i] = (char)others[k];
			event_reader_init(&r);
			feed(&r, bytes, length);
			result = event_next(&r, &got);
			assert_true(result == 1 || result == 0 ||
				    result == -EPROTO);
			if (result == 1)
				event_done(&got);
			event_reader_done(&r);
			bytes[i] = kept;
		}
	event_done(&e);
	free(bytes);
}

static void test_garbage(void **state)
{
	struct event_reader r;
	struct event got;

	(void)state;
	event_reader_init(&r);
	feed(&r, "segmentation fault\n", 19);
	assert_int_equal(event_next(&r, &got), -EPROTO);
	/* and it stays so */
	assert_int_equal(event_next(&r, &got), -EPROTO);
	event_reader_done(&r);
}

static void test_cut_short(void **state)
{
	struct event e = example(), got;
	struct event_reader r;
	char *bytes;
	size_t length = bytes_of(&e, &bytes);

	(void)state;
	event_reader_init(&r);
	feed(&r, bytes, length - 1);
	assert_int_equal(event_next(&r, &got), 0);
	event_reader_done(&r);
	event_done(&e);
	free(bytes);
}

/* More than can be told: the verdict gets through without its notes */
static void test_too_much(void **state)
{
	struct event e = { .kind = EVENT_STEP, .step = 7 }, got;
	struct event_reader r;
	char *big = malloc(17 << 20);
	int fds[2];

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 17 << 20);
	big[(17 << 20) - 1] = '\0';
	lc_verdict_fail(&e.verdict, "%s", big);
	free(big);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(event_send(fds[1], &e), 0);
	event_reader_init(&r);
	assert_true(event_reader_fill(&r, fds[0]) > 0);
	assert_int_equal(event_next(&r, &got), 1);
	assert_int_equal(got.step, 7);
	assert_int_equal(got.verdict.result, LC_FAIL);
	assert_int_equal(got.verdict.note_count, 0);
	event_done(&got);
	event_done(&e);
	event_reader_done(&r);
	close(fds[0]);
	close(fds[1]);
}

static void test_parent_gone(void **state)
{
	struct event e = { .kind = EVENT_END };
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_int_equal(event_send(fds[1], &e), -EPIPE);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_parent_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
