// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * loop.c - the daemon's own process
 *
 * One event loop, in which nothing blocks: a proxy that waited for a container
 * would keep names from being answered, and labcheck from asking whether all
 * is quiet.
 *
 * Events are taken one at a time.  A handler may close sockets and free what
 * they belong to, and of a bundle of events the next might be about one of
 * them; the kernel forgets a closed socket's events by itself, and hands the
 * ready ones out in turn.
 *
 * It was forked, so it has all that its parent has open.  It keeps the
 * namespaces and nothing else: a copy of somebody's pipe would keep the reader
 * of that pipe waiting, and a netlink socket that two processes ask by turns
 * gives each the other's answers.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/close_range.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "daemon/control.h"
#include "daemon/loop.h"
#include "daemon/part.h"
#include "lab/lab.h"
#include "lab/netfilter.h"
#include "lab/rtnl.h"

#define MS 1000000ull

enum {
	FIRST_FD	= 3,
	/* More than this between two questions is a never-ending talk */
	SETTLE_EVENTS	= 10000,
	LEAKED		= 66,
};

#define ENTRY(name) &name##_part,
static const struct daemon_part *const parts[] = { DAEMON_PARTS(ENTRY) };
#undef ENTRY

enum { PARTS = sizeof(parts) / sizeof(*parts) };

/* Sanitizers' leak check, which an _exit() would leave out */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static bool part_needed(const struct daemon_part *part,
			const struct lc_lab *lab)
{
	for (const struct plan *plan = lab->plan; plan; plan = plan->next)
		if (part->needed(plan))
			return true;
	return false;
}

bool loop_needed(const struct lc_lab *lab)
{
	for (size_t i = 0; i < PARTS; i++)
		if (part_needed(parts[i], lab))
			return true;
	return false;
}

int daemon_watch(struct daemon_loop *loop, struct daemon_watch *w,
		 uint32_t events, struct lc_err *err)
{
	struct epoll_event e = { .events = events, .data.ptr = w };

	/* A socket that is known is told to hang up even if nobody asked */
	if (!events) {
		epoll_ctl(loop->epoll, EPOLL_CTL_DEL, w->fd, NULL);
		return 0;
	}
	if (!epoll_ctl(loop->epoll, EPOLL_CTL_MOD, w->fd, &e) ||
	    (errno == ENOENT &&
	     !epoll_ctl(loop->epoll, EPOLL_CTL_ADD, w->fd, &e)))
		return 0;
	return lc_err_set(err, -errno, "epoll: %s", strerror(errno));
}

/* Not by closing alone: another descriptor may stand for the same socket */
void daemon_unwatch(struct daemon_loop *loop, struct daemon_watch *w)
{
	if (w->fd >= 0)
		epoll_ctl(loop->epoll, EPOLL_CTL_DEL, w->fd, NULL);
	lc_close(&w->fd);
}

static int ascending(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Close all but the namespaces, @control, and standard input and output */
static int keep_namespaces(const struct lc_lab *lab, int control)
{
	lc_auto(lc_free) int *keep = calloc(lab->node_count + 3, sizeof(*keep));
	size_t count = 0;

	if (!keep)
		return -ENOMEM;
	keep[count++] = FIRST_FD - 1;
	keep[count++] = control;
	keep[count++] = lab->home;
	for (size_t i = 0; i < lab->node_count; i++)
		if (lab->nodes[i].netns >= 0)
			keep[count++] = lab->nodes[i].netns;
	qsort(keep, count, sizeof(*keep), ascending);
	for (size_t i = 0; i < count; i++) {
		unsigned int first = (unsigned int)keep[i] + 1;
		unsigned int end = i + 1 < count ? (unsigned int)keep[i + 1] :
						   ~0U;

		if (first < end)
			close_range(first, end - 1, 0);
	}
	return 0;
}

/* What is left of the parent's work is none of ours */
static int become(struct lc_lab *lab, int control)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	prctl(PR_SET_NAME, "labcheck daemon");
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		netfilter_forget(node);
		rtnl_free(node->rtnl);
		node->rtnl = NULL;
		node->netfilter = NULL;
		node->probe = NULL;
		node->mntns = node->process = -1;
	}
	return keep_namespaces(lab, control);
}

static int open_parts(struct daemon_loop *loop, struct lc_at *at,
		      struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < PARTS && !r; i++)
		if (part_needed(parts[i], loop->lab))
			r = parts[i]->open(loop, at, err);
	return r;
}

static int start(struct daemon_loop *loop, struct lc_at *at,
		 struct lc_err *err)
{
	struct epoll_event e = { .events = EPOLLIN };
	int r = become(loop->lab, loop->control);

	if (r)
		return lc_err_set(err, r, "out of memory");
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0 ||
	    epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->control, &e))
		return lc_err_set(err, -errno, "epoll: %s", strerror(errno));
	return open_parts(loop, at, err);
}

static uint64_t next_wake_ns(const struct daemon_loop *loop)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < PARTS; i++) {
		uint64_t ns = parts[i]->wake_ns ? parts[i]->wake_ns(loop) :
						  UINT64_MAX;

		if (ns < next)
			next = ns;
	}
	return next;
}

