// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lookup.c - what `name:u5` means to the node that sends
 *
 * Whatever a program there would find: getaddrinfo(3), with the node's own
 * files, over its own network.  It blocks for as long as it likes, so a child
 * calls it, inside the node's namespaces; all names of a batch are looked up
 * side by side, before the first probe leaves.
 *
 * A name server that says nothing costs a program ten seconds.  The child is
 * told to wait for one, and asks once.  That is enough if whoever might have
 * answered had its turn: the lab's own name server is asked all the while
 * whether it has done its work, and when one of these questions was slow, or
 * something is still out, the name is looked up again, with all the patience
 * that programs have.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "daemon/daemon.h"
#include "lab/clone.h"
#include "lab/lab.h"
#include "lab/mntns.h"
#include "lab/netns.h"
#include "lab/process.h"
#include "lab/sockaddr.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/probe.h"
#include "probe/lookup.h"
#include "probe/silence/patience.h"

#define MS 1000000ull

enum { WATCH_MS = 50, CHILDREN_MAX = 64 };

/* From the last name server that a program asks to the last word */
static const uint64_t limit_ns = 90000 * MS;

/* So slow nobody is who has a processor; a quarter of a lookup's patience */
static const uint64_t slow_ns = 250 * MS;

/** struct lookup_result - What a child says; @code as of getaddrinfo(3) */
struct lookup_result {
	int code, error;
	struct lc_ip ip;
};

/**
 * struct lookup - A name that a node looks up
 * @result:	Once @failure is 0 and @pidfd is -1
 * @failure:	-errno: it could not be looked up; @err
 * @patient:	With the patience of programs
 */
struct lookup {
	struct lc_node *node;
	const char *name;
	int family;
	int pidfd, pipe;
	uint64_t began_ns;
	bool patient, done;
	int failure;
	struct lc_err err;
	struct lookup_result result;
	struct lookup *next;
};

/* IPv4 where there is both, as for nodes that are named without `name:` */
static bool choose(const struct addrinfo *list, int family,
		   struct lc_ip *ret_ip)
{
	for (; list; list = list->ai_next) {
		uint16_t port;

		if (list->ai_family != family)
			continue;
		sockaddr_read((void *)list->ai_addr, ret_ip, &port);
		return true;
	}
	return false;
}

