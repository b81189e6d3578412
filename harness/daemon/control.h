/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - what is said between the daemon and who started it
 *
 * One datagram each way over a pair of sockets; a request without an answer is
 * CONTROL_NODE alone.  Both are one program and one memory image, so structs
 * are sent as they are.
 */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include <labcheck/err.h>
#include <labcheck/value.h>

#include "daemon/daemon.h"

enum control_kind {
	CONTROL_NODE,		/* this node's namespace is another one */
	CONTROL_ADVANCE,	/* the lab is what plan->next says */
	CONTROL_PIN,
	CONTROL_SETTLE,
};

/**
 * struct control_request - To the daemon
 * @node:	CONTROL_NODE: its index; the namespace comes along as a
 *		descriptor (SCM_RIGHTS), none: it has none any more
 */
struct control_request {
	enum control_kind kind;
	uint32_t node;
	int cpu;
	uint64_t since_ns;
};

/**
 * struct control_reply - From the daemon; the first one when it has started
 * @code:	0, or -errno and @err
 */
struct control_reply {
	int code;
	struct daemon_settled settled;
	struct lc_at at;
	struct lc_err err;
};

#endif
