// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tun.c - tap and tun interfaces, which rtnetlink can't make
 *
 * The local port of an Open vSwitch is a tap as well: ovs-vswitchd takes one that
 * is there already, and so it has the index and the address of the plan.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/if_tun.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab.h"
#include "tun.h"

static const char device[] = "/dev/net/tun";

/* What a machine may lack, rather than what a scenario got wrong */
static int cannot_open(const struct plan_interface *i, struct lc_err *err)
{
	const char *kind = interface_kind_words[i->kind];

	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		return lc_err_set(err, -EOPNOTSUPP,
				  "this machine has no `%s` interfaces: no %s "
				  "(CONFIG_TUN)", kind, device);
	if (errno == EACCES || errno == EPERM)
		return lc_err_set(err, -EOPNOTSUPP,
				  "no `%s` interfaces: %s can't be opened: %s",
				  kind, device, strerror(errno));
	return lc_err_set(err, -errno, "%s: %s", device, strerror(errno));
}

int tun_missing(const struct plan_interface *i, struct lc_err *err)
{
	lc_auto(lc_close) int fd = open(device, O_RDWR | O_CLOEXEC);

	return fd < 0 ? cannot_open(i, err) : 0;
}

int tun_create(struct lc_node *node, const struct plan_interface *i,
	       struct lc_err *err)
{
	struct ifreq request = {
		.ifr_flags = (i->kind == KIND_TUN ? IFF_TUN : IFF_TAP) |
			     IFF_NO_PI,
	};
	lc_auto(lc_close) int fd = -1;
	int r;

	r = node_enter(node, err);
	if (r)
		return r;
	/* It belongs to the namespace in which the device is opened */
	fd = open(device, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		r = cannot_open(i, err);
	lab_leave(node->lab);
	if (r)
		return r;

	memcpy(request.ifr_name, i->name, sizeof(request.ifr_name));
	if (ioctl(fd, TUNSETIFINDEX, &i->ifindex) ||
	    ioctl(fd, TUNSETIFF, &request) || ioctl(fd, TUNSETPERSIST, 1))
		return lc_err_set(err, -errno, "%s %s:%s: %s",
				  interface_kind_words[i->kind],
				  node->plan->name, i->name, strerror(errno));
	return 0;
}
