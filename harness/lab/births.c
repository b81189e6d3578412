// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * births.c - the namespaces of a lab's nodes, made by two
 *
 * Theory of operation
 *
 * A network namespace takes the kernel some 0.2 ms, more than any other part of
 * a node, and most of that outside of its global lock: the one thing of a lab's
 * building that two processors do faster than one.  (Links are made under that
 * lock from beginning to end.)
 *
 * So for a lab of many nodes there is a midwife: a child that shares our table of
 * descriptors.  Both take the next node that nobody has taken yet, and what the
 * midwife has opened is ours when it is gone.  What it could not make, or did not
 * live to make, is made here after all, or fails here with the kernel's reason.
 *
 * A table of descriptors that is shared must not grow: the kernel would wait for
 * an RCU grace period each time it does.  It is made large enough before.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "births.h"
#include "clone.h"
#include "lab.h"
#include "netns.h"
#include "rtnl.h"

enum {
	MANY_NODES	= 12,	/* from here on a child is worth its fork */
	FDS_PER_NODE	= 2,
	FDS_ELSE	= 16,	/* that are open for a moment */
};

/** struct birth - What the midwife says of a node: descriptors; rtnl 0: nothing */
struct birth {
	int netns, rtnl;
};

/** struct nursery - Memory that both see
 * @next:	The first node that nobody has taken
 */
struct nursery {
	atomic_size_t next;
	struct birth births[];
};

static bool to_be_born(const struct lc_node *node)
{
	return node->plan->kind == NODE_OWN && node_is_new(node) &&
	       node->netns < 0;
}

static int bear(struct lc_node *node, bool at_home, struct lc_at *ret_at,
		struct lc_err *err)
{
	int r = node_create(node, at_home, err);

	if (r)
		*ret_at = node->plan->at;
	return r;
}

static size_t count(const struct lc_lab *lab)
{
	size_t n = 0;

	for (size_t i = 0; i < lab->node_count; i++)
		n += to_be_born(&lab->nodes[i]);
	return n;
}

static bool two_processors(void)
{
	cpu_set_t set;

	return !sched_getaffinity(0, sizeof(set), &set) && CPU_COUNT(&set) > 1;
}

/* NULL: no more, or none that is to be born */
static struct lc_node *take_next(struct lc_lab *lab, struct nursery *n)
{
	size_t i;

	while ((i = atomic_fetch_add(&n->next, 1)) < lab->node_count)
		if (to_be_born(&lab->nodes[i]))
			return &lab->nodes[i];
	return NULL;
}

/* In the child */
static __attribute__((noreturn)) void midwife(struct lc_lab *lab,
					      struct nursery *n)
{
	struct lc_node *node;

	while ((node = take_next(lab, n)) && !node_create(node, false, NULL)) {
		struct birth *b = &n->births[node->index];

		b->netns = node->netns;
		b->rtnl = rtnl_fd(node->rtnl);
	}
	_exit(0);
}

/* What is open lies close together, with the first free one behind it */
static bool table_enlarge(const struct lc_lab *lab, size_t nodes)
{
	lc_auto(lc_close) int first = fcntl(lab->home, F_DUPFD_CLOEXEC, 0);
	lc_auto(lc_close) int last = -1;

	if (first < 0)
		return false;
	last = fcntl(lab->home, F_DUPFD_CLOEXEC,
		     first + FDS_ELSE + (int)nodes * FDS_PER_NODE);
	return last >= 0;
}

static void receive(struct lc_node *node, const struct birth *b)
{
	if (!b->rtnl)
		return;
	node->rtnl = rtnl_adopt(b->rtnl);
	node->netns = b->netns;
}

static size_t nursery_size(const struct lc_lab *lab)
{
	return sizeof(struct nursery) + lab->node_count * sizeof(struct birth);
}

static struct nursery *nursery_new(const struct lc_lab *lab)
{
	struct nursery *n = mmap(NULL, nursery_size(lab),
				 PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return n == MAP_FAILED ? NULL : n;
}

/* Whom nobody sends to another processor the kernel often leaves on ours */
static void part(pid_t pid)
{
	const int here = sched_getcpu();
	cpu_set_t others;

	if (here < 0 || sched_getaffinity(0, sizeof(others), &others))
		return;
	CPU_CLR(here, &others);
	sched_setaffinity(pid, sizeof(others), &others);
}

/* What of it fails is found again when nodes are born after all */
static void midwife_call(struct births *b)
{
	pid_t pid = clone_child(CLONE_FILES, 0, &b->midwife);

	if (pid == 0)
		midwife(b->lab, b->nursery);
	if (pid > 0)
		part(pid);
}

static void share_if_many(struct births *b)
{
	const size_t nodes = count(b->lab);

	if (nodes < MANY_NODES || !two_processors() ||
	    !table_enlarge(b->lab, nodes))
		return;
	b->nursery = nursery_new(b->lab);
	if (b->nursery)
		midwife_call(b);
}

int births_begin(struct births *b, struct lc_lab *lab,
		 struct lc_node **ret_first, struct lc_at *ret_at,
		 struct lc_err *err)
{
	const struct lc_node *resident = lab->before ? NULL : lab_resident(lab);
	int r = 0;

	*b = (struct births){ .lab = lab, .midwife = -1 };
	*ret_first = NULL;
	if (resident) {
		*ret_first = &lab->nodes[resident->index];
		r = bear(*ret_first, true, ret_at, err);
	}
	if (!r)
		share_if_many(b);
	return r;
}

static void share_births(struct births *b)
{
	struct lc_lab *lab = b->lab;
	struct lc_node *node;

	while ((node = take_next(lab, b->nursery)) &&
	       !node_create(node, false, NULL))
		;
	clone_wait(b->midwife, NULL);
	lc_close(&b->midwife);
	for (size_t i = 0; i < lab->node_count; i++)
		receive(&lab->nodes[i], &b->nursery->births[i]);
}

int births_end(struct births *b, struct lc_at *ret_at, struct lc_err *err)
{
	struct lc_lab *lab = b->lab;
	int r = 0;

	if (b->midwife >= 0)
		share_births(b);
	if (b->nursery)
		munmap(b->nursery, nursery_size(lab));
	for (size_t i = 0; i < lab->node_count && !r; i++)
		if (to_be_born(&lab->nodes[i]))
			r = bear(&lab->nodes[i], false, ret_at, err);
	lab_leave(lab);
	return r;
}
