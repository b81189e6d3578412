// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * error_limit.c - whether a node limits how many ICMP errors it sends
 *
 * labcheck's own nodes do not, unless a scenario, or one of its commands, gives
 * them the limit that a machine has.  The mask says of which types they are
 * limited (Documentation/networking/ip-sysctl.rst).
 */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/error_limit.h"
#include "lab/lab.h"

bool node_limits_errors(struct lc_node *node, int family)
{
	const char *path = family == AF_INET ?
				   "/proc/sys/net/ipv4/icmp_ratemask" :
				   "/proc/sys/net/ipv6/icmp/ratemask";
	lc_auto(lc_close) int fd = -1;
	char mask[2] = "";
	ssize_t n = -1;

	if (node_enter(node, NULL))
		return true;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = read(fd, mask, sizeof(mask));
	lab_leave(node->lab);
	return n < 0 || (strncmp(mask, "0\n", 2) && *mask != '\n');
}
