/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * etc.h - what programs of a node find in /etc about names
 */
#ifndef LAB_ETC_H
#define LAB_ETC_H

#include <stddef.h>

#include <labcheck/value.h>

struct lc_err;
struct lc_lab;
struct lc_node;
struct plan;

/** etc_write() - Write a node's files, which etc_mount() then shows */
int etc_write(const struct lc_node *node, struct lc_err *err);

/**
 * etc_mount() - Show them in the mount namespace that we are in
 * @ret_what:	When it fails: what was refused
 *
 * Return: 0, or -errno
 */
int etc_mount(const struct lc_node *node, const char **ret_what);

/**
 * etc_advance() - The lab has gone on from @before: write anew what differs
 *
 * Programs that look again find it; those of Docker's containers have to, too.
 */
int etc_advance(struct lc_lab *lab, const struct plan *before,
		struct lc_err *err);

enum { ETC_SERVERS = 3 };		/* MAXNS of the C library */

/**
 * etc_name_servers() - The name servers that programs of a node would ask
 *
 * As its resolv.conf has them now, whoever wrote that; 127.0.0.1 if it has
 * none, see resolv.conf(5).
 *
 * Return: how many; at least one
 */
size_t etc_name_servers(const struct lc_node *node,
			struct lc_ip ret_ips[ETC_SERVERS]);

#endif
