// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probe_socket.c - a probe's own socket, as programs have one
 *
 * Of TCP, datagrams and questions to name servers; echoes share one (echo.c).
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/sockaddr.h"
#include "probe/batch/probe.h"
#include "probe/protocol/probe_socket.h"

int probe_socket(struct lc_batch *batch, struct probe *p, int type,
		 void (*ready)(struct lc_batch *, struct watch *,
			       unsigned int))
{
	int family = p->seen->address.family, one = 1;
	struct sockaddr_storage sa;
	struct lc_err err;
	socklen_t size;
	int fd = node_socket(p->from, family, type, 0, &err);

	if (fd < 0) {
		probe_settle(batch, p, LC_OUTCOME_ERROR, "%s", err.text);
		return fd;
	}
	if (family == AF_INET)
		setsockopt(fd, SOL_IP, IP_RECVERR, &one, sizeof(one));
	else
		setsockopt(fd, SOL_IPV6, IPV6_RECVERR, &one, sizeof(one));
	p->watch = (struct watch){
		.ready = ready, .fd = fd, .family = family, .node = p->from,
		.probe = p,
	};
	if (!p->said.source)
		return 0;
	size = sockaddr_fill(&sa, &p->said.source->ip, 0, p->scope);
	if (!bind(fd, (void *)&sa, size))
		return 0;
	probe_settle(batch, p, LC_OUTCOME_ERROR,
		     "%s can't send from %s: %s", lc_node_name(p->from),
		     p->said.source->text, strerror(errno));
	return -EINVAL;
}

void probe_note_port(struct probe *p)
{
	struct sockaddr_storage sa;
	socklen_t size = sizeof(sa);
	struct lc_ip ip;

	if (!getsockname(p->watch.fd, (void *)&sa, &size))
		sockaddr_read(&sa, &ip, &p->local_port);
}
