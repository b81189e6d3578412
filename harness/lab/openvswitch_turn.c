// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * openvswitch_turn.c - proof that a switch has handled what it was given
 *
 * Theory of operation
 *
 * With the datapath in user space one thread of ovs-vswitchd does it all, round
 * and round: it reads the kernel's news about links, takes packets from its
 * ports and sends them on, and answers whoever has something to ask
 * (ovs-appctl(8)).  On a busy machine it may have to wait for its turn, and
 * then no deadline in wall time is safe.  But an answer shows that it went
 * round: what was in its ports' queues when the question was put has been
 * taken out by the end of the next round.  Each question is put over a
 * connection of its own, since of one it may answer several in a round.
 *
 * Packets like those before go the way of those before, by entries that other
 * threads of it look after.  After a change of the rules these entries are old
 * for a moment: `revalidator/purge` is answered when there are none, so that the
 * next packet is decided by the rules.  (`revalidator/wait` would leave those that
 * are still right, but takes half a second.)
 *
 * The question is JSON-RPC.  What the answer is does not matter, so nobody
 * reads it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/openvswitch_turn.h"
#include "scenario/script_openvswitch.h"

enum { PATIENCE_MS = 10000 };

pid_t openvswitch_pid(const struct lc_node *node)
{
	lc_auto(lc_close) int file = -1;
	char path[300], number[16] = "";

	if (!openvswitch_wanted(node->plan))
		return 0;
	snprintf(path, sizeof(path), OPENVSWITCH_RUN "/%s/ovs-vswitchd.pid",
		 node->plan->name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || read(file, number, sizeof(number) - 1) <= 0)
		return 0;
	return (pid_t)atoi(number);
}

/* As ovs-appctl finds it: the name holds the process's number.
 * Return: false: it does not run */
static bool control_socket(const struct lc_node *node,
			   struct sockaddr_un *address)
{
	pid_t pid = openvswitch_pid(node);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	return pid > 0 &&
	       snprintf(address->sun_path, sizeof(address->sun_path),
			OPENVSWITCH_RUN "/%s/ovs-vswitchd.%d.ctl",
			node->plan->name, (int)pid) <
		       (int)sizeof(address->sun_path);
}

/* Return: whether it runs, and has been asked */
static bool put(int fd, const struct sockaddr_un *address, const char *method)
{
	lc_auto(lc_free) char *question = NULL;
	int length = asprintf(&question,
			      "{\"id\":0,\"method\":\"%s\",\"params\":[]}",
			      method);

	if (length < 0) {
		question = NULL;
		return false;
	}
	return !connect(fd, (const void *)address, sizeof(*address)) &&
	       send(fd, question, (size_t)length, MSG_NOSIGNAL) == length;
}

static int ask(struct lc_node *node, const char *method, struct lc_err *err)
{
	lc_auto(lc_close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC,
					  0);
	struct pollfd answer = { .fd = fd, .events = POLLIN };
	struct sockaddr_un address;
	int n;

	if (fd < 0)
		return lc_err_set(err, -errno, "socket: %s", strerror(errno));
	if (!control_socket(node, &address) || !put(fd, &address, method))
		return 0;
	do
		n = poll(&answer, 1, PATIENCE_MS);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return lc_err_set(err, -ETIME,
				  "ovs-vswitchd of %s has not answered for "
				  "%d s", lc_node_name(node),
				  PATIENCE_MS / 1000);
	return 0;
}

int openvswitch_turn(struct lc_lab *lab, size_t times, struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++) {
		struct lc_node *node = &lab->nodes[i];

		if (!openvswitch_wanted(node->plan))
			continue;
		for (size_t k = 0; k < times && !r; k++)
			r = ask(node, "version", err);
	}
	return r;
}

int openvswitch_settle(struct lc_node *node, struct lc_err *err)
{
	int r;

	if (!openvswitch_wanted(node->plan))
		return 0;
	r = ask(node, "version", err);
	if (!r)
		r = ask(node, "version", err);
	return r ? r : ask(node, "revalidator/purge", err);
}
