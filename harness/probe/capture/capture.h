/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture.h - what crosses an interface while a step runs
 */
#ifndef PROBE_CAPTURE_H
#define PROBE_CAPTURE_H

#include <stddef.h>

struct capture_said;
struct captures;
struct lc_err;
struct lc_lab;
struct lc_verdict;

/**
 * captures_open() - Begin to listen; every packet from here on counts
 * @said:	A step's `capture`, @count of them; must outlive the captures
 *
 * Return: 0; -errno with @err, to be handed to lc_verdict_refused(): an
 * interface that is not there, no libpcap, ...
 */
int captures_open(struct lc_lab *lab, const struct capture_said *said,
		  size_t count, struct captures **ret_captures,
		  struct lc_err *err);

/** captures_read() - Make room for more; to be called while something is
 * waited for.  NULL is fine */
void captures_read(struct captures *captures);

/**
 * captures_judge() - Stop listening, and hold the counts against what was said
 *
 * What can't be told for certain (a tap that lost packets, one that does not
 * see what is sent to prove that it sees) is an error.
 */
void captures_judge(struct captures *captures, struct lc_verdict *v);

void captures_free(struct captures *captures);

#endif
