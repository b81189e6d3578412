// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * icc.c - whether the containers of a network can talk to each other
 *
 * Inter-container communication, as Docker calls it and lets one forbid it.
 * Every ordered pair is asked by ICMP, TCP and UDP: a filter may know one of
 * them, and one direction.  Where all have an IPv6 address in the network they are
 * asked by IPv6 as well, of which Docker's rules know nothing: containers that are
 * apart in one of the two are not isolated.
 *
 * Silence would also come of cables that are out.  So each container must reach
 * the network's gateway; and "isolated" means that nothing arrives, since a
 * container whose answers alone are lost can still be attacked.
 *
 * Whether the sender has learned the other's MAC address tells apart two ways
 * of doing it.  Docker's rule is about IP, and ARP passes; ports of a bridge
 * that are isolated from each other let nothing pass.
 */
#include <errno.h>
#include <linux/neighbour.h>
#include <string.h>
#include <sys/socket.h>

#include <labcheck/auto.h>

#include "icc_pairs.h"

enum { ARP_PASSES, ARP_BLOCKED };
static const char *const arp_words[] = {
	[ARP_PASSES] = "passes", [ARP_BLOCKED] = "blocked", NULL,
};

enum {
	PROTOCOLS = 3,
	ROUNDS_MAX = 2 * PROTOCOLS,
	ECHO_PORT = 7,		/* labcheck's servers echo, RFC 862 */
};

struct icc {
	struct lc_at at;
	struct lc_list among;
	struct lc_value network, gateway, port, expect, arp;
};

static const struct lc_field icc_fields[] = {
	LC_SCALAR("network", LC_NETWORK, struct icc, network, 0,
		  "the network, all of whose containers are asked"),
	LC_LIST_OF("among", LC_PATTERN, struct icc, among, 0,
		   "or these nodes, by name or pattern, as [u1, 'c*']"),
	LC_SCALAR("gateway", LC_ADDRESS, struct icc, gateway, 0,
		  "with `among`: an address that each of them must reach"),
	LC_SCALAR("port", LC_PORT, struct icc, port, 0,
		  "where labcheck serves for TCP and UDP; 7"),
	LC_CHOICE_OF("expect", icc_words, struct icc, expect, "default: open"),
	LC_CHOICE_OF("arp", arp_words, struct icc, arp,
		     "whether they learn each other's MAC address all the same"),
	LC_FIELD_END
};

static int expected(const struct icc *p)
{
	return lc_given(&p->expect) ? p->expect.choice : ICC_OPEN;
}

static void icc_verify(const void *params, struct lc_problems *problems)
{
	const struct icc *p = params;
	const bool one = p->among.count == 1 &&
			 !strpbrk(p->among.texts[0], "*?[");

	if (!lc_given(&p->network) == !p->among.count)
		lc_problem(problems, p->at,
			   "whose containers? say either `network` or `among`");
	if (lc_given(&p->network) && lc_given(&p->gateway))
		lc_problem(problems, p->gateway.at,
			   "a network's gateway is known: `gateway` goes with `among`");
	if (p->among.count && !lc_given(&p->gateway))
		lc_problem(problems, p->at,
			   "say with `gateway` what each of them must reach, or silence would mean nothing");
	if (lc_given(&p->gateway) && p->gateway.ip.family == AF_INET6)
		lc_problem(problems, p->gateway.at,
			   "an IPv4 address is needed");
	if (one)
		lc_problem(problems, p->at,
			   "a pair takes two nodes: this asserts nothing");
}

static bool icc_negative(const void *params)
{
	return expected(params) == ICC_ISOLATED;
}

static void icc_title(const void *params, FILE *out)
{
	const struct icc *p = params;

	if (lc_given(&p->network))
		fprintf(out, "icc of %s", p->network.text);
	else
		fputs("icc among", out);
	for (uint32_t i = 0; i < p->among.count; i++)
		fprintf(out, " %s", p->among.texts[i]);
	fprintf(out, " is %s", icc_words[expected(p)]);
	if (lc_given(&p->arp))
		fprintf(out, ", arp %s", p->arp.text);
}

