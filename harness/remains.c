// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * remains.c - bridges of labs that are over, until the kernel takes them down
 *
 * To delete a bridge the kernel holds the lock of all interfaces of the machine
 * for four ticks of its clock, 16 ms at 250 Hz, and waits (rcu_barrier() in
 * br_multicast_dev_del()).  A small lab needs a tenth of that from its first
 * process to its last, and can't be built meanwhile.  It is the same however a
 * bridge is deleted: by itself, with others, with its namespace.  Nor can one be
 * used again for another lab: it can't leave its namespace, and nothing makes
 * the counters of either begin anew.
 *
 * So it is put off.  While more labs are to come, namespaces with bridges are
 * kept when their lab is over.  One after the other they go while a lab has
 * nothing to tell, since then it mostly waits; and all that are left go with
 * this process, however it ends.  They wait as descriptors that are under way in
 * a socket, from the sandbox to its parent: the parent never opens them, no
 * other sandbox inherits them, and no list has to be kept.
 *
 * What goes with the process goes in one piece, and whoever wants to change an
 * interface of the machine waits for it.  Hence REMAINS_MOST, two seconds at
 * 250 Hz.  With more than that, the oldest goes when one comes.
 *
 * What is kept must be of no more use, nor in anybody's way: all interfaces are
 * set down, so that no neighbour takes room in the machine's one table.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/link_message.h"
#include "lab/message.h"
#include "lab/rtnl.h"
#include "remains.h"

enum { QUIET_MS = 25 };

/* Room for one descriptor */
union ancillary {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* Those that are kept count, and so do those that the kernel is busy with */
static size_t most(void)
{
	FILE *file = fopen("/proc/sys/user/max_net_namespaces", "re");
	size_t limit;

	if (!file)
		return REMAINS_MOST;
	if (fscanf(file, "%zu", &limit) != 1 || limit / 4 > REMAINS_MOST)
		limit = 4 * REMAINS_MOST;
	fclose(file);
	return limit / 4;
}

void remains_begin(struct remains *r, unsigned long labs)
{
	int pair[2];

	*r = (struct remains){ .in = -1, .out = -1 };
	if (labs < 2 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return;
	r->in = pair[0];
	r->out = pair[1];
	r->most = most();
}

void remains_done(struct remains *r)
{
	lc_close(&r->in);
	lc_close(&r->out);
}

/* A byte for each bridge, so that the length of what waits is their number */
void remains_put(int in, int netns, size_t bridges)
{
	static const char bytes[REMAINS_MOST];
	union ancillary ancillary = { .bytes = { 0 } };
	struct iovec data = {
		.iov_base = (void *)(uintptr_t)bytes,
		.iov_len = bridges < sizeof(bytes) ? bridges : sizeof(bytes),
	};
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &ancillary,
		.msg_controllen = sizeof(ancillary),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(netns));
	memcpy(CMSG_DATA(header), &netns, sizeof(netns));
	sendmsg(in, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

size_t remains_count(const struct remains *r)
{
	int bytes = 0;

	if (r->out < 0 || ioctl(r->out, FIONREAD, &bytes))
		return 0;
	return (size_t)bytes;
}

/* Nobody takes the descriptor out, so it is closed */
void remains_let_go(const struct remains *r)
{
	char bytes[REMAINS_MOST];

	recv(r->out, bytes, sizeof(bytes), MSG_DONTWAIT);
}

void remains_trim(const struct remains *r)
{
	while (remains_count(r) > r->most)
		remains_let_go(r);
}

int remains_poll(const struct remains *r, struct pollfd *polls, nfds_t count,
		 int timeout_ms, bool quiet)
{
	int ready;

	quiet = quiet && remains_count(r);
	if (quiet && (timeout_ms < 0 || timeout_ms > QUIET_MS))
		timeout_ms = QUIET_MS;
	ready = poll(polls, count, timeout_ms);
	if (!ready && quiet)
		remains_let_go(r);
	return ready;
}

static size_t bridge_count(const struct plan_node *node)
{
	size_t count = 0;

	for (size_t i = 0; i < node->interface_count; i++)
		count += node->interfaces[i].kind == KIND_BRIDGE;
	return count;
}

/* What it is joined to outlives it, and must not see it linger */
static bool adopts(const struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++)
		if (lab->nodes[i].plan->kind == NODE_ADOPTED)
			return true;
	return false;
}

static bool silence(struct lc_node *node)
{
	struct lc_err err = { "" };
	struct rtnl_msg m;
	struct rtnl *rtnl;

	if (node_rtnl(node, &rtnl, &err))
		return false;
	rtnl_build_links_down(&m);
	rtnl_add(rtnl, &m, node->plan->at, "links of %s down",
		 node->plan->name);
	return !rtnl_commit(rtnl, NULL, &err);
}

void remains_leave(struct lc_lab *lab, int in)
{
	if (in < 0 || adopts(lab))
		return;
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];
		size_t bridges = bridge_count(node->plan);

		if (bridges && node_stands(node) && silence(node))
			remains_put(in, node->netns, bridges);
	}
}
