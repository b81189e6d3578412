// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * utf8.c - characters out of bytes (RFC 3629)
 */
#include <stddef.h>

#include "scenario/utf8.h"

/* How many bytes follow a first one; -1: it is none */
static int followers(unsigned char first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if ((first & 0xf0) == 0xe0)
		return 2;
	if (first >= 0xf0 && first <= 0xf4)
		return 3;
	return -1;
}

uint32_t utf8_next(const char **p, const char *end)
{
	static const uint32_t smallest[] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)*p;
	int n = followers(*s);
	uint32_t character;

	*p += 1;
	if (n <= 0)
		return n < 0 ? UTF8_BAD : *s;
	if (end - *p < n)
		return UTF8_BAD;
	character = *s & (0x3f >> n);
	for (int i = 1; i <= n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return UTF8_BAD;
		character = character << 6 | (s[i] & 0x3f);
	}
	if (character < smallest[n] || character > 0x10ffff ||
	    (character >= 0xd800 && character <= 0xdfff))
		return UTF8_BAD;
	*p += n;
	return character;
}

bool utf8_is_control(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

bool utf8_is_harmful(uint32_t character)
{
	return utf8_is_control(character) || character == UTF8_BAD ||
	       character == 0x200e || character == 0x200f ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069) ||
	       character == 0xfeff;
}
