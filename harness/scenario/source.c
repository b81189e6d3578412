// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * source.c - the text of a scenario file
 *
 * Whatever is handed to labcheck ends up here first: a directory, a disk
 * image, /dev/zero.  So the size is bounded while it is read, and what is no
 * text is told before a YAML parser can stumble over it in its own words.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>
#include <labcheck/err.h>

#include "scenario/source.h"
#include "scenario/utf8.h"

static int too_large(struct lc_err *err)
{
	return lc_err_set(err, -EFBIG,
			  "larger than %d MiB, which no scenario is",
			  SOURCE_MAX_BYTES >> 20);
}

static int open_file(const char *path, struct lc_err *err)
{
	lc_auto(lc_close) int fd = -1;
	struct stat st;

	fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) :
				 fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	if (fd < 0 || fstat(fd, &st) < 0)
		return lc_err_set(err, -errno, "%m");
	if (S_ISDIR(st.st_mode))
		return lc_err_set(err, -EISDIR, "a directory, not a scenario");
	if (S_ISREG(st.st_mode) && st.st_size > SOURCE_MAX_BYTES)
		return too_large(err);
	return lc_steal_fd(&fd);
}

/* A byte order mark is no part of the text */
static void drop_bom(struct source *source)
{
	if (source->length < 3 || memcmp(source->text, "\xef\xbb\xbf", 3))
		return;
	source->length -= 3;
	memmove(source->text, source->text + 3, source->length + 1);
}

static int read_all(int fd, struct source *source, struct lc_err *err)
{
	lc_auto(lc_free) char *text = NULL;
	size_t length = 0, size = 0;
	ssize_t n;

	do {
		if (size - length < 2) {
			char *grown = realloc(text, size ? size * 2 : 8192);

			if (!grown)
				return lc_err_set(err, -ENOMEM, "%m");
			text = grown;
			size = size ? size * 2 : 8192;
		}
		n = read(fd, text + length, size - length - 1);
		if (n < 0 && errno != EINTR)
			return lc_err_set(err, -errno, "%m");
		if (n > 0)
			length += (size_t)n;
		if (length > SOURCE_MAX_BYTES)
			return too_large(err);
	} while (n != 0);
	text[length] = '\0';
	source->text = lc_steal(text);
	source->length = length;
	drop_bom(source);
	return 0;
}

int source_read(struct source *source, const char *path, struct lc_err *err)
{
	lc_auto(source_done) struct source read = { 0 };
	lc_auto(lc_close) int fd = -1;
	int r;

	fd = open_file(path, err);
	if (fd < 0)
		return fd;
	read.path = strdup(strcmp(path, "-") ? path : "standard input");
	if (!read.path)
		return lc_err_set(err, -ENOMEM, "%m");
	r = read_all(fd, &read, err);
	if (r < 0)
		return r;
	*source = read;
	memset(&read, 0, sizeof(read));
	return 0;
}

int source_from_memory(struct source *source, const char *path,
		       const void *bytes, size_t length, struct lc_err *err)
{
	lc_auto(source_done) struct source copy = { 0 };

	if (length > SOURCE_MAX_BYTES)
		return too_large(err);
	copy.path = strdup(path);
	copy.text = malloc(length + 1);
	if (!copy.path || !copy.text)
		return lc_err_set(err, -ENOMEM, "%m");
	if (length)
		memcpy(copy.text, bytes, length);
	copy.text[length] = '\0';
	copy.length = length;
	drop_bom(&copy);
	*source = copy;
	memset(&copy, 0, sizeof(copy));
	return 0;
}

void source_done(struct source *source)
{
	free(source->path);
	free(source->text);
	memset(source, 0, sizeof(*source));
}

/* What is wrong with a character; NULL: nothing */
static const char *character_fault(uint32_t character)
{
	switch (character) {
	case '\t':
	case '\n':
	case '\r':
		return NULL;
	case UTF8_BAD:
		return "this is not UTF-8 text";
	case 0x85:
	case 0x2028:
	case 0x2029:
		return "a line break that most editors do not show: use an "
		       "ordinary one";
	case 0xfeff:
		return "a byte order mark in the middle of the text";
	}
	if (utf8_is_control(character) || (character & 0xfffe) == 0xfffe)
		return "a control character; in double quotes it can be "
		       "written as \\xNN";
	return NULL;
}

/* What the first fault tells of a file; it may be of another kind altogether */
static const char *file_fault(const struct source *source, const char *fault)
{
	if (source->length > 1 && (!memcmp(source->text, "\xff\xfe", 2) ||
				   !memcmp(source->text, "\xfe\xff", 2)))
		return "this is UTF-16 text: save it as UTF-8";
	if (memchr(source->text, '\0', source->length))
		return "this is a binary file, not a scenario";
	return fault;
}

void source_verify(const struct source *source, struct lc_problems *problems)
{
	const char *p = source->text, *end = p + source->length;
	struct lc_at at = { 1, 1 };
	const char *fault;

	if (p == end)
		lc_problem(problems, at, "the file is empty");
	while (p < end) {
		uint32_t character = utf8_next(&p, end);

		fault = character_fault(character);
		if (fault) {
			lc_problem(problems, at, "%s",
				   file_fault(source, fault));
			return;
		}
		at.column++;
		if (character == '\n' ||
		    (character == '\r' && (p == end || *p != '\n'))) {
			at.line++;
			at.column = 1;
		}
	}
}

const char *source_next_line(const struct source *source, const char *line)
{
	const char *end = source->text + source->length;

	for (; line < end; line++)
		if (*line == '\n' || (*line == '\r' && line[1] != '\n'))
			return line + 1;
	return NULL;
}

const char *source_line(const struct source *source, unsigned int line,
			size_t *ret_length)
{
	const char *p = source->text;

	*ret_length = 0;
	while (p && line > 1) {
		p = source_next_line(source, p);
		line--;
	}
	if (!p || !line)
		return NULL;
	*ret_length = strcspn(p, "\r\n");
	return p;
}
