// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * service.c - background commands of a node, waited for until they are ready
 *
 * Nothing tells when a program begins to listen, so the kernel is asked again
 * and again, with growing pauses: most are ready within a few milliseconds.
 * What the program says meanwhile is kept, for it is what a user needs to read
 * if it ends instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "lab/clone.h"
#include "lab/lab.h"
#include "lab/listeners.h"
#include "lab/process.h"
#include "lab/sink.h"

enum {
	WITHIN_NS = 5000000000,	/* when the scenario does not say */
	PAUSE_FIRST_MS = 1,
	PAUSE_MOST_MS = 32,
	WORDS_MAX = 400,
};

/** struct service - One that is being started */
struct service {
	struct lc_node *node;
	const struct plan_service *plan;
	pid_t pid;
	int pidfd, output, diag;
	char words[WORDS_MAX + 1];	/* its last ones */
	size_t length;
};

static void service_done(struct service *s)
{
	lc_close(&s->pidfd);
	lc_close(&s->output);
	lc_close(&s->diag);
}

/* Keep the last bytes; return: whether there were any */
static bool listen_to(struct service *s)
{
	char bytes[WORDS_MAX];
	ssize_t n = read(s->output, bytes, sizeof(bytes));
	size_t length = n > 0 ? (size_t)n : 0, keep = s->length;

	if (n == 0)
		lc_close(&s->output);
	if (keep + length > WORDS_MAX)
		keep = WORDS_MAX - length;
	memmove(s->words, s->words + s->length - keep, keep);
	memcpy(s->words + keep, bytes, length);
	s->length = keep + length;
	s->words[s->length] = '\0';
	return n > 0;
}

/* On one line, without what only a terminal would understand */
static const char *last_words(struct service *s)
{
	char *end = s->words + s->length;

	while (end > s->words && (unsigned char)end[-1] <= ' ')
		*--end = '\0';
	for (char *p = s->words; p < end; p++)
		if (*p == '\n')
			*p = '|';
		else if ((unsigned char)*p < ' ')
			*p = ' ';
	return *s->words ? s->words : "it said nothing";
}

static int is_ready(struct service *s, bool *ret_ready, struct lc_err *err)
{
	const struct plan_service *plan = s->plan;
	bool tcp = true, udp = true;
	int error = 0;

	if (plan->tcp)
		error = listeners_has(s->diag, IPPROTO_TCP, NULL, plan->tcp, &tcp,
				      err);
	if (!error && plan->udp)
		error = listeners_has(s->diag, IPPROTO_UDP, NULL, plan->udp, &udp,
				      err);
	*ret_ready = tcp && udp;
	return error;
}

static int ended(struct service *s, struct lc_err *err)
{
	int status = 0;

	clone_wait(s->pidfd, &status);
	while (s->output >= 0 && listen_to(s))
		;
	return lc_err_set(err, -ECHILD,
			  "it ended with status %d before it was ready: %s",
			  status, last_words(s));
}

static int too_late(struct service *s, uint64_t within_ns, struct lc_err *err)
{
	const struct plan_service *plan = s->plan;

	return lc_err_set(err, -ETIMEDOUT,
			  "nobody listens on %s port %u after %g s: %s",
			  plan->tcp ? "tcp" : "udp",
			  plan->tcp ? plan->tcp : plan->udp,
			  (double)within_ns / 1e9, last_words(s));
}

static int wait_until_ready(struct service *s, struct lc_err *err)
{
	uint64_t within_ns = s->plan->within_ns ?: WITHIN_NS;
	uint64_t deadline_ns = clock_ns() + within_ns;
	int pause_ms = PAUSE_FIRST_MS;
	bool ready;

	for (;;) {
		struct pollfd polls[] = {
			{ .fd = s->pidfd, .events = POLLIN },
			{ .fd = s->output, .events = POLLIN },
		};
		int error = is_ready(s, &ready, err);

		if (error || ready)
			return error;
		if (clock_ns() >= deadline_ns)
			return too_late(s, within_ns, err);
		if (poll(polls, 2, pause_ms) < 0 && errno != EINTR)
			return lc_err_set(err, -errno, "poll: %s",
					  strerror(errno));
		if (polls[1].revents)
			listen_to(s);
		if (polls[0].revents)
			return ended(s, err);
		if (pause_ms < PAUSE_MOST_MS && !polls[1].revents)
			pause_ms *= 2;
	}
}

static int start(struct service *s, struct lc_err *err)
{
	lc_auto(lc_close) int output = -1;
	int pipe[2];

	if (pipe2(pipe, O_CLOEXEC))
		return lc_err_set(err, -errno, "pipe: %s", strerror(errno));
	s->output = pipe[0];
	output = pipe[1];
	if (fcntl(s->output, F_SETFL, O_NONBLOCK))
		return lc_err_set(err, -errno, "pipe: %s", strerror(errno));
	return process_spawn(s->node, s->plan->command,
			     (int[]){ -1, output, output }, &s->pid, &s->pidfd,
			     err);
}

static int start_and_wait(struct service *s, struct lc_err *err)
{
	int error;

	if (s->plan->tcp || s->plan->udp) {
		s->diag = node_socket(s->node, AF_NETLINK, SOCK_DGRAM,
				      NETLINK_SOCK_DIAG, err);
		if (s->diag < 0)
			return lc_steal_fd(&s->diag);
	}
	error = start(s, err);
	if (!error && s->diag >= 0)
		error = wait_until_ready(s, err);
	if (!error && s->output >= 0) {
		error = sink_start((int[]){ s->output, -1 });
		if (error)
			lc_err_set(err, error, "start a process: %s",
				   strerror(-error));
	}
	return error;
}

int service_start(struct lc_node *node, const struct plan_service *plan,
		  struct lc_err *err)
{
	lc_auto(service_done) struct service service = {
		.node = node,
		.plan = plan,
		.pidfd = -1,
		.output = -1,
		.diag = -1,
	};
	int error = start_and_wait(&service, err);

	if (error)
		return lc_err_prefix(err, error, "service of %s `%.*s`",
				     lc_node_name(node),
				     (int)strcspn(plan->command, "\n"),
				     plan->command);
	return 0;
}
