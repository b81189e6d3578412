/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * offload.h - work that a kernel leaves to its network devices
 */
#ifndef LAB_OFFLOAD_H
#define LAB_OFFLOAD_H

struct lc_err;
struct lc_node;

/**
 * offload_checksums_off() - Packets leave an interface with their checksums
 *
 * As `ethtool -K INTERFACE tx off`.  What stands on checksums (segmentation)
 * goes off with it.
 */
int offload_checksums_off(struct lc_node *node, const char *interface,
			  struct lc_err *err);

#endif
