// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * command.c - runs a shell line in a node and waits for its end
 *
 * What counts is the end of the shell itself.  A daemon that it leaves behind
 * may keep the pipes open for ever: so when the shell is gone, what is in the
 * pipes by then is read, and that is all.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "lab/clone.h"
#include "lab/lab.h"
#include "lab/patience.h"
#include "lab/process.h"
#include "lab/ready.h"
#include "lab/sink.h"
#include "lab/tree.h"

enum { CAPTURE_MAX = 1 << 20, MEANWHILE_MS = 5 };

/** struct capture - What comes out of one pipe */
struct capture {
	int fd;			/* -1: it has ended */
	char *bytes;
	size_t length, size;
	bool cut;
};

struct captures {
	struct capture out, complaints;
};

static void captures_done(struct captures *c)
{
	lc_close(&c->out.fd);
	lc_close(&c->complaints.fd);
	free(c->out.bytes);
	free(c->complaints.bytes);
}

static int capture_keep(struct capture *c, const char *bytes, size_t length)
{
	size_t room = CAPTURE_MAX - c->length;

	if (length > room) {
		length = room;
		c->cut = true;
	}
	if (c->length + length + 1 > c->size) {
		size_t size = 2 * (c->length + length + 1);
		char *longer = realloc(c->bytes, size);

		if (!longer)
			return -ENOMEM;
		c->bytes = longer;
		c->size = size;
	}
	memcpy(c->bytes + c->length, bytes, length);
	c->length += length;
	c->bytes[c->length] = '\0';
	return 0;
}

/* Read once.  Return: how many bytes, 0 when there is nothing, or -errno */
static ssize_t capture_read(struct capture *c, size_t most)
{
	char bytes[16384];
	ssize_t n;
	int error;

	if (c->fd < 0)
		return 0;
	n = read(c->fd, bytes, most < sizeof(bytes) ? most : sizeof(bytes));
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0) {
		lc_close(&c->fd);
		return 0;
	}
	error = capture_keep(c, bytes, (size_t)n);
	return error ?: n;
}

/*
 * No more than what is there now, and a last read that tells whether the pipe
 * has ended: a daemon might write faster than we read.
 */
static int capture_drain(struct capture *c)
{
	int left = 0;

	if (c->fd >= 0 && ioctl(c->fd, FIONREAD, &left))
		return -errno;
	while (c->fd >= 0 && left >= 0) {
		ssize_t n = capture_read(c, left > 0 ? (size_t)left : 1);

		if (n <= 0)
			return (int)n;
		left -= (int)n;
	}
	return 0;
}

static int capture_open(struct capture *c, int *ret_write)
{
	int pipe[2];

	if (pipe2(pipe, O_CLOEXEC))
		return -errno;
	c->fd = pipe[0];
	*ret_write = pipe[1];
	if (fcntl(c->fd, F_SETFL, O_NONBLOCK))
		return -errno;
	/* So that there always is a text */
	return capture_keep(c, "", 0);
}

static int timeout_ms(uint64_t deadline_ns)
{
	uint64_t now = clock_ns(), ms;

	if (now >= deadline_ns)
		return 0;
	ms = (deadline_ns - now + 999999) / 1000000;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

/* How long to wait in one go */
static int patience_ms(const struct lc_lab *lab, uint64_t deadline_ns)
{
	int ms = timeout_ms(deadline_ns);

	return lab->meanwhile && ms > MEANWHILE_MS ? MEANWHILE_MS : ms;
}

/* Return: 1 when the command has ended, 0 when its time is up, or -errno */
static int watch(struct lc_lab *lab, int pidfd, struct captures *c,
		 uint64_t deadline_ns)
{
	while (clock_ns() < deadline_ns) {
		struct pollfd polls[] = {
			{ .fd = pidfd, .events = POLLIN },
			{ .fd = c->out.fd, .events = POLLIN },
			{ .fd = c->complaints.fd, .events = POLLIN },
		};
		int n = poll(polls, 3, patience_ms(lab, deadline_ns));
		ssize_t got = 0;

		if (lab->meanwhile)
			lab->meanwhile(lab);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n <= 0)
			continue;
		if (polls[0].revents)
			return 1;
		if (polls[1].revents)
			got = capture_read(&c->out, SIZE_MAX);
		if (got >= 0 && polls[2].revents)
			got = capture_read(&c->complaints, SIZE_MAX);
		if (got < 0)
			return (int)got;
	}
	return 0;
}

static int start(struct lc_node *node, const char *command,
		 struct captures *c, pid_t *ret_pid, int *ret_pidfd,
		 struct lc_err *err)
{
	lc_auto(lc_close) int out = -1;
	lc_auto(lc_close) int complaints = -1;
	int error;

	error = capture_open(&c->out, &out);
	if (!error)
		error = capture_open(&c->complaints, &complaints);
	if (error)
		return lc_err_set(err, error, "capture output: %s",
				  strerror(-error));
	return process_spawn(node, command, (int[]){ -1, out, complaints },
			     ret_pid, ret_pidfd, err);
}

/* Its last words; and if the pipes are somebody else's by now, a reader */
static int finish(struct captures *c)
{
	int error = capture_drain(&c->out);

	if (!error)
		error = capture_drain(&c->complaints);
	if (!error && (c->out.fd >= 0 || c->complaints.fd >= 0))
		error = sink_start((int[]){ c->out.fd, c->complaints.fd });
	return error;
}

static void hand_over(struct captures *c, struct lc_run_result *result)
{
	result->out = lc_steal(c->out.bytes);
	result->out_length = c->out.length;
	result->out_cut = c->out.cut;
	result->err = lc_steal(c->complaints.bytes);
	result->err_length = c->complaints.length;
	result->err_cut = c->complaints.cut;
}

void lc_run_result_done(struct lc_run_result *result)
{
	free(result->out);
	free(result->err);
	memset(result, 0, sizeof(*result));
}

int lc_node_run(struct lc_node *node, const char *command, uint64_t limit_ns,
		struct lc_run_result *ret_result, struct lc_err *err)
{
	lc_auto(captures_done) struct captures captures = {
		.out = { .fd = -1 },
		.complaints = { .fd = -1 },
	};
	lc_auto(lc_close) int pidfd = -1;
	struct lc_run_result result = { .status = -1 };
	uint64_t deadline_ns = clock_ns() + limit_ns;
	int watched, error;
	pid_t pid;

	if (deadline_ns < limit_ns)
		deadline_ns = UINT64_MAX;
	error = start(node, command, &captures, &pid, &pidfd, err);
	if (error)
		return error;
	watched = watch(node->lab, pidfd, &captures, deadline_ns);
	if (watched == 1)
		error = clone_wait(pidfd, &result.status);
	else
		error = tree_kill(pid, pidfd, &result.status, err);
	if (error && watched != 1)
		return error;
	result.timed_out = result.status < 0;
	if (watched < 0)
		error = watched;
	if (!error)
		error = finish(&captures);
	if (error)
		return lc_err_set(err, error, "run a command on %s: %s",
				  lc_node_name(node), strerror(-error));
	hand_over(&captures, &result);
	*ret_result = result;
	/* `ip link set ... up` returns before the link passes traffic */
	lab_settle(node->lab);
	lab_follow_shapers(node->lab);
	return 0;
}
