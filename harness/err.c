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
	int n;

	if (!err)
		return code;
	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text))
		return code;
	snprintf(text + n, sizeof(text) - n, ": %s", err->text);
	memcpy(err->text, text, sizeof(text));
	return code;
}
