// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aside.c - a network namespace apart from all nodes
 *
 * Where labcheck is at home a node may live, with rules, and an lo that is down or
 * whose packets are counted.  What is sent for our own sake is not for it to see.
 * Most labs send nothing of the kind: it is made when it is first entered.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/aside.h"

static int home = -1, aside = -1;

static int netns_open(void)
{
	return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
}

static int lo_up(void)
{
	lc_auto(lc_close) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	return fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) ? -errno : 0;
}

static int make(void)
{
	int r;

	lc_close(&home);
	home = netns_open();
	if (home < 0 || unshare(CLONE_NEWNET))
		return -errno;
	r = lo_up();
	if (!r) {
		aside = netns_open();
		r = aside < 0 ? -errno : 0;
	}
	if (r)
		aside_leave();
	return r;
}

int aside_enter(struct lc_err *err)
{
	int r = 0;

	if (aside < 0)
		r = make();
	else if (setns(aside, CLONE_NEWNET))
		r = -errno;
	if (r)
		return lc_err_set(err, r, "a network namespace aside: %s",
				  strerror(-r));
	return 0;
}

/* Nothing that is done elsewhere could be trusted */
void aside_leave(void)
{
	if (setns(home, CLONE_NEWNET))
		abort();
}
