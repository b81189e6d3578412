/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * environment.h - the environment of programs that run in a node
 */
#ifndef LAB_ENVIRONMENT_H
#define LAB_ENVIRONMENT_H

struct lc_node;

/**
 * environment_make() - That of a command: small, and the same everywhere
 *
 * PATH with the folders of system programs, HOME, TMPDIR in the sandbox's own
 * /run, English messages, and LABCHECK_NODE; where there is an Open vSwitch, how
 * its programs find it (ovs-vswitchd(8)).
 *
 * Return: an array for execve(2), freed by environment_free(); NULL: no memory
 */
char **environment_make(const struct lc_node *node);
void environment_free(char ***environment);

/** environment_openvswitch() - Where the programs of a node's Open vSwitch look
 * for it; NULL: it has none */
char *environment_openvswitch(const struct lc_node *node);

/** environment_path() - The caller's PATH and the usual folders behind it */
char *environment_path(void);

#endif
