// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * driver.c - which keys of a network mean something to its driver
 *
 * One that meant nothing would be without effect in silence: a user who wrote
 * `icc: false` on a macvlan would believe it.
 */
#include <labcheck/check.h>

#include "network.h"
#include "problems.h"

#define BRIDGE	(1u << DRIVER_BRIDGE)
#define OVERLAY	(1u << DRIVER_OVERLAY)
#define MACVLAN	(1u << DRIVER_MACVLAN)

void driver_verify(struct lc_problems *problems,
		   const struct network_said *said)
{
	const struct {
		const char *key;
		const struct lc_scalar *value;
		unsigned int drivers;
	} keys[] = {
		{ "on", &said->on, BRIDGE | MACVLAN },
		{ "bridge", &said->bridge, BRIDGE },
		{ "icc", &said->icc, BRIDGE },
		{ "masquerade", &said->masquerade, BRIDGE },
		{ "ipv6", &said->ipv6, BRIDGE | MACVLAN },
		{ "internal", &said->internal, BRIDGE | OVERLAY },
		{ "parent", &said->parent, MACVLAN },
		{ "mode", &said->mode, MACVLAN },
		{ "vni", &said->vni, OVERLAY },
	};
	unsigned int driver = 1u << said->driver.choice;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (lc_given(keys[i].value) && !(keys[i].drivers & driver))
			lc_problem(problems, keys[i].value->at,
				   "`%s` means nothing to a network of driver %s",
				   keys[i].key,
				   said->driver.text ? said->driver.text
						     : "bridge");
}
