// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cable.c - whether a sender's cable is out
 *
 * An interface that is up and has no carrier (RFC 2863: lowerLayerDown) keeps
 * its addresses and routes, so its kernel goes on sending: into a queue that
 * throws everything away.  Nobody gets an error, and ARP is not answered, as it
 * was never asked.  That is neither a drop nor a neighbour that is silent: the
 * network had no part in it.
 */
#include <net/if.h>
#include <linux/if.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "probe/batch/probe.h"
#include "probe/silence/cable.h"

bool cable_is_out(const struct probe *p, char ret_name[static IFNAMSIZ])
{
	const struct lc_ip *source = p->said.source ? &p->said.source->ip :
						      NULL;
	lc_auto(lc_free) struct lc_link *links = NULL;
	struct lc_route route = { .ifindex = p->scope };
	size_t count = 0;

	if ((!p->scope && lc_node_lookup(p->from, &p->seen->address, source,
					 &route, NULL)) ||
	    lc_node_links(p->from, &links, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (links[i].ifindex != route.ifindex)
			continue;
		memcpy(ret_name, links[i].name, IFNAMSIZ);
		return !(links[i].flags & IFF_LOWER_UP);
	}
	return false;
}
