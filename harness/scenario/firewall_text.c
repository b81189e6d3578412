// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * firewall_text.c - the rules of networks as a text for nft
 *
 * Docker's own, in Docker's order, as one table of its own, so that what a
 * scenario or a student adds (tables `filter` and `nat`, as iptables names
 * them) never meets it:
 *
 *	forward		DOCKER-USER, isolation, then per bridge what is let
 *			through; the policy drops the rest
 *	isolation	from a bridge to any other: dropped, without an error.
 *			Out of and into an internal network likewise
 *	postrouting	what leaves a subnet, but not to its own bridge
 *
 * Bridged frames come by here too (br_netfilter), which is why a bridge is
 * let through to itself.
 */
#include <stdio.h>
#include <stdlib.h>

#include "network.h"

static void stage_1(FILE *out, const struct network *n, const char *subnet)
{
	if (n->internal) {
		fprintf(out, "\t\tip saddr != %s oifname \"%s\" drop\n",
			subnet, n->bridge);
		fprintf(out, "\t\tip daddr != %s iifname \"%s\" drop\n",
			subnet, n->bridge);
		return;
	}
	fprintf(out,
		"\t\tiifname \"%s\" oifname != \"%s\" jump DOCKER-ISOLATION-STAGE-2\n",
		n->bridge, n->bridge);
}

static void stage_2(FILE *out, const struct network *n, const char *subnet)
{
	(void)subnet;
	if (!n->internal)
		fprintf(out, "\t\toifname \"%s\" drop\n", n->bridge);
}

static void forward(FILE *out, const struct network *n, const char *subnet)
{
	(void)subnet;
	if (!n->internal) {
		fprintf(out,
			"\t\toifname \"%s\" ct state established,related accept\n",
			n->bridge);
		fprintf(out, "\t\tiifname \"%s\" oifname != \"%s\" accept\n",
			n->bridge, n->bridge);
	}
	if (n->icc)
		fprintf(out, "\t\tiifname \"%s\" oifname \"%s\" accept\n",
			n->bridge, n->bridge);
}

static void postrouting(FILE *out, const struct network *n, const char *subnet)
{
	if (n->masquerade && !n->internal)
		fprintf(out, "\t\tip saddr %s oifname != \"%s\" masquerade\n",
			subnet, n->bridge);
}

/* The rules of all networks of a host for one chain; Docker puts those of the
 * newest bridge first */
static void rules(FILE *out, const struct networks *networks, uint32_t host,
		  void (*write)(FILE *out, const struct network *network,
				const char *subnet))
{
	char subnet[PREFIX_TEXT_SIZE];
	const struct network *network;
	uint32_t i;

	for (i = networks->count; i-- > 0;) {
		network = &networks->items[i];
		if (network->host == host &&
		    network->driver == DRIVER_BRIDGE &&
		    network->subnet.family == AF_INET)
			write(out, network,
			      prefix_format(&network->subnet, network->length,
					    subnet));
	}
}

static void table(FILE *out, const struct networks *networks, uint32_t host)
{
	fputs("table ip docker-bridges {\n"
	      "\tchain DOCKER-USER {\n\t}\n"
	      "\tchain DOCKER-ISOLATION-STAGE-2 {\n",
	      out);
	rules(out, networks, host, stage_2);
	fputs("\t}\n\tchain DOCKER-ISOLATION-STAGE-1 {\n", out);
	rules(out, networks, host, stage_1);
	fputs("\t}\n\tchain forward {\n"
	      "\t\ttype filter hook forward priority filter; policy drop;\n"
	      "\t\tjump DOCKER-USER\n"
	      "\t\tjump DOCKER-ISOLATION-STAGE-1\n",
	      out);
	rules(out, networks, host, forward);
	fputs("\t}\n\tchain postrouting {\n"
	      "\t\ttype nat hook postrouting priority srcnat; policy accept;\n",
	      out);
	rules(out, networks, host, postrouting);
	fputs("\t}\n}\n", out);
}

void firewall_text(struct networks *networks)
{
	struct expansion *e = networks->e;
	const struct network *network;
	bool *done = arena_alloc(e->arena, e->plan->node_count);
	char *text = NULL;
	size_t size;
	uint32_t i;
	FILE *out;

	for (i = 0; i < networks->count; i++) {
		network = &networks->items[i];
		if (network->driver != DRIVER_BRIDGE ||
		    network->host == NO_NODE || done[network->host])
			continue;
		done[network->host] = true;
		out = open_memstream(&text, &size);
		if (!out)
			abort();	/* as the arena does */
		table(out, networks, network->host);
		fclose(out);
		nftables_add(e, network->host, arena_strdup(e->arena, text),
			     network->at);
		free(text);
	}
}
