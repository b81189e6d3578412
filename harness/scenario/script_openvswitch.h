/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_openvswitch.h - the commands that start Open vSwitch
 */
#ifndef SCENARIO_SCRIPT_OPENVSWITCH_H
#define SCENARIO_SCRIPT_OPENVSWITCH_H

#include <stdbool.h>
#include <stdio.h>

struct plan;
struct plan_interface;
struct plan_node;

/* Where a node's database, sockets and logs are: a folder of its own in here */
#define OPENVSWITCH_RUN	"/run/openvswitch"

/** openvswitch_wanted() - Whether a namespace has switches of that kind */
bool openvswitch_wanted(const struct plan_node *node);

/**
 * openvswitch_commands() - Shell lines that start a node's daemons and make its
 * switches
 *
 * To be run on the node, by a shell that stops at the first failure.  The taps
 * that become local ports are there already.  When the last line has passed,
 * every port is in its switch.
 */
void openvswitch_commands(const struct plan_node *node, FILE *out);

/**
 * openvswitch_far_end() - The other end of the cable of a switch's port
 * @ret_node:	The node that it is on
 *
 * Return: NULL: it is no port of an Open vSwitch, or there is no cable
 */
const struct plan_interface *
openvswitch_far_end(const struct plan *plan, const struct plan_node *node,
		    const struct plan_interface *port,
		    const struct plan_node **ret_node);

/** script_openvswitch() - Of all nodes, as part of a script */
void script_openvswitch(const struct plan *plan, FILE *out);

#endif
