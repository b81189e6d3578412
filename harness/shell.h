/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell.h - a lab to work in by hand
 */
#ifndef HARNESS_SHELL_H
#define HARNESS_SHELL_H

struct options;
struct plan;

/**
 * shell_run() - Build the lab and give a shell in it
 *
 * On the node named by the second operand, else on `host` if there is one,
 * else on the first.  Return: the shell's own exit status.
 */
int shell_run(const struct plan *plan, const struct options *options);

#endif
