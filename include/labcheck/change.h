/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * change.h - steps that change what the lab consists of
 *
 * `create`, `remove`, `connect`, `disconnect`.  Steps run in the order written,
 * and such a step can't be held back, so what the lab consists of behind each
 * of them is known before anything is built: the plan holds it, and the step
 * does nothing but go on to it.
 */
#ifndef LABCHECK_CHANGE_H
#define LABCHECK_CHANGE_H

#include <labcheck/node.h>

struct lc_err;
struct lc_lab;

enum lc_change {
	LC_CHANGE_NONE,
	LC_CREATE,		/* params: struct node_said */
	LC_REMOVE,		/* struct lc_remove */
	LC_CONNECT,		/* struct lc_connect */
	LC_DISCONNECT,		/* struct lc_disconnect */
};

struct lc_remove {
	struct lc_at at;
	struct lc_value node;
};

struct lc_connect {
	struct lc_at at;
	struct lc_scalar node, network;
	struct lc_value address, address6, mac;
	struct lc_list aliases;
};

struct lc_disconnect {
	struct lc_at at;
	struct lc_scalar node, network;
};

/**
 * lc_lab_advance() - Go on to what the lab is behind the step under way
 *
 * Done in full when it returns: interfaces, addresses, routes, rules, names and
 * published ports.
 *
 * Return: 0, or -errno with the reason in @err
 */
int lc_lab_advance(struct lc_lab *lab, struct lc_err *err);

#endif
