/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * furnish.h - what programs find in the sandbox, beside the network
 */
#ifndef LAB_FURNISH_H
#define LAB_FURNISH_H

struct lc_err;
struct lc_lab;

/**
 * lab_furnish() - Give the sandbox mount and IPC namespaces of its own
 *
 * With a /proc and a /run.  To be called before a program runs in the lab, or a
 * path of a scenario below these two is opened; all calls but a lab's first do
 * nothing.
 *
 * Return: 0, or -EIO with @err: words that name the setting which forbids it,
 * and the ways out
 */
int lab_furnish(struct lc_lab *lab, struct lc_err *err);

#endif
