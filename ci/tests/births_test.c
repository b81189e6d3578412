// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * births_test.c - the namespaces of many nodes are as many, and each node's own
 *
 * In a user namespace of its own, which has a limit of its own; where there are
 * none, nothing is tested.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <labcheck/err.h>

#include "lab/births.h"
#include "lab/lab.h"
#include "lab/netns.h"
#include "lab/rtnl.h"

enum { NODES = 40, SHARED = 7 };

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text);
}

static ino_t netns_of(int fd)
{
	struct stat stat;

	assert_int_equal(fstat(fd, &stat), 0);
	return stat.st_ino;
}

static ino_t netns_here(void)
{
	struct stat own;

	assert_int_equal(stat("/proc/thread-self/ns/net", &own), 0);
	return own.st_ino;
}

static void lab_plan(struct lc_lab *lab, struct plan *plan)
{
	static struct scenario scenario;
	struct lc_err err;

	*plan = (struct plan){ .node_count = NODES, .scenario = &scenario };
	plan->nodes = calloc(NODES, sizeof(*plan->nodes));
	*lab = (struct lc_lab){ .plan = plan, .node_count = NODES };
	lab->nodes = calloc(NODES, sizeof(*lab->nodes));
	for (uint32_t i = 0; i < NODES; i++) {
		plan->nodes[i].name = "n";
		plan->nodes[i].kind = i == SHARED ? NODE_SHARED : NODE_OWN;
		plan->nodes[i].at.line = i + 1;
		lab->nodes[i] = (struct lc_node){
			.lab = lab, .plan = &plan->nodes[i], .index = i,
			.netns = -1, .mntns = -1, .process = -1,
		};
	}
	assert_int_equal(lab_open_home(lab, &err), 0);
}

static void lab_undo(struct lc_lab *lab, struct plan *plan)
{
	for (size_t i = 0; i < NODES; i++)
		node_forget(&lab->nodes[i]);
	close(lab->home);
	free(lab->nodes);
	free(plan->nodes);
}

static void check_node(const struct lc_lab *lab, size_t i)
{
	const struct lc_node *node = &lab->nodes[i];
	int fd;

	assert_true(node->netns >= 0);
	assert_non_null(node->rtnl);
	fd = rtnl_netns(node->rtnl);
	assert_int_equal(netns_of(fd), netns_of(node->netns));
	close(fd);
	/* The first one lives there */
	assert_int_equal(netns_of(node->netns) == netns_of(lab->home), i == 0);
	for (size_t k = 0; k < i; k++)
		if (k != SHARED)
			assert_int_not_equal(netns_of(lab->nodes[k].netns),
					     netns_of(node->netns));
}

static int births(struct lc_lab *lab, struct lc_at *at, struct lc_err *err)
{
	struct lc_node *first;
	struct births births;
	int r = births_begin(&births, lab, &first, at, err);

	assert_int_equal(r, 0);
	assert_ptr_equal(first, &lab->nodes[0]);
	assert_true(first->netns >= 0);
	return births_end(&births, at, err);
}

static void test_all(void **state)
{
	struct lc_at at = { 0 };
	struct lc_err err;
	struct lc_lab lab;
	struct plan plan;

	(void)state;
	lab_plan(&lab, &plan);
	assert_int_equal(births(&lab, &at, &err), 0);
	for (size_t i = 0; i < NODES; i++)
		if (i != SHARED)
			check_node(&lab, i);
	assert_int_equal(lab.nodes[SHARED].netns, -1);
	assert_int_equal(netns_here(), netns_of(lab.home));
	lab_undo(&lab, &plan);
}

/* Whoever of the two comes upon the limit, the lab has the kernel's reason */
static void test_limit(void **state)
{
	struct lc_at at = { 0 };
	struct lc_err err = { "" };
	struct lc_lab lab;
	struct plan plan;

	(void)state;
	lab_plan(&lab, &plan);
	assert_true(write_text("/proc/sys/user/max_net_namespaces", "20"));
	assert_int_equal(births(&lab, &at, &err), -ENOSPC);
	assert_non_null(strstr(err.text, "sysctl user.max_net_namespaces"));
	assert_in_range(at.line, 1, NODES);
	assert_true(write_text("/proc/sys/user/max_net_namespaces", "1000"));
	assert_int_equal(netns_here(), netns_of(lab.home));
	lab_undo(&lab, &plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_all),
	};
	char map[64];

	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)geteuid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) ||
	    !write_text("/proc/self/uid_map", map)) {
		puts("1..0 # SKIP no user namespaces here");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