static void resolve(const struct lookup *l, struct lookup_result *ret)
{
	const struct addrinfo hints = { .ai_family = l->family,
					.ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;

	ret->code = getaddrinfo(l->name, NULL, &hints, &list);
	ret->error = errno;
	if (!ret->code && !choose(list, AF_INET, &ret->ip) &&
	    !choose(list, AF_INET6, &ret->ip))
		ret->code = EAI_NONAME;
}

static _Noreturn void child_main(const struct lookup *l, const char *options,
				 int pipe)
{
	struct lookup_result result = { .code = EAI_SYSTEM };

	process_reset_signals();
	unsetenv("LOCALDOMAIN");
	unsetenv("HOSTALIASES");
	unsetenv("RES_OPTIONS");
	if (!l->patient)
		setenv("RES_OPTIONS", options, 1);
	result.error = -process_enter(l->node, "/");
	if (!result.error)
		resolve(l, &result);
	if (write(pipe, &result, sizeof(result)) != sizeof(result))
		_exit(1);
	_exit(0);
}

static void lookup_fail(struct lookup *l, int code, const char *why)
{
	l->done = true;
	l->failure = lc_err_set(&l->err, code, "look up %s on %s: %s", l->name,
				lc_node_name(l->node), why);
}

static void lookup_start(struct lc_batch *batch, struct lookup *l)
{
	uint64_t seconds = (patience_ns(batch) + 500 * MS) / (1000 * MS);
	char options[64];
	int pipe[2];
	pid_t pid;

	snprintf(options, sizeof(options), "attempts:1 timeout:%llu",
		 (unsigned long long)(seconds ?: 1));
	l->failure = node_open_mntns(l->node, &l->err);
	l->done = l->failure;
	if (l->done)
		return;
	if (pipe2(pipe, O_CLOEXEC)) {
		lookup_fail(l, -errno, strerror(errno));
		return;
	}
	l->began_ns = clock_ns();
	pid = clone_child(0, 0, &l->pidfd);
	if (pid == 0)
		child_main(l, options, pipe[1]);
	close(pipe[1]);
	l->pipe = pipe[0];
	if (pid < 0)
		lookup_fail(l, pid, strerror(-pid));
}

static void lookup_stop(struct lookup *l)
{
	if (l->pidfd >= 0) {
		pidfd_kill(l->pidfd, SIGKILL);
		clone_wait(l->pidfd, NULL);
	}
	lc_close(&l->pidfd);
	lc_close(&l->pipe);
}

static void lookup_finish(struct lookup *l)
{
	ssize_t n = read(l->pipe, &l->result, sizeof(l->result));

	l->done = true;
	lookup_stop(l);
	if (n != sizeof(l->result))
		lookup_fail(l, -EIO, "it ended without a word");
	else if (l->result.code == EAI_SYSTEM || l->result.code == EAI_MEMORY)
		lookup_fail(l, -EIO, l->result.code == EAI_SYSTEM ?
					     strerror(l->result.error) :
					     "out of memory");
}

/** struct watchman - Whether those who could answer have had their turn
 * @since_ns:	When the first of the lookups began
 * @slow:	Somebody was slow: us, or the lab's name server */
struct watchman {
	uint64_t since_ns;
	bool slow, busy;
};

static int watchman_look(struct lc_batch *batch, struct watchman *w,
			 struct lc_err *err)
{
	struct daemon_settled settled = { false, false };
	uint64_t before = clock_ns();
	int r = daemon_settle(batch->lab, w->since_ns, &settled, err);

	w->busy = settled.busy;
	if (clock_ns() - before > slow_ns)
		w->slow = true;
	return r;
}

/* Wait for one of them, WATCH_MS at most */
static void listen_to(struct lc_batch *batch, struct watchman *w)
{
	struct pollfd polls[CHILDREN_MAX];
	struct lookup *of[CHILDREN_MAX];
	uint64_t before = clock_ns();
	nfds_t count = 0;

	for (struct lookup *l = batch->lookups; l; l = l->next) {
		if (l->done || l->pidfd < 0 || count == CHILDREN_MAX)
			continue;
		of[count] = l;
		polls[count++] = (struct pollfd){ .fd = l->pipe,
						  .events = POLLIN };
	}
	poll(polls, count, WATCH_MS);
	if (clock_ns() - before > WATCH_MS * MS + slow_ns)
		w->slow = true;
	for (nfds_t i = 0; i < count; i++) {
		if (polls[i].revents)
			lookup_finish(of[i]);
		else if (clock_ns() - of[i]->began_ns > limit_ns) {
			lookup_stop(of[i]);
			lookup_fail(of[i], -ETIME, "it takes too long");
		}
	}
}

static size_t start_some(struct lc_batch *batch)
{
	size_t running = 0;

	for (struct lookup *l = batch->lookups; l; l = l->next)
		running += !l->done && l->pidfd >= 0;
	for (struct lookup *l = batch->lookups; l && running < CHILDREN_MAX;
	     l = l->next)
		if (!l->done && l->pidfd < 0) {
			lookup_start(batch, l);
			running += !l->done;
		}
	return running;
}

/* Nobody answered, and somebody may have been about to */
static bool again(struct lc_batch *batch, const struct watchman *w)
{
	bool some = false;

	for (struct lookup *l = batch->lookups; l; l = l->next)
		if (l->done && !l->failure && !l->patient &&
		    l->result.code == EAI_AGAIN && (w->slow || w->busy)) {
			l->patient = true;
			l->done = false;
			some = true;
		}
	return some;
}

static struct lookup *lookup_of(struct lc_batch *batch, struct probe *p)
{
	struct lc_node *node = lc_lab_node(batch->lab, p->said.from, NULL);
	const char *name = p->said.to->node;
	struct lookup *l;

	if (!node)
		return NULL;
	node = netns_owner(node);
	for (l = batch->lookups; l; l = l->next)
		if (l->node == node && l->family == p->said.family &&
		    !strcmp(l->name, name))
			return l;
	l = calloc(1, sizeof(*l));
	if (!l)
		return NULL;
	*l = (struct lookup){ .node = node, .name = name,
			      .family = p->said.family, .pidfd = -1,
			      .pipe = -1, .next = batch->lookups };
	batch->lookups = l;
	return l;
}

int lookups_run(struct lc_batch *batch, struct lc_err *err)
{
	struct watchman w = { .since_ns = clock_ns() };
	int r = 0;

	for (size_t i = 0; i < batch->count; i++)
		if (batch->probes[i]->said.to->kind == LC_TARGET_NAME)
			batch->probes[i]->lookup =
				lookup_of(batch, batch->probes[i]);
	if (!batch->lookups)
		return 0;
	do {
		while (!r && start_some(batch)) {
			listen_to(batch, &w);
			r = watchman_look(batch, &w, err);
		}
	} while (!r && again(batch, &w));
	return r;
}

void lookups_free(struct lc_batch *batch)
{
	struct lookup *l, *next;

	for (l = batch->lookups; l; l = next) {
		next = l->next;
		lookup_stop(l);
		free(l);
	}
	batch->lookups = NULL;
}

bool lookup_found(struct lc_batch *batch, struct probe *p)
{
	const struct lookup *l = p->lookup;

	if (l)
		p->seen->refused = l->failure;
	if (!l || l->failure)
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s",
			     l ? l->err.text : "out of memory");
	else if (l->result.code)
		probe_settle(batch, p, LC_NO_NAME,
			     "%s looked %s up, and was told: %s",
			     lc_node_name(l->node), l->name,
			     gai_strerror(l->result.code));
	else
		p->seen->address = l->result.ip;
	return p->state != PROBE_SETTLED;
}
