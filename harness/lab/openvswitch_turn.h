/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openvswitch_turn.h - proof that a switch has handled what it was given
 */
#ifndef LAB_OPENVSWITCH_TURN_H
#define LAB_OPENVSWITCH_TURN_H

#include <stddef.h>
#include <sys/types.h>

struct lc_err;
struct lc_lab;
struct lc_node;

/**
 * openvswitch_pid() - ovs-vswitchd of a node, by its thread that carries packets
 *
 * Return: 0: it does not run, or there is none
 */
pid_t openvswitch_pid(const struct lc_node *node);

/**
 * openvswitch_turn() - All switches of a lab have gone round so many times
 *
 * A switch that does not run (any more) has nothing to do.
 *
 * Return: 0; -ETIME with @err: one runs and does not answer
 */
int openvswitch_turn(struct lc_lab *lab, size_t times, struct lc_err *err);

/**
 * openvswitch_settle() - A node's switches follow what was changed last
 *
 * Links that came or went, and OpenFlow rules.
 */
int openvswitch_settle(struct lc_node *node, struct lc_err *err);

#endif
