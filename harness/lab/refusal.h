/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refusal.h - why this machine does not let us have namespaces
 */
#ifndef LAB_REFUSAL_H
#define LAB_REFUSAL_H

#include <stdbool.h>

struct lc_err;

/**
 * struct refusal - What was refused, and to whom
 * @what:	The words for it: "mount /proc"
 * @code:	-errno
 * @root:	labcheck was started by root
 * @privileged:	and without a user namespace of its own
 */
struct refusal {
	const char *what;
	int code;
	bool root, privileged;
};

/**
 * refusal_explain() - Name the setting that forbids it, and the ways out
 *
 * Return: @refusal->code
 */
int refusal_explain(const struct refusal *refusal, struct lc_err *err);

#endif
