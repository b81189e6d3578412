/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * err.h - why something could not be done, in words a user can act on
 */
#ifndef LABCHECK_ERR_H
#define LABCHECK_ERR_H

/**
 * struct lc_err - The reason of a failure
 *
 * Of a fixed size, so that reporting a failure can not fail itself.  A reason
 * too long is cut, never refused.
 */
struct lc_err {
	char text[1024];
};

/**
 * lc_err_set() - Note why, and hand the code on
 * @err:	Where to note it; NULL when nobody wants to know
 * @code:	A negative errno
 * @format:	The reason, as for printf
 *
 * Return: @code, so that `return lc_err_set(err, -ENODEV, "...")` is one line.
 */
int lc_err_set(struct lc_err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * lc_err_prefix() - Put words in front of a reason noted further down
 *
 * "File exists" becomes "link red:veth-red: File exists".
 *
 * Return: @code
 */
int lc_err_prefix(struct lc_err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
