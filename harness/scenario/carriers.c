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

/**
 * struct carriers - Who carries what, while it is collected
 * @overlays:	Name of a network -> its index in the file
 * @known:	Within that index: name of a host -> its carrier
 */
struct carriers {
	struct expansion *e;
	struct keys *overlays, *known;
};

const char *host_said(const struct node_said *said)
{
	return said && said->on->text ? said->on->text : "host";
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

static void carrier_add(struct carriers *c, const char *network,
			const struct node_said *said)
{
	struct expansion *e = c->e;
	struct carrier carrier = {
		.host = host_said(said),
		.at = said->on->text ? said->on->at : said->at,
	};
	uint32_t number;

	if (!network || !keys_find_name(c->overlays, 0, network, &number) ||
	    !keys_add_name(c->known, number, carrier.host, 0))
		return;
	if (e->life_count + 3 > PLAN_MAX_NODES) {
		lc_problem(e->problems, carrier.at,
			   "more than %d nodes in all", PLAN_MAX_NODES);
		return;
	}
	carrier.said = &e->scenario->networks[number];
	host_make(e, carrier.host, carrier.at);
	carrier.inside = hidden_make(e, "1-", &carrier);
	carrier.balancer = hidden_make(e, "lb_", &carrier);
	e->carriers = arena_grow(e->arena, e->carriers, e->carrier_count,
				 sizeof(*e->carriers));
	e->carriers[e->carrier_count++] = carrier;
}

static void carriers_of(struct carriers *c, const struct node_said *said)
{
	uint32_t i;

	carrier_add(c, said->network.text, said);
	for (i = 0; i < said->networks_count; i++)
		carrier_add(c, said->networks[i].name.text, said);
}

/* A name can have several lives: whoever it is by then */
static void carriers_of_connect(struct carriers *c,
				const struct lc_connect *connect)
{
	struct expansion *e = c->e;
	uint32_t i, count = e->life_count;

	if (!connect->node.text || !connect->network.text ||
	    !keys_find_name(c->overlays, 0, connect->network.text, NULL))
		return;
	for (i = 0; i < count; i++)
		if (e->lives[i].said &&
		    !strcmp(e->lives[i].name, connect->node.text))
			carrier_add(c, connect->network.text,
				    e->lives[i].said);
}

static void overlays_collect(struct carriers *c)
{
	const struct scenario *scenario = c->e->scenario;
	uint32_t i;

	for (i = 0; i < scenario->networks_count; i++)
		if (scenario->networks[i].name.text &&
		    scenario->networks[i].driver.choice == DRIVER_OVERLAY)
			keys_add_name(c->overlays, 0,
				      scenario->networks[i].name.text, i);
}

void carriers_collect(struct expansion *e)
{
	const struct scenario *scenario = e->scenario;
	struct carriers c = {
		.e = e,
		.overlays = keys_new(e->scratch),
		.known = keys_new(e->scratch),
	};
	const struct step_said *step;
	uint32_t i;

	overlays_collect(&c);
	for (i = 0; i < scenario->nodes_count; i++)
		carriers_of(&c, &scenario->nodes[i]);
	for (i = 0; i < scenario->steps_count; i++) {
		step = &scenario->steps[i];
		if (step_change(step) == LC_CREATE)
			carriers_of(&c, step->params);
		if (step_change(step) == LC_CONNECT)
			carriers_of_connect(&c, step->params);
	}
}
