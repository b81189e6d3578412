// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace_test.c - of which packets a post-mortem has nf_tables tell
 *
 * In a user namespace of its own; where there are none, or no libnftables, nothing
 * is tested.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include <labcheck/err.h>

#include "lab/lab.h"
#include "lab/link_message.h"
#include "lab/message.h"
#include "lab/netns.h"
#include "lab/nft_command.h"
#include "lab/rtnl.h"
#include "postmortem/sieve.h"
#include "postmortem/trace.h"

enum {
	COOKIE = 0x6c62636b,
	CLOSED = 9,
	/* What the kernel has in the high byte of a datagram's checksum on lo,
	 * where nobody ever fills it in: the sum of both addresses and all else */
	PARTIAL_SUM = 0xfe,
};

static struct lc_lab lab;
static struct lc_node node;

static void count_message(void *count, struct lc_node *where,
			  const struct nlmsghdr *message)
{
	(void)where;
	(void)message;
	++*(size_t *)count;
}

/* How much is told of what @say sends to ourselves */
static size_t told(uint8_t echo, void (*say)(void))
{
	const struct sieve sieve = {
		.protocol = LC_ICMP, .cookie = COOKIE, .echo = echo,
	};
	struct trace *trace = trace_begin(&lab, &sieve);
	size_t count = 0;

	assert_non_null(trace);
	say();
	assert_true(trace_end(trace, count_message, &count));
	return count;
}

static int connected(int type, int protocol)
{
	const struct sockaddr_in self = {
		.sin_family = AF_INET,
		.sin_port = htons(type == SOCK_RAW ? 0 : CLOSED),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, protocol);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const void *)&self, sizeof(self)), 0);
	return fd;
}

/* An echo request of that high byte of the sequence number */
static void send_echo(void)
{
	static const uint8_t echo[] = { 8, 0, 0xf7, 0xff, 0, 0, 0, 0 };
	int fd = connected(SOCK_RAW, IPPROTO_ICMP);

	assert_int_equal(send(fd, echo, sizeof(echo), 0), sizeof(echo));
	close(fd);
}

/* What comes back is an error whose seventh byte is 0 */
static void send_datagram(void)
{
	int fd = connected(SOCK_DGRAM, 0);
	char byte;

	assert_int_equal(send(fd, "xxxxxxxx", 8, 0), 8);
	assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, ECONNREFUSED);
	close(fd);
}

static void test_echo(void **state)
{
	(void)state;
	assert_true(told(0, send_echo) > 0);
	assert_int_equal(told(1, send_echo), 0);
}

static void test_error(void **state)
{
	(void)state;
	assert_int_equal(told(0, send_datagram), 0);
}

static void test_quoted(void **state)
{
	(void)state;
	assert_int_equal(told(PARTIAL_SUM, send_datagram), 0);
}

static void set_up(struct plan *plan, struct plan_node *planned)
{
	struct lc_err err;
	struct rtnl_msg m;

	*planned = (struct plan_node){ .name = "n", .kind = NODE_OWN };
	*plan = (struct plan){ .node_count = 1, .nodes = planned };
	lab = (struct lc_lab){ .plan = plan, .node_count = 1, .nodes = &node };
	node = (struct lc_node){
		.lab = &lab, .plan = planned,
		.netns = -1, .mntns = -1, .process = -1,
	};
	assert_int_equal(lab_open_home(&lab, &err), 0);
	assert_int_equal(node_create(&node, true, &err), 0);
	rtnl_build_link_state(&m, 1, true);
	rtnl_add(node.rtnl, &m, (struct lc_at){ 0 }, "lo up");
	assert_int_equal(rtnl_commit(node.rtnl, NULL, &err), 0);
}

static bool has_nft(void)
{
	struct lc_node *self = &node;

	return nft_command(&self, 1, "list tables\n", NULL, 0) == 1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_quoted),
	};
	struct plan_node planned;
	struct plan plan;
	char map[64];
	FILE *file;
	int failed;

	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)geteuid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) ||
	    !(file = fopen("/proc/self/uid_map", "w")) ||
	    fputs(map, file) < 0 || fclose(file)) {
		puts("1..0 # SKIP no user namespaces here");
		return 0;
	}
	set_up(&plan, &planned);
	if (!has_nft()) {
		puts("1..0 # SKIP no libnftables here");
		return 0;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	node_forget(&node);
	close(lab.home);
	return failed;
}
