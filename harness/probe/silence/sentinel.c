// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sentinel.c - proof that this processor has handled what it was given
 *
 * A packet that is sent over a veth, a bridge, a tunnel or lo goes into the
 * receive queue of the sending processor, and is most often handled before
 * send returns.  On a busy machine a softirq may hand the rest to ksoftirqd,
 * which has to wait for its turn like any other process: then no deadline in
 * wall time is safe.
 *
 * That queue is a FIFO, one for the processor and all namespaces.  A datagram
 * that we send to ourselves over lo stands in it behind everything of ours;
 * when it comes back, what stood before it has made one hop.  As many of them
 * as the longest way there and back has hops prove that nothing of ours is
 * still under way.  It takes some 2 us each, and is true however slow the
 * machine is; we stay on one processor for it.
 *
 * What others may have is shown by being there for a while (processors.c).  A timer
 * or a program of the scenario may be on any of them: so we go to those, too, that we
 * were not started on (taskset), but not where nobody is to be who was not sent there
 * (isolcpus), nor where we may not (cpusets).
 *
 * They run aside (lab/aside.c), where no scenario has a firewall.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/aside.h"
#include "probe/silence/sentinel.h"

enum { PATIENCE_MS = 10000 };

struct sentinel_affinity {
	cpu_set_t set;
};

static int be_on(int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return sched_setaffinity(0, sizeof(one), &one) ? -errno : 0;
}

struct sentinel_affinity *sentinel_pin(void)
{
	struct sentinel_affinity *before = malloc(sizeof(*before));
	int cpu = sched_getcpu();

	if (!before || cpu < 0 ||
	    sched_getaffinity(0, sizeof(before->set), &before->set)) {
		free(before);
		return NULL;
	}
	if (!be_on(cpu))
		return before;
	free(before);
	return NULL;
}

void sentinel_unpin(struct sentinel_affinity *before)
{
	if (before)
		sched_setaffinity(0, sizeof(before->set), &before->set);
	free(before);
}

/* A socket that is connected to itself */
static int self_socket(void)
{
	struct sockaddr_in self = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(self);
	lc_auto(lc_close) int fd = socket(AF_INET,
					 SOCK_DGRAM | SOCK_CLOEXEC |
						 SOCK_NONBLOCK,
					 0);

	if (fd < 0 || bind(fd, (void *)&self, sizeof(self)) ||
	    getsockname(fd, (void *)&self, &size) ||
	    connect(fd, (void *)&self, sizeof(self)))
		return -errno;
	return lc_steal_fd(&fd);
}

static int sentinel_socket(struct lc_err *err)
{
	int fd = aside_enter(err);

	if (fd)
		return fd;
	fd = self_socket();
	aside_leave();
	if (fd < 0)
		return lc_err_set(err, fd, "sentinel: %s", strerror(-fd));
	return fd;
}

int sentinel_pass(size_t count, struct lc_err *err)
{
	lc_auto(lc_close) int fd = sentinel_socket(err);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte = 0;

	if (fd < 0)
		return fd;
	for (size_t i = 0; i < count; i++) {
		if (send(fd, &byte, 1, 0) != 1)
			return lc_err_set(err, -errno, "sentinel: %s",
					  strerror(errno));
		while (recv(fd, &byte, 1, MSG_DONTWAIT) != 1)
			if (poll(&p, 1, PATIENCE_MS) == 0)
				return lc_err_set(err, -ETIME,
						  "this machine is too busy: a datagram over lo took more than %d s",
						  PATIENCE_MS / 1000);
	}
	return 0;
}

/* Those that no timer or thread of the kernel's goes to by itself: 2-3,7 */
static void remove_isolated(cpu_set_t *set)
{
	lc_auto(lc_close) int fd = open("/sys/devices/system/cpu/isolated",
					O_RDONLY | O_CLOEXEC);
	char text[4096], *list = text, *end;
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	for (; *list >= '0' && *list <= '9'; list = end + (*end == ',')) {
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (; first <= last && first < CPU_SETSIZE; first++)
			CPU_CLR(first, set);
	}
}

/* Our own and all others that we can get to; found out once, since it moves us */
static const cpu_set_t *all_processors(const cpu_set_t *own)
{
	static cpu_set_t all;
	static bool known;
	cpu_set_t wish;

	if (known)
		return &all;
	memset(&wish, 0xff, sizeof(wish));
	CPU_ZERO(&all);
	if (!sched_setaffinity(0, sizeof(wish), &wish) &&
	    !sched_getaffinity(0, sizeof(all), &all))
		remove_isolated(&all);
	CPU_OR(&all, &all, own);
	known = true;
	return &all;
}

int sentinel_pass_elsewhere(const struct sentinel_affinity *before,
			    size_t count, struct lc_err *err)
{
	const int home = sched_getcpu();
	const cpu_set_t *all = all_processors(&before->set);
	int r = 0;

	for (int cpu = 0; cpu < CPU_SETSIZE && !r; cpu++)
		if (cpu != home && CPU_ISSET(cpu, all) && !be_on(cpu))
			r = sentinel_pass(count, err);
	return be_on(home) && !r ?
		       lc_err_set(err, -EINVAL,
				  "labcheck may not use processor %d any more",
				  home) :
		       r;
}