/* Nodes that a list names are members of a network of which no more is known */
static int network_among(const struct icc *p, struct lc_lab *lab,
			 struct lc_network *ret, struct lc_err *err)
{
	lc_auto(lc_free) struct lc_node **nodes = NULL;
	size_t count = 0;
	int r = lc_lab_nodes(lab, &p->among, &nodes, &count, err);

	if (r)
		return r;
	ret->members = calloc(count + 1, sizeof(*ret->members));
	if (!ret->members)
		return lc_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		ret->members[i].node = nodes[i];
	ret->member_count = count;
	ret->gateway = p->gateway.ip;
	return 0;
}

static int network_of(const struct icc *p, struct lc_lab *lab,
		      struct lc_network *ret, struct lc_err *err)
{
	int r = lc_given(&p->network) ?
			lc_lab_network(lab, p->network.text, ret, err) :
			network_among(p, lab, ret, err);

	if (r)
		return r;
	if (ret->member_count < 2)
		return lc_err_set(err, -EINVAL,
				  "there is no pair to ask: this asserts nothing");
	if (!ret->gateway.family)
		return lc_err_set(err, -EINVAL,
				  "%s has no gateway that its containers could be seen to reach",
				  p->network.text);
	return 0;
}

static bool all_have_ipv6(const struct lc_network *network)
{
	for (size_t i = 0; i < network->member_count; i++)
		if (!network->members[i].ip6.family)
			return false;
	return true;
}

/* What is asked, in its order; @family: 0: whatever they have.  Return: how many */
static size_t rounds_of(const struct lc_network *network, int family,
			struct icc_round rounds[ROUNDS_MAX])
{
	static const int families[] = { AF_INET, AF_INET6 };
	size_t count = 0;

	for (size_t i = 0; i < 2; i++) {
		if (family && family != families[i])
			continue;
		if (!family && families[i] == AF_INET6 &&
		    !all_have_ipv6(network))
			continue;
		for (int k = 0; k < PROTOCOLS; k++)
			rounds[count++] = (struct icc_round){
				.protocol = (enum lc_protocol)k,
				.family = families[i],
			};
	}
	return count;
}

static int declare_pairs(const struct icc *p, const struct icc_round *round,
			 const struct lc_network *network,
			 struct lc_batch *batch, struct lc_err *err)
{
	struct lc_probe probe = {
		.protocol = round->protocol,
		.family = round->family,
		.size = 56,
		.serve = round->protocol != LC_ICMP,
		.negative = expected(p) != ICC_OPEN,
	};
	int r = 0;

	if (round->protocol != LC_ICMP)
		probe.port = lc_given(&p->port) ? (uint16_t)p->port.number :
						  ECHO_PORT;
	for (size_t i = 0; i < network->member_count; i++)
		for (size_t k = 0; k < network->member_count && !r; k++) {
			const struct lc_member *to = &network->members[k];

			if (i == k)
				continue;
			probe.from = lc_node_name(network->members[i].node);
			probe.to_node = lc_node_name(to->node);
			probe.to_ip = round->family == AF_INET ? to->ip :
								 to->ip6;
			r = lc_batch_add(batch, &probe, err);
		}
	return r;
}

/* All pairs in each round; and each to its gateway */
static int icc_declare(const void *params, const struct lc_context *context,
		       struct lc_batch *batch, struct lc_err *err)
{
	const struct icc *p = params;
	lc_auto(lc_network_done) struct lc_network network = { 0 };
	struct icc_round rounds[ROUNDS_MAX];
	int r = network_of(p, context->lab, &network, err);
	size_t count;

