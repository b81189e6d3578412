// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * timeline.c - how steps change what the lab consists of
 *
 * Everything about such a step is known beforehand, so what Docker would refuse
 * is a mistake of the file.
 */
#include <string.h>

#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

bool connection_is_there(const struct expansion *e,
			 const struct connection *connection)
{
	return connection->born <= e->state && e->state < connection->gone;
}

void connection_add(struct expansion *e, uint32_t node,
		    const struct attachment_said *said)
{
	uint32_t number = e->connection_count++;

	e->connections = arena_grow(e->arena, e->connections, number,
				    sizeof(*e->connections));
	e->connections[number] = (struct connection){
		.said = said, .node = node,
		.born = e->state, .gone = NO_STATE,
	};
}

struct connection *connection_find(const struct expansion *e, uint32_t node,
				   const char *network)
{
	struct connection *connection;
	uint32_t i;

	for (i = 0; i < e->connection_count; i++) {
		connection = &e->connections[i];
		if (connection->node == node &&
		    connection_is_there(e, connection) &&
		    connection->said->name.text &&
		    !strcmp(connection->said->name.text, network))
			return connection;
	}
	return NULL;
}

static void remove_plan(struct expansion *e, const struct lc_remove *remove)
{
	uint32_t node = node_number(e, remove->node.text), i;

	if (node == NO_NODE)
		return;
	if (e->plan->nodes[node].kind == NODE_ADOPTED)
		lc_problem(e->problems, remove->node.at,
			   "%s is adopted (netns): it is not labcheck's to remove",
			   remove->node.text);
	if (e->made[node].carries)
		lc_problem(e->problems, remove->node.at,
			   "%s carries networks: it can't be removed",
			   remove->node.text);
	e->lives[node].gone = e->state + 1;
	for (i = 0; i < e->connection_count; i++)
		if (e->connections[i].node == node &&
		    e->connections[i].gone == NO_STATE)
			e->connections[i].gone = e->state + 1;
}

/* Why a node can't be connected or disconnected at all, or NULL */
static const char *unconnectable(const struct expansion *e, uint32_t node)
{
	const struct plan_node *n = &e->plan->nodes[node];
	const struct node_said *said = e->made[node].said;
	const char *network = said ? said->network.text : NULL;

	if (n->kind == NODE_ADOPTED)
		return "is adopted (netns) and never configured";
	if (network && !strcmp(network, "host"))
		return "is in its host's network: it can't be connected to "
		       "another, nor disconnected from it";
	if (network && !strncmp(network, "container:", 10))
		return "lives in another's network namespace, and has no networks of its own";
	if (network && !strcmp(network, "none"))
		return "has `network: none`, and that can't be one of several";
	return NULL;
}

/* The node that a step connects or disconnects, or NO_NODE */
static uint32_t connectable(struct expansion *e, const struct lc_scalar *node,
			    const struct lc_scalar *network)
{
	uint32_t number = node_number(e, node->text);
	const char *reason;

	if (number == NO_NODE || !network->text)
		return NO_NODE;
	reason = unconnectable(e, number);
	if (!reason && !strcmp(network->text, "host")) {
		lc_problem(e->problems, network->at,
			   "a node that runs can't be connected to its host's "
			   "network, nor disconnected from it");
		return NO_NODE;
	}
	if (!reason)
		return number;
	lc_problem(e->problems, node->at, "%s %s", node->text, reason);
	return NO_NODE;
}

static const struct attachment_said *
attachment_of(struct expansion *e, const struct lc_connect *connect)
{
	struct attachment_said *said = arena_alloc(e->arena, sizeof(*said));

	said->at = connect->at;
	said->name = connect->network;
	said->address = connect->address;
	said->address6 = connect->address6;
	said->mac = connect->mac;
	said->aliases = connect->aliases;
	return said;
}

/* The node that it adds to is known; the rest is found out when it is wired */
static void connect_plan(struct expansion *e, const struct lc_connect *connect)
{
	uint32_t node = connectable(e, &connect->node, &connect->network);

	if (node == NO_NODE)
		return;
	if (connection_find(e, node, connect->network.text)) {
		lc_problem(e->problems, connect->network.at,
			   "%s is in network %s already", connect->node.text,
			   connect->network.text);
		return;
	}
	connection_add(e, node, attachment_of(e, connect));
	e->connections[e->connection_count - 1].born++;
}

static void disconnect_plan(struct expansion *e,
			    const struct lc_disconnect *disconnect)
{
	uint32_t node = connectable(e, &disconnect->node, &disconnect->network);
	struct connection *connection;

	if (node == NO_NODE)
		return;
	connection = connection_find(e, node, disconnect->network.text);
	if (connection)
		connection->gone = e->state + 1;
	else if (!e->problems->partial)
		lc_problem(e->problems, disconnect->network.at,
			   "%s is not connected to network %s",
			   disconnect->node.text, disconnect->network.text);
}

void change_plan(struct expansion *e, const struct step_said *step)
{
	switch (step->check->change) {
	case LC_CHANGE_NONE:
	case LC_CREATE:			/* lives.c */
		break;
	case LC_REMOVE:
		remove_plan(e, step->params);
		break;
	case LC_CONNECT:
		connect_plan(e, step->params);
		break;
	case LC_DISCONNECT:
		disconnect_plan(e, step->params);
		break;
	}
	e->state++;
}
