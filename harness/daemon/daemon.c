// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon.c - what a container engine keeps running beside its containers
 *
 * The daemon is forked when the lab stands, so it knows the plan and all that
 * follow it, and holds every namespace; of those that come later it is told.
 * A namespace is known by its inode: the daemon holds the one that it had, so
 * no other can have its number.
 *
 * It is a process in the sandbox, like any other there: a command of the lab
 * may kill or stop it.  Then whatever is asked of it next is an error with
 * words, and never a verdict.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "daemon/control.h"
#include "daemon/daemon.h"
#include "daemon/loop.h"
#include "lab/clone.h"
#include "lab/lab.h"

/* It answers at once; but the machine may be very busy */
enum { PATIENCE_MS = 30000, END_MS = 2000 };

/**
 * struct daemon - The daemon, seen from who started it
 * @netns:	Inode of each node's namespace as the daemon has it; 0: none
 * @ended:	It was found dead; @status: of its end
 */
struct daemon {
	int control, pidfd;
	ino_t *netns;
	bool ended;
	int status;
};

static void daemon_free(struct daemon **d)
{
	if (!*d)
		return;
	lc_close(&(*d)->control);
	lc_close(&(*d)->pidfd);
	free((*d)->netns);
	free(*d);
	*d = NULL;
}

static ino_t netns_of(const struct lc_node *node)
{
	struct stat s;

	return node->netns >= 0 && !fstat(node->netns, &s) ? s.st_ino : 0;
}

static int describe_end(struct daemon *d, struct lc_err *err)
{
	/* It can be waited for once */
	if (!d->ended)
		clone_wait(d->pidfd, &d->status);
	d->ended = true;
	if (d->status > 128)
		return lc_err_set(err, -ECHILD,
				  "the lab's container engine was ended by signal %d (%s)",
				  d->status - 128, strsignal(d->status - 128));
	return lc_err_set(err, -ECHILD,
			  "the lab's container engine has ended, with status %d",
			  d->status);
}

static int hear(struct daemon *d, struct control_reply *reply,
		struct lc_err *err)
{
	struct pollfd p = { .fd = d->control, .events = POLLIN };
	ssize_t n;
	int ready;

	do
		ready = poll(&p, 1, PATIENCE_MS);
	while (ready < 0 && errno == EINTR);
	if (ready == 0)
		return lc_err_set(err, -ETIME,
				  "the lab's container engine has not answered for %d s",
				  PATIENCE_MS / 1000);
	n = recv(d->control, reply, sizeof(*reply), 0);
	if (n != sizeof(*reply))
		return describe_end(d, err);
	if (reply->code && err)
		*err = reply->err;
	return reply->code;
}

/* @fd: to pass along, or -1 */
static int say(struct daemon *d, const struct control_request *request,
	       int fd, struct lc_err *err)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec io = { (void *)request, sizeof(*request) };
	struct msghdr msg = { .msg_iov = &io, .msg_iovlen = 1 };

	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	if (sendmsg(d->control, &msg, MSG_NOSIGNAL) == sizeof(*request))
		return 0;
	if (errno == EPIPE || errno == ECONNRESET)
		return describe_end(d, err);
	return lc_err_set(err, -errno, "the lab's container engine: %s",
			  strerror(errno));
}

static int ask(struct daemon *d, const struct control_request *request,
	       struct control_reply *reply, struct lc_err *err)
{
	int r = say(d, request, -1, err);

	return r ?: hear(d, reply, err);
}

static int fork_daemon(struct lc_lab *lab, struct daemon *d,
		       struct lc_err *err)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return lc_err_set(err, -errno, "socketpair: %s",
				  strerror(errno));
	pid = clone_child(0, 0, &d->pidfd);
	if (pid == 0)
		loop_live(lab, pair[1]);
	close(pair[1]);
	d->control = pair[0];
	if (pid < 0)
		return lc_err_set(err, pid, "start a process: %s",
				  strerror(-pid));
	return 0;
}

int daemon_start(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err)
{
	lc_auto(daemon_free) struct daemon *d = NULL;
	struct control_reply reply = { 0 };
	int r;

	*ret_at = (struct lc_at){ 0 };
	if (!loop_needed(lab))
		return 0;
	d = calloc(1, sizeof(*d));
	if (!d)
		return lc_err_set(err, -ENOMEM, "out of memory");
	d->control = d->pidfd = -1;
	d->netns = calloc(lab->node_count + 1, sizeof(*d->netns));
	if (!d->netns)
		return lc_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < lab->node_count; i++)
		d->netns[i] = netns_of(&lab->nodes[i]);
	r = fork_daemon(lab, d, err);
	if (!r)
		r = hear(d, &reply, err);
	*ret_at = reply.at;
	if (!r)
		lab->daemon = lc_steal(d);
	return r;
}

/* Which namespaces have come, gone, or become others */
static int tell_namespaces(struct lc_lab *lab, struct lc_err *err)
{
	struct daemon *d = lab->daemon;
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++) {
		struct control_request request = {
			.kind = CONTROL_NODE, .node = (uint32_t)i,
		};
		ino_t netns = netns_of(&lab->nodes[i]);

		if (netns == d->netns[i])
			continue;
		r = say(d, &request, lab->nodes[i].netns, err);
		d->netns[i] = netns;
	}
	return r;
}

int daemon_advance(struct lc_lab *lab, const struct plan *before,
		   struct lc_err *err)
{
	const struct control_request request = { .kind = CONTROL_ADVANCE };
	struct control_reply reply;
	int r;

	(void)before;
	if (!lab->daemon)
		return 0;
	r = tell_namespaces(lab, err);
	return r ?: ask(lab->daemon, &request, &reply, err);
}

int daemon_check(struct lc_lab *lab, struct lc_err *err)
{
	struct pollfd p = { .events = POLLIN };

	if (!lab->daemon)
		return 0;
	p.fd = lab->daemon->pidfd;
	return poll(&p, 1, 0) == 1 ? describe_end(lab->daemon, err) : 0;
}

int daemon_pin(struct lc_lab *lab, int cpu, struct lc_err *err)
{
	const struct control_request request = {
		.kind = CONTROL_PIN, .cpu = cpu,
	};
	struct control_reply reply;

	return lab->daemon ? ask(lab->daemon, &request, &reply, err) : 0;
}

int daemon_settle(struct lc_lab *lab, uint64_t since_ns,
		  struct daemon_settled *ret_settled, struct lc_err *err)
{
	const struct control_request request = {
		.kind = CONTROL_SETTLE, .since_ns = since_ns,
	};
	struct control_reply reply = { 0 };
	int r = 0;

	if (lab->daemon)
		r = ask(lab->daemon, &request, &reply, err);
	if (!r)
		*ret_settled = reply.settled;
	return r;
}

/* It ends by itself, so that a sanitizer can look at what it leaves */
void daemon_stop(struct lc_lab *lab)
{
	struct pollfd p = { .events = POLLIN };

	if (!lab->daemon)
		return;
	lc_close(&lab->daemon->control);
	p.fd = lab->daemon->pidfd;
	if (poll(&p, 1, END_MS) != 1)
		pidfd_kill(p.fd, SIGKILL);
	daemon_free(&lab->daemon);
}
