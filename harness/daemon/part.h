/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * part.h - what the daemon is made of
 *
 * A part is one thing that the daemon does.  It is called from the daemon's
 * event loop alone, in the daemon's own process, and must never block: what it
 * waits for it watches.  It may open sockets in nodes (node_socket()) and add
 * rules there, but it has descriptors of its own for all that, and shares
 * nothing with who started it.
 *
 * To add one: a file with its table, and a word in DAEMON_PARTS.
 */
#ifndef DAEMON_PART_H
#define DAEMON_PART_H

#include <stdbool.h>
#include <stdint.h>

struct daemon_part;
struct lc_at;
struct lc_err;
struct lc_lab;
struct plan;
struct proxy;
struct resolver;

/* clang-format off */
#define DAEMON_PARTS(X)	X(proxy) X(resolver)
/* clang-format on */

/**
 * struct daemon_loop - The daemon, seen by its parts
 * @lab:	Its own copy of the lab: namespaces, and lab->plan as it is now
 * @proxy, @resolver: Each part's own
 */
struct daemon_loop {
	struct lc_lab *lab;
	int epoll, control;
	bool moved;			/* since it was asked last */
	struct proxy *proxy;
	struct resolver *resolver;
};

/**
 * struct daemon_watch - A socket in the event loop
 *
 * It is embedded in what the socket belongs to, which a part may free whenever
 * it likes: no event of a socket that has been unwatched is ever delivered.
 */
struct daemon_watch {
	const struct daemon_part *part;
	int kind;			/* what it is embedded in: part's own */
	int fd;
};

/**
 * struct daemon_part - One thing that the daemon does
 * @needed:	Whether a plan needs it
 * @open:	Begin, for lab->plan; called once, where any plan of the chain
 *		needs it.  All listens when it returns.  -errno with @err, and
 *		the place in the file in @at
 * @advance:	The lab went on from @before to lab->plan
 * @ready:	A socket can be read or written (@events as of epoll(7)); it is
 *		called again for what is left unread
 * @busy:	Whether something that was passed on since then is unanswered
 * @wake_ns:	When to call @expire; UINT64_MAX: not at all.  NULL: never
 * @close:	Close and free everything
 */
struct daemon_part {
	bool (*needed)(const struct plan *plan);
	int (*open)(struct daemon_loop *loop, struct lc_at *at,
		    struct lc_err *err);
	int (*advance)(struct daemon_loop *loop, const struct plan *before,
		       struct lc_err *err);
	void (*ready)(struct daemon_loop *loop, struct daemon_watch *watch,
		      uint32_t events);
	bool (*busy)(const struct daemon_loop *loop, uint64_t since_ns);
	uint64_t (*wake_ns)(const struct daemon_loop *loop);
	void (*expire)(struct daemon_loop *loop, uint64_t now_ns);
	void (*close)(struct daemon_loop *loop);
};

#define DECLARE_PART(name) extern const struct daemon_part name##_part;
DAEMON_PARTS(DECLARE_PART)
#undef DECLARE_PART

/**
 * daemon_watch() - Have @ready called when a socket has these events
 *
 * Again with other events: that replaces them; 0 is none.
 */
int daemon_watch(struct daemon_loop *loop, struct daemon_watch *watch,
		 uint32_t events, struct lc_err *err);

/** daemon_unwatch() - Close a socket; fd is -1 then; fine if it is -1 */
void daemon_unwatch(struct daemon_loop *loop, struct daemon_watch *watch);

#endif
