/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * name_servers.h - whom the programs of a node would ask for names
 */
#ifndef LAB_NAME_SERVERS_H
#define LAB_NAME_SERVERS_H

#include <stddef.h>

#include <labcheck/value.h>

struct lc_node;

enum { NAME_SERVERS = 3 };		/* MAXNS of the C library */

/**
 * name_servers() - The name servers in a node's resolv.conf
 *
 * As the file is now, whoever wrote it; 127.0.0.1 if it has none, see
 * resolv.conf(5).
 *
 * Return: how many; at least one
 */
size_t name_servers(const struct lc_node *node,
		    struct lc_ip ret_ips[NAME_SERVERS]);

#endif
