/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openvswitch_alone.h - whether a switch decides by itself
 */
#ifndef LAB_OPENVSWITCH_ALONE_H
#define LAB_OPENVSWITCH_ALONE_H

#include <stdbool.h>
#include <stddef.h>

struct lc_err;
struct lc_lab;
struct lc_link;
struct lc_node;

/**
 * openvswitch_is_alone() - No other program has a say in what a node's switches do
 *
 * No controller is set, and nobody is connected to them by OpenFlow.  Where there
 * is no switch, or none runs (any more), nothing has.
 */
bool openvswitch_is_alone(struct lc_node *node);

/** openvswitch_readers() - How many packet sockets those of the plan have */
int openvswitch_readers(const struct lc_node *node);

/** openvswitch_owns() - Whether an interface is one of its own taps */
bool openvswitch_owns(const struct lc_node *node, const struct lc_link *link);

/**
 * openvswitch_pin() - All stay on processor @cpu; see probe/silence/sentinel.c
 * @ret_ports:	How many ports the lab's switches have, local ones as well
 *
 * Return: 0, or -errno with @err
 */
int openvswitch_pin(struct lc_lab *lab, int cpu, size_t *ret_ports,
		    struct lc_err *err);

#endif
