// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * orphan.c - descriptors that the kernel closes on its own time
 *
 * The last close of a packet socket waits for an RCU grace period, some 12 ms,
 * and so does the exit of a process that has one: longer than most scenarios
 * take.  Nothing in the lab depends on it any more, and the namespaces that go
 * with it are taken down by the kernel after our end in any case.
 *
 * So they are left to the kernel's own garbage collector.  A Unix socket that was
 * sent to itself, and then closed, holds itself, and whatever was sent with it;
 * the kernel finds such (unix(7), SCM_RIGHTS) and frees them from a thread of its
 * own.  Before Linux 6.9 whoever closes the socket has to do it, one descriptor
 * after the other, and nothing is won.
 *
 * That thread too closes one after the other, for all the machine.  Labs that
 * follow each other would leave it more than it can do, and their namespaces
 * would pile up: so there is one lab's at a time, whichever labcheck it is of.  A
 * lock on the program's own file goes with the descriptors, and is free again when
 * the last of them is closed.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include <labcheck/auto.h>

#include "lab/orphan.h"

enum { ORPHANS_MAX = 8 };

static bool kernel_collects(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;

	return !uname(&name) &&
	       sscanf(name.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 6 || (major == 6 && minor >= 9));
}

/* Not to be waited for; -1: those before are still being closed */
static int take_turn(void)
{
	lc_auto(lc_close) int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB))
		return -1;
	return lc_steal_fd(&fd);
}

/* Send them, and @turn as the last, to where @self is read; nobody will */
static bool send_fds(int other, int self, int turn, const int *fds,
		     size_t count)
{
	const size_t size = (count + 2) * sizeof(int);
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(
		(ORPHANS_MAX + 2) * sizeof(int))] = { 0 };
	char byte = 0;
	struct iovec io = { &byte, sizeof(byte) };
	struct msghdr msg = {
		.msg_iov = &io, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = CMSG_SPACE(size),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	int all[ORPHANS_MAX + 2] = { self };

	memcpy(all + 1, fds, count * sizeof(int));
	all[count + 1] = turn;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), all, size);
	return sendmsg(other, &msg, MSG_NOSIGNAL) >= 0;
}

void orphan_fds(int *fds, size_t count)
{
	lc_auto(lc_close) int turn = -1;
	int pair[2];

	if (!count || count > ORPHANS_MAX || !kernel_collects())
		return;
	turn = take_turn();
	if (turn < 0 ||
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair))
		return;
	if (send_fds(pair[0], pair[1], turn, fds, count))
		for (size_t i = 0; i < count; i++)
			lc_close(&fds[i]);
	/* The kernel looks for such when a socket ends: the other has to go last */
	lc_close(&pair[1]);
	lc_close(&pair[0]);
}
