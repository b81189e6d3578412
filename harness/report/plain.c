// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plain.c - any text as one that a format can hold
 *
 * What a program under test has printed is anything.  Bytes that are no UTF-8
 * become REPLACEMENT CHARACTER, and where control characters are not allowed
 * they become the pictures that Unicode has for them, so that an escape
 * sequence is still seen to be one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/plain.h"
#include "scenario/utf8.h"

enum {
	REPLACEMENT = 0xfffd,
	PICTURES = 0x2400,	/* of 0x00 to 0x1f */
	PICTURE_DELETE = 0x2421,
	LONGEST = 3,		/* bytes that stand for one */
};

static char *put_3(char *to, uint32_t character)
{
	*to++ = (char)(0xe0 | character >> 12);
	*to++ = (char)(0x80 | (character >> 6 & 0x3f));
	*to++ = (char)(0x80 | (character & 0x3f));
	return to;
}

static bool is_noncharacter(uint32_t character)
{
	return (character & 0xfffe) == 0xfffe;
}

static uint32_t stand_in(uint32_t character, bool printable)
{
	if (character == UTF8_BAD)
		return REPLACEMENT;
	if (!printable || character == '\t' || character == '\n')
		return 0;
	if (character < 0x20)
		return PICTURES + character;
	if (character == 0x7f)
		return PICTURE_DELETE;
	return utf8_is_harmful(character) || is_noncharacter(character) ?
		       REPLACEMENT : 0;
}

char *plain_text(const char *text, bool printable)
{
	size_t length = text ? strlen(text) : 0;
	char *copy = text ? malloc(LONGEST * length + 1) : NULL, *to = copy;
	const char *p = text, *end;

	if (!copy)
		return NULL;
	end = text + length;
	while (p < end) {
		const char *from = p;
		uint32_t instead = stand_in(utf8_next(&p, end), printable);

		to = instead ? put_3(to, instead) :
			       mempcpy(to, from, (size_t)(p - from));
	}
	*to = '\0';
	return copy;
}
