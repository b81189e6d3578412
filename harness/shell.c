// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shell.c - a lab to work in by hand
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "daemon/daemon.h"
#include "lab/lab.h"
#include "lab/process.h"
#include "lab/requires.h"
#include "lab/sandbox.h"
#include "options.h"
#include "scenario/suggestion.h"
#include "shell.h"
#include "stand.h"

struct inside {
	const struct plan *plan;
	const char *node;
};

static int complain(const struct lc_err *err)
{
	fprintf(stderr, "labcheck: %s\n", err->text);
	return EXIT_BROKEN;
}

static int inside_main(const struct sandbox *sandbox, void *arg)
{
	const struct inside *in = arg;
	struct lc_lab lab = { 0 };
	struct lc_err err = { "" };
	struct lc_node *node;
	struct lc_at at;
	int status;

	if (requires_check(&in->plan->scenario->requires, sandbox, &err) ||
	    lab_stand(&lab, in->plan, sandbox, &at, &err))
		return complain(&err);
	node = lc_lab_node(&lab, in->node, &err);
	status = node ? node_shell(node, &err) : -1;
	if (status < 0)
		status = complain(&err);
	daemon_stop(&lab);
	lab_done(&lab);
	return status;
}

static const char *choose(const struct plan *plan, const struct options *o)
{
	if (o->operand_count > 1)
		return o->operands[1];
	if (plan_node_find(plan, "host") >= 0)
		return "host";
	for (size_t i = 0; i < plan->node_count; i++)
		if (!plan->nodes[i].absent)
			return plan->nodes[i].name;
	return NULL;
}

static int unknown_node(const struct plan *plan, const char *name)
{
	char maybe[SUGGESTION_SIZE];
	struct suggestion near;

	if (!name) {
		fputs("labcheck: the lab has no nodes\n", stderr);
		return EXIT_WRONG;
	}
	suggestion_begin(&near, name);
	for (size_t i = 0; i < plan->node_count; i++)
		if (!plan->nodes[i].absent)
			suggestion_try(&near, plan->nodes[i].name);
	fprintf(stderr, "labcheck: the lab has no node '%s'%s\n", name,
		suggestion_text(&near, maybe));
	return EXIT_WRONG;
}

int shell_run(const struct plan *plan, const struct options *o)
{
	struct inside in = { .plan = plan, .node = choose(plan, o) };
	lc_auto(lc_close) int pidfd = -1;
	struct lc_err err = { "" };
	int status = 0;
	pid_t pid;

	if (!in.node || plan_node_find(plan, in.node) < 0)
		return unknown_node(plan, in.node);
	/* Ctrl-C is for what runs in the shell */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	if (sandbox_spawn(o->privileged, inside_main, &in, &pid, &pidfd, &err))
		return complain(&err);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	terminal_reclaim();
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_BROKEN;
}
