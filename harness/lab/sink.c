// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink.c - takes what daemons say when nobody listens any more
 *
 * `do: dnsmasq &` leaves a daemon behind that still has our pipe for its
 * messages.  If we closed it, the next message would end the daemon with
 * SIGPIPE; if we left it unread, the daemon would stand still once it is full.
 * So a process of its own reads on, until the last writer is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/clone.h"
#include "lab/process.h"
#include "lab/sink.h"

/* Return: whether there may be more */
static bool swallow(int fd)
{
	static char bytes[65536];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

static _Noreturn void drain(const int fds[2])
{
	struct pollfd polls[2];

	process_reset_signals();
	setsid();
	for (int i = 0; i < 2; i++) {
		int fd = fds[i] < 0 ? -1 : fcntl(fds[i], F_DUPFD, 5);

		polls[i] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
	for (int i = 0; i < 2; i++)
		if (polls[i].fd >= 0)
			polls[i].fd = dup2(polls[i].fd, i);
	close_range(2, ~0U, 0);
	while (polls[0].fd >= 0 || polls[1].fd >= 0) {
		if (poll(polls, 2, -1) < 0)
			continue;
		for (int i = 0; i < 2; i++)
			if (polls[i].revents && !swallow(polls[i].fd))
				polls[i].fd = -1;
	}
	_exit(0);
}

int sink_start(const int fds[2])
{
	lc_auto(lc_close) int pidfd = -1;
	pid_t pid = clone_child(0, SIGCHLD, &pidfd);

	if (pid == 0)
		drain(fds);
	return pid < 0 ? pid : 0;
}
