// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * closing.c - packet sockets, closed in the time that one takes
 *
 * The last close of a packet socket waits for an RCU grace period, some 12 ms,
 * and so would each of ten taps after the other.  Grace periods overlap if
 * different processes wait for them: so each tap is closed by a child of its
 * own, which shares our descriptors, so that nobody has the tap afterwards.
 */
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/clone.h"
#include "probe/wire/closing.h"

/* In a child: close one, and nothing else */
static __attribute__((noreturn)) void close_one(int fd)
{
	close(fd);
	_exit(0);
}

void packet_sockets_close(int *fds, size_t count)
{
	lc_auto(lc_free) int *pidfds = calloc(count + 1, sizeof(int));

	for (size_t i = 0; i < count; i++) {
		pid_t pid = -1;

		if (fds[i] < 0)
			continue;
		if (pidfds && count > 1)
			pid = clone_child(CLONE_FILES, 0, &pidfds[i]);
		if (pid == 0)
			close_one(fds[i]);
		if (pid < 0)
			close(fds[i]);
		fds[i] = pid < 0 ? -1 : -2;
	}
	for (size_t i = 0; i < count; i++) {
		if (fds[i] == -2) {
			clone_wait(pidfds[i], NULL);
			close(pidfds[i]);
		}
		fds[i] = -1;
	}
}
