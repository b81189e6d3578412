// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * err.c - the reason of a failure, in a fixed place
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <labcheck/err.h>

int lc_err_set(struct lc_err *err, int code, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return code;
}

int lc_err_prefix(struct lc_err *err, int code, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;
	size_t room;
	int n;

	if (!err)
		return code;
	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text))
		return code;
	/* What does not fit is cut off the old text, never off the new words */
	room = sizeof(text) - (size_t)n;
	if (room > 2) {
		memcpy(text + n, ": ", 2);
		memcpy(text + n + 2, err->text, room - 2);
	}
	text[sizeof(text) - 1] = '\0';
	memcpy(err->text, text, sizeof(text));
	return code;
}
