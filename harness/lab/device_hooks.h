/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device_hooks.h - chains that see packets before, or behind, all else
 */
#ifndef LAB_DEVICE_HOOKS_H
#define LAB_DEVICE_HOOKS_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

struct lc_node;

/** struct device_hook - An interface that chains are hooked to */
struct device_hook {
	bool egress;			/* else ingress */
	char device[IFNAMSIZ];
};

/**
 * node_device_hooks() - Those of a node, one item for each chain and interface
 * @ret_hooks:	The caller's to free()
 *
 * Return: 0 or -errno; -EOPNOTSUPP and the like where there is no nf_tables
 */
int node_device_hooks(struct lc_node *node, struct device_hook **ret_hooks,
		      size_t *ret_count);

#endif
