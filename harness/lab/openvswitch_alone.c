// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * openvswitch_alone.c - whether a switch decides by itself
 *
 * If it does, it is done with a packet when it has gone round
 * (openvswitch_turn.c), and what becomes of packets can be proved as it is for
 * the kernel's own bridges.  But it may be told to ask a controller, which is any
 * program, anywhere, and answers when it likes.  Controllers that it is to call
 * are in its database; those that call it are connected to NAME.mgmt.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/openvswitch_alone.h"
#include "lab/openvswitch_turn.h"
#include "scenario/script_openvswitch.h"

enum { PATIENCE_MS = 10000 };

/* RFC 7047, 4.1.3 and 5.2.2 */
static const char question[] =
	"{\"id\":0,\"method\":\"transact\",\"params\":[\"Open_vSwitch\","
	"{\"op\":\"select\",\"table\":\"Controller\",\"where\":[],"
	"\"columns\":[\"_uuid\"]}]}";
static const char nobody[] = "\"rows\":[]";

/* One answer, and it is short if there is none; else there is no harm in taking
 * it for more than it is */
static bool has_controller(const struct lc_node *node)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	lc_auto(lc_close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC,
					  0);
	struct pollfd answer = { .fd = fd, .events = POLLIN };
	char text[1024];
	ssize_t n;

	if (fd < 0 ||
	    snprintf(address.sun_path, sizeof(address.sun_path),
		     OPENVSWITCH_RUN "/%s/db.sock", node->plan->name) >=
		    (int)sizeof(address.sun_path) ||
	    connect(fd, (const void *)&address, sizeof(address)) ||
	    send(fd, question, strlen(question), MSG_NOSIGNAL) < 0 ||
	    poll(&answer, 1, PATIENCE_MS) != 1)
		return true;
	n = recv(fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return true;
	text[n] = '\0';
	return !strstr(text, nobody);
}

/* unix(7): state 3 is SS_CONNECTED */
static bool is_client(const char *line)
{
	unsigned int state;

	return sscanf(line, "%*s %*s %*s %*s %*s %x", &state) == 1 &&
	       state == 3 && strstr(line, OPENVSWITCH_RUN "/") &&
	       strstr(line, ".mgmt");
}

static bool has_client(struct lc_node *node)
{
	char *line = NULL;
	size_t size = 0;
	bool found = false;
	FILE *table;

	if (node_enter(node, NULL))
		return true;
	table = fopen("/proc/thread-self/net/unix", "re");
	while (table && !found && getline(&line, &size, table) > 0)
		found = is_client(line);
	lab_leave(node->lab);
	free(line);
	if (table)
		fclose(table);
	return found || !table;
}

bool openvswitch_is_alone(struct lc_node *node)
{
	return !openvswitch_pid(node) ||
	       (!has_controller(node) && !has_client(node));
}

int openvswitch_readers(const struct lc_node *node)
{
	int count = 0;

	if (!openvswitch_wanted(node->plan))
		return 0;
	for (size_t i = 0; i < node->plan->interface_count; i++)
		count += node->plan->interfaces[i].openvswitch != 0;
	/* And one to send through */
	return count + 1;
}

bool openvswitch_owns(const struct lc_node *node, const struct lc_link *link)
{
	const struct plan_interface *i =
		plan_interface_find(node->plan, link->name);

	if (i)
		return i->kind == KIND_OPENVSWITCH;
	return openvswitch_wanted(node->plan) &&
	       !strcmp(link->name, "ovs-netdev");
}

int openvswitch_pin(struct lc_lab *lab, int cpu, size_t *ret_ports,
		    struct lc_err *err)
{
	cpu_set_t one;
	size_t ports = 0;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	for (size_t i = 0; i < lab->node_count; i++) {
		const struct lc_node *node = &lab->nodes[i];
		pid_t pid = openvswitch_pid(node);

		if (!pid)
			continue;
		for (size_t k = 0; k < node->plan->interface_count; k++)
			ports += node->plan->interfaces[k].openvswitch ||
				 node->plan->interfaces[k].kind ==
					 KIND_OPENVSWITCH;
		if (sched_setaffinity(pid, sizeof(one), &one) &&
		    errno != ESRCH)
			return lc_err_set(err, -errno,
					  "keep ovs-vswitchd of %s on a "
					  "processor: %s", lc_node_name(node),
					  strerror(errno));
	}
	*ret_ports = ports;
	return 0;
}
