// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * offload.c - work that a kernel leaves to its network devices
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/offload.h"

int offload_checksums_off(struct lc_node *node, const char *interface,
			  struct lc_err *err)
{
	struct ethtool_value value = { .cmd = ETHTOOL_STXCSUM, .data = 0 };
	struct ifreq request = { .ifr_data = (void *)&value };
	lc_auto(lc_close) int fd = node_socket(node, AF_INET, SOCK_DGRAM, 0,
					      err);

	if (fd < 0)
		return lc_steal_fd(&fd);
	strncpy(request.ifr_name, interface, sizeof(request.ifr_name) - 1);
	if (ioctl(fd, SIOCETHTOOL, &request))
		return lc_err_set(err, -errno,
				  "checksums of %s:%s: ethtool -K tx off: %s",
				  lc_node_name(node), interface,
				  strerror(errno));
	return 0;
}