static int wait_ms(const struct daemon_loop *loop)
{
	uint64_t next = next_wake_ns(loop), now = clock_ns();

	if (next == UINT64_MAX)
		return -1;
	if (next <= now)
		return 0;
	return next - now > 60000 * MS ? 60000 : (int)((next - now) / MS) + 1;
}

static void expire(struct daemon_loop *loop)
{
	uint64_t now = clock_ns();

	if (next_wake_ns(loop) > now)
		return;
	for (size_t i = 0; i < PARTS; i++)
		if (parts[i]->expire)
			parts[i]->expire(loop, now);
}

enum turn { TURN_NOTHING, TURN_PART, TURN_CONTROL };

/* Handle one event, if there is one in time; a request is left to the caller */
static enum turn turn(struct daemon_loop *loop, int most_ms)
{
	struct daemon_watch *w;
	struct epoll_event e;

	if (epoll_wait(loop->epoll, &e, 1, most_ms) != 1)
		return TURN_NOTHING;
	w = e.data.ptr;
	if (!w)
		return TURN_CONTROL;
	loop->moved = true;
	w->part->ready(loop, w, e.events);
	return TURN_PART;
}

static struct daemon_settled settle(struct daemon_loop *loop,
				    uint64_t since_ns)
{
	struct daemon_settled settled;
	int left = SETTLE_EVENTS;

	while (left && turn(loop, 0) == TURN_PART)
		left--;
	settled.moved = loop->moved;
	settled.busy = left == 0;
	loop->moved = false;
	for (size_t i = 0; i < PARTS && !settled.busy; i++)
		settled.busy = parts[i]->busy(loop, since_ns);
	return settled;
}

static int advance(struct daemon_loop *loop, struct lc_err *err)
{
	struct lc_lab *lab = loop->lab;
	const struct plan *before = lab->plan;
	int r = 0;

	if (!before->next)
		return lc_err_set(err, -EINVAL, "no lab follows this one");
	lab->plan = before->next;
	for (size_t i = 0; i < lab->node_count; i++)
		lab->nodes[i].plan = &lab->plan->nodes[i];
	for (size_t i = 0; i < PARTS && !r; i++)
		if (part_needed(parts[i], &(struct lc_lab){ .plan = before }))
			r = parts[i]->advance(loop, before, err);
	return r;
}

static int pin(int cpu, struct lc_err *err)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		return lc_err_set(err, -errno, "processor %d: %s", cpu,
				  strerror(errno));
	return 0;
}

/* @netns: what came along, or -1 */
static void renew_node(struct daemon_loop *loop, uint32_t index, int netns)
{
	struct lc_node *node = &loop->lab->nodes[index];

	rtnl_free(node->rtnl);
	node->rtnl = NULL;
	netfilter_forget(node);
	lc_close(&node->netns);
	node->netns = netns;
}

static int hear(int control, struct control_request *request, int *ret_fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} space = { 0 };
	struct iovec io = { request, sizeof(*request) };
	struct msghdr msg = {
		.msg_iov = &io, .msg_iovlen = 1,
		.msg_control = &space, .msg_controllen = sizeof(space),
	};
	struct cmsghdr *c;

	*ret_fd = -1;
	if (recvmsg(control, &msg, MSG_CMSG_CLOEXEC) != sizeof(*request))
		return -EPIPE;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(c), sizeof(*ret_fd));
	return 0;
}

static int reply_to(struct daemon_loop *loop, struct control_reply *reply)
{
	ssize_t n = send(loop->control, reply, sizeof(*reply), MSG_NOSIGNAL);

	return n == sizeof(*reply) ? 0 : -EPIPE;
}

static int obey(struct daemon_loop *loop)
{
	struct control_reply reply = { 0 };
	struct control_request request;
	int fd;

	if (hear(loop->control, &request, &fd))
		return -EPIPE;
	switch (request.kind) {
	case CONTROL_NODE:
		renew_node(loop, request.node, fd);
		return 0;
	case CONTROL_ADVANCE:
		reply.code = advance(loop, &reply.err);
		break;
	case CONTROL_PIN:
		reply.code = pin(request.cpu, &reply.err);
		break;
	case CONTROL_SETTLE:
		reply.settled = settle(loop, request.since_ns);
		break;
	}
	return reply_to(loop, &reply);
}

static _Noreturn void end(struct daemon_loop *loop)
{
	int status = 0;

	for (size_t i = 0; i < PARTS; i++)
		parts[i]->close(loop);
	if (__lsan_do_recoverable_leak_check &&
	    __lsan_do_recoverable_leak_check())
		status = LEAKED;
	_exit(status);
}

_Noreturn void loop_live(struct lc_lab *lab, int control)
{
	struct daemon_loop loop = {
		.lab = lab, .epoll = -1, .control = control,
	};
	struct control_reply reply = { 0 };

	reply.code = start(&loop, &reply.at, &reply.err);
	if (reply_to(&loop, &reply) || reply.code)
		end(&loop);
	for (;;) {
		if (turn(&loop, wait_ms(&loop)) == TURN_CONTROL && obey(&loop))
			end(&loop);
		expire(&loop);
	}
}
