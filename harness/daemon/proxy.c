// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * proxy.c - programs that listen at published ports, as Docker's do
 */
#include "daemon/part.h"

static bool needed(const struct plan *plan)
{
	(void)plan;
	return false;
}

static int proxy_open(struct daemon_loop *loop, struct lc_at *at,
		      struct lc_err *err)
{
	(void)loop;
	(void)at;
	(void)err;
	return 0;
}

static int proxy_advance(struct daemon_loop *loop, const struct plan *before,
			 struct lc_err *err)
{
	(void)loop;
	(void)before;
	(void)err;
	return 0;
}

static void ready(struct daemon_loop *loop, struct daemon_watch *watch,
		  uint32_t events)
{
	(void)loop;
	(void)watch;
	(void)events;
}

static bool busy(const struct daemon_loop *loop, uint64_t since_ns)
{
	(void)loop;
	(void)since_ns;
	return false;
}

static void proxy_close(struct daemon_loop *loop)
{
	(void)loop;
}

const struct daemon_part proxy_part = {
	.needed		= needed,
	.open		= proxy_open,
	.advance	= proxy_advance,
	.ready		= ready,
	.busy		= busy,
	.close		= proxy_close,
};
