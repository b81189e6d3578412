// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * event.c - events as bytes in a pipe
 *
 * Both ends are the same program on the same machine, so numbers go as they
 * are.  But the writing end runs whatever a scenario asks for, and may be
 * killed in mid-event: the reading end believes nothing that it has not
 * checked, and takes no more memory than EVENT_MAX.
 *
 *	magic, length of what follows
 *	kind, step, line, column, elapsed, result, reason, notes, (key, value)*
 *
 * A text is its length and its bytes; NO_TEXT stands for NULL.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/event.h"

#define MAGIC	0x6576626cU	/* "lbve" */
#define NO_TEXT UINT32_MAX

enum {
	EVENT_MAX = 16 << 20,
	FILL_SIZE = 65536,
	HEADER_SIZE = 2 * sizeof(uint32_t),
};

/** struct writer - An event that is being put together; @failed is sticky */
struct writer {
	char *bytes;
	size_t length, size;
	bool failed;
};

static void put(struct writer *w, const void *bytes, size_t length)
{
	if (!w->failed && w->length + length > w->size) {
		size_t size = 2 * (w->length + length) + 256;
		char *longer = size > EVENT_MAX ? NULL :
						  realloc(w->bytes, size);

		w->failed = !longer;
		w->bytes = longer ?: w->bytes;
		w->size = longer ? size : w->size;
	}
	if (w->failed)
		return;
	memcpy(w->bytes + w->length, bytes, length);
	w->length += length;
}

static void put_u32(struct writer *w, uint32_t number)
{
	put(w, &number, sizeof(number));
}

static void put_text(struct writer *w, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (!text) {
		put_u32(w, NO_TEXT);
		return;
	}
	if (length > EVENT_MAX)
		w->failed = true;
	put_u32(w, (uint32_t)length);
	put(w, text, length);
}

static void put_event(struct writer *w, const struct event *event,
		      size_t note_count)
{
	const struct lc_verdict *v = &event->verdict;

	put_u32(w, MAGIC);
	put_u32(w, 0);
	put_u32(w, event->kind);
	put_u32(w, event->step);
	put_u32(w, event->line);
	put_u32(w, event->column);
	put(w, &event->elapsed_ns, sizeof(event->elapsed_ns));
	put_u32(w, v->result);
	put_text(w, v->reason);
	put_u32(w, (uint32_t)note_count);
	for (size_t i = 0; i < note_count; i++) {
		put_text(w, v->notes[i].key);
		put_text(w, v->notes[i].value);
	}
	if (!w->failed) {
		uint32_t length = (uint32_t)(w->length - HEADER_SIZE);

		memcpy(w->bytes + sizeof(uint32_t), &length, sizeof(length));
	}
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

int event_send(int fd, const struct event *event)
{
	struct writer w = { 0 };
	int error;

	put_event(&w, event, event->verdict.note_count);
	if (w.failed) {
		/* Too much to tell: the verdict at least must get through */
		w.length = 0;
		w.failed = false;
		put_event(&w, event, 0);
	}
	error = w.failed ? -ENOMEM : write_all(fd, w.bytes, w.length);
	free(w.bytes);
	return error;
}

void event_reader_init(struct event_reader *reader)
{
	memset(reader, 0, sizeof(*reader));
}

void event_reader_done(struct event_reader *reader)
{
	free(reader->buffer);
	event_reader_init(reader);
}

int event_reader_fill(struct event_reader *reader, int fd)
{
	ssize_t n;

	/* Nobody has taken out what came before: it is no event */
	if (reader->length > EVENT_MAX + HEADER_SIZE)
		return -EPROTO;
	if (reader->size - reader->length < FILL_SIZE) {
		size_t size = 2 * reader->length + FILL_SIZE;
		char *longer = realloc(reader->buffer, size);

		if (!longer)
			return -ENOMEM;
		reader->buffer = longer;
		reader->size = size;
	}
	do
		n = read(fd, reader->buffer + reader->length, FILL_SIZE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	reader->length += (size_t)n;
	return (int)n;
}

/** struct parser - What is left to read of one event; @failed is sticky */
struct parser {
	const char *bytes;
	size_t length;
	bool failed;
};

static void get(struct parser *p, void *bytes, size_t length)
{
	if (p->failed || length > p->length) {
		p->failed = true;
		memset(bytes, 0, length);
		return;
	}
	memcpy(bytes, p->bytes, length);
	p->bytes += length;
	p->length -= length;
}

static uint32_t get_u32(struct parser *p)
{
	uint32_t number;

	get(p, &number, sizeof(number));
	return number;
}

static char *get_text(struct parser *p)
{
	uint32_t length = get_u32(p);
	char *text;

	if (length == NO_TEXT)
		return NULL;
	if (p->failed || length > p->length ||
	    memchr(p->bytes, '\0', length)) {
		p->failed = true;
		return NULL;
	}
	text = strndup(p->bytes, length);
	p->failed = !text;
	p->bytes += length;
	p->length -= length;
	return text;
}

static void get_notes(struct parser *p, struct lc_verdict *v)
{
	uint32_t count = get_u32(p);

	/* A note takes 8 bytes at least, so this bounds what is allocated */
	if (p->failed || count > p->length / 8) {
		p->failed = true;
		return;
	}
	v->notes = calloc(count ?: 1, sizeof(*v->notes));
	if (!v->notes) {
		p->failed = true;
		return;
	}
	for (; v->note_count < count && !p->failed; v->note_count++) {
		v->notes[v->note_count].key = get_text(p);
		v->notes[v->note_count].value = get_text(p);
	}
}

static int parse(const char *bytes, size_t length, struct event *ret_event)
{
	struct parser p = { .bytes = bytes, .length = length };
	struct event event = { 0 };
	uint32_t kind, result;

	kind = get_u32(&p);
	event.step = get_u32(&p);
	event.line = get_u32(&p);
	event.column = get_u32(&p);
	get(&p, &event.elapsed_ns, sizeof(event.elapsed_ns));
	result = get_u32(&p);
	event.verdict.reason = get_text(&p);
	get_notes(&p, &event.verdict);
	event.kind = (enum event_kind)kind;
	event.verdict.result = (enum lc_result)result;
	if (p.failed || p.length || kind > EVENT_END || result > LC_ERROR) {
		event_done(&event);
		return -EPROTO;
	}
	*ret_event = event;
	return 1;
}

int event_next(struct event_reader *reader, struct event *ret_event)
{
	uint32_t header[2];
	size_t length;
	int result;

	if (reader->length < HEADER_SIZE)
		return 0;
	memcpy(header, reader->buffer, HEADER_SIZE);
	if (header[0] != MAGIC || header[1] > EVENT_MAX)
		return -EPROTO;
	length = HEADER_SIZE + header[1];
	if (reader->length < length)
		return 0;
	result = parse(reader->buffer + HEADER_SIZE, header[1], ret_event);
	if (result < 0)
		return result;
	reader->length -= length;
	memmove(reader->buffer, reader->buffer + length, reader->length);
	return result;
}

void event_done(struct event *event)
{
	lc_verdict_done(&event->verdict);
}
