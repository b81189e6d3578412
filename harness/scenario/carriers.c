// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * carriers.c - which hosts carry containers of which overlay network
 *
 * An overlay has no host of its own: wherever one of its containers runs, its
 * host gets a namespace with the network's bridges and one with its load
 * balancer.  Both are nodes, which the file has no name for; they are found in
 * the lab's /run/netns as 1-NETWORK.HOST and lb_NETWORK.HOST, as Docker has its
 * own below /run/docker/netns.
 *
 * Nodes are numbered before the first state of the lab is planned, so every
 * host that ever carries a container has them from the beginning.
 */
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"
#include "problems.h"

static const struct network_said *overlay_said(const struct expansion *e,
					       const char *name)
{
	const struct network_said *said;
	uint32_t i;

	for (i = 0; name && i < e->scenario->networks_count; i++) {
		said = &e->scenario->networks[i];
		if (said->name.text && !strcmp(said->name.text, name))
			return said->driver.choice == DRIVER_OVERLAY ? said
								     : NULL;
	}
	return NULL;
}

const struct carrier *carrier_find(const struct expansion *e,
				   const char *network, const char *host)
{
	const struct carrier *carrier;
	uint32_t i;

	for (i = 0; i < e->carrier_count; i++) {
		carrier = &e->carriers[i];
		if (!strcmp(carrier->said->name.text, network) &&
		    !strcmp(carrier->host, host))
			return carrier;
	}
	return NULL;
}

const char *host_said(const struct node_said *said)
{
	return said && said->on.text ? said->on.text : "host";
}

static uint32_t hidden_make(struct expansion *e, const char *prefix,
			    const struct carrier *carrier)
{
	const struct life life = {
		.name = arena_printf(e->arena, "%s%s.%s", prefix,
				     carrier->said->name.text, carrier->host),
		.at = carrier->at, .first = true, .made = true,
	};

	return life_add(e, &life);
}

static void carrier_add(struct expansion *e, const char *network,
			const struct node_said *said)
{
	struct carrier carrier = {
		.said = overlay_said(e, network),
		.host = host_said(said),
		.at = said->on.text ? said->on.at : said->at,
	};

	if (!carrier.said || carrier_find(e, network, carrier.host))
		return;
	host_make(e, carrier.host, carrier.at);
	carrier.inside = hidden_make(e, "1-", &carrier);
	carrier.balancer = hidden_make(e, "lb_", &carrier);
	e->carriers = arena_grow(e->arena, e->carriers, e->carrier_count,
				 sizeof(*e->carriers));
	e->carriers[e->carrier_count++] = carrier;
}

static void carriers_of(struct expansion *e, const struct node_said *said)
{
	uint32_t i;

	if (said->network.text)
		carrier_add(e, said->network.text, said);
	for (i = 0; i < said->networks_count; i++)
		carrier_add(e, said->networks[i].name.text, said);
}

/* A name can have several lives: whoever it is by then */
static void carriers_of_connect(struct expansion *e,
				const struct lc_connect *connect)
{
	const struct life *life;
	uint32_t i, count = e->life_count;

	if (!connect->node.text || !overlay_said(e, connect->network.text))
		return;
	for (i = 0; i < count; i++) {
		life = &e->lives[i];
		if (life->said && !strcmp(life->name, connect->node.text))
			carrier_add(e, connect->network.text, life->said);
	}
}

void carriers_collect(struct expansion *e)
{
	const struct scenario *scenario = e->scenario;
	const struct step_said *step;
	uint32_t i;

	for (i = 0; i < scenario->nodes_count; i++)
		carriers_of(e, &scenario->nodes[i]);
	for (i = 0; i < scenario->steps_count; i++) {
		step = &scenario->steps[i];
		if (step_change(step) == LC_CREATE)
			carriers_of(e, step->params);
		if (step_change(step) == LC_CONNECT)
			carriers_of_connect(e, step->params);
	}
}
