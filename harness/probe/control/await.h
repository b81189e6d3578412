/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * await.h - waiting for what a control has sent
 */
#ifndef PROBE_CONTROL_AWAIT_H
#define PROBE_CONTROL_AWAIT_H

#include <stdbool.h>

struct lc_batch;

enum { CONTROL_TEXT = 128 };

/**
 * control_await() - Send something, and let it come
 * @came:	Whether it has
 * @send:	Called with @what, and again now and then while there is time
 *
 * Return: whether it came; as soon as it has, or as nothing is under way any more
 */
bool control_await(struct lc_batch *batch,
		   bool (*came)(const struct lc_batch *),
		   void (*send)(const void *), const void *what);

#endif