	if (r)
		return r;
	count = rounds_of(&network, context->family, rounds);
	for (size_t i = 0; i < count && !r; i++)
		r = declare_pairs(p, &rounds[i], &network, batch, err);
	for (size_t i = 0; i < network.member_count && !r; i++) {
		struct lc_probe probe = {
			.protocol = LC_ICMP,
			.from = lc_node_name(network.members[i].node),
			.to_ip = network.gateway,
			.size = 56,
		};

		r = lc_batch_add(batch, &probe, err);
	}
	return r;
}

static bool judge_gateways(const struct lc_seen *seen, size_t count,
			   struct lc_verdict *v)
{
	char text[LC_IP_TEXT];
	bool reached = true;

	for (size_t i = 0; i < count; i++) {
		if (seen[i].outcome == LC_REPLY)
			continue;
		lc_verdict_fail(v, "%s does not reach its gateway %s",
				seen[i].from,
				lc_ip_format(&seen[i].address, text));
		lc_verdict_note(v, "evidence", "%s", seen[i].detail);
		reached = false;
	}
	return reached;
}

/* Whether the sender has, or got, the other's MAC address */
static bool knows_mac(struct lc_lab *lab, const struct lc_seen *seen)
{
	struct lc_node *from = lc_lab_node(lab, seen->from, NULL);
	lc_auto(lc_free) struct lc_neighbour *list = NULL;
	size_t count = 0;

	if (!from || lc_node_neighbours(from, &list, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (lc_ip_equal(&list[i].ip, &seen->address))
			return list[i].has_mac && list[i].state != NUD_FAILED;
	return false;
}

static void judge_arp(const struct icc *p, struct lc_lab *lab,
		      const struct lc_seen *seen, size_t count,
		      struct lc_verdict *v)
{
	size_t known = 0, wanted;

	for (size_t i = 0; i < count; i++)
		known += knows_mac(lab, &seen[i]);
	wanted = p->arp.choice == ARP_PASSES ? count : 0;
	if (lc_given(&p->arp) && known != wanted)
		lc_verdict_expect(v, p->arp.choice == ARP_PASSES ?
				  "ARP passes" : "ARP is blocked",
				  !known ? "ARP is blocked" : known == count ?
				  "ARP passes" : "ARP passes between some");
	if (known == count)
		lc_verdict_note(v, "arp",
				"passes between all of them: only a filter of IP could keep them apart");
	else if (!known)
		lc_verdict_note(v, "arp",
				"passes between none of them: they have no wire in common, or isolated ports");
	else
		lc_verdict_note(v, "arp", "passes between %zu of %zu pairs",
				known, count);
}

static void icc_judge(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t count,
		      struct lc_verdict *v)
{
	const struct icc *p = params;
	lc_auto(lc_network_done) struct lc_network network = { 0 };
	struct icc_round rounds[ROUNDS_MAX];
	size_t members, pairs, round_count;
	struct lc_err err;

	if (network_of(p, context->lab, &network, &err)) {
		lc_verdict_error(v, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (lc_judge_error(v, &seen[i]))
			return;
	members = network.member_count;
	pairs = members * (members - 1);
	round_count = rounds_of(&network, context->family, rounds);
	if (count != round_count * pairs + members) {
		lc_verdict_error(v, "the network is not the one that was asked");
		return;
	}
	if (!judge_gateways(seen + round_count * pairs, members, v))
		return;
	icc_judge_pairs(expected(p), rounds, round_count, seen, pairs, v);
	judge_arp(p, context->lab, seen, pairs, v);
}

const struct lc_check lc_check_icc = {
	.name = "icc",
	.summary = "whether the containers of a network can talk to each other",
	.example = "- icc: {network: my-net}\n"
		   "- icc: {network: my-net, expect: isolated, arp: passes}\n"
		   "- icc: {among: [u1, u2], gateway: 172.17.0.1, expect: isolated}\n",
	.params_size = sizeof(struct icc),
	.fields = icc_fields,
	.verify = icc_verify,
	.negative = icc_negative,
	.title = icc_title,
	.declare = icc_declare,
	.judge = icc_judge,
};
