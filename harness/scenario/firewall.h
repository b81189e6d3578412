/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * firewall.h - the rules of one host while they are written
 */
#ifndef SCENARIO_FIREWALL_H
#define SCENARIO_FIREWALL_H

#include "docker.h"
#include "network.h"

struct firewall {
	const struct networks *networks;
	struct plan_node *host;
	struct docker docker;
	struct keys *known;		/* rules of ports that are there */
};

/* firewall.c */
void firewall_chain(struct firewall *f, const struct plan_chain *chain);
void firewall_rule(struct firewall *f, struct plan_rule rule);

/** firewall_has() - Whether this host has rules for a network */
bool firewall_has(const struct firewall *f, const struct network *n);

/* Of all published ports, for one chain each (firewall_port.c) */
void firewall_accept_ports(struct firewall *f);
void firewall_hairpin_ports(struct firewall *f);
void firewall_translate_ports(struct firewall *f);

/** firewall_no_access() - Whoever is not on a container's bridge does not reach
 * its address */
void firewall_no_access(struct firewall *f);

#endif
