// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plan_changes_test.c - what a lab becomes while its steps change it
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "planned.h"

static const char changes[] =
	"networks:\n"
	"  - {name: net-b, subnet: 10.2.0.0/24}\n"
	"  - {name: net-a, subnet: 10.1.0.0/24}\n"
	"  - {name: aa, subnet: 10.3.0.0/24, internal: true}\n"
	"nodes:\n"
	"  - {name: one, network: net-a}\n"
	"  - {name: two, network: net-b, interfaces: [{name: eth0, mtu: 1300}]}\n"
	"  - {name: far}\n"
	"  - {name: guest, network: 'container:one'}\n"
	"links: [{endpoints: ['two:eth1', 'far:eth0']}]\n"
	"steps:\n"
	/* 1 */
	"  - connect: {node: two, network: net-a}\n"
	"  - connect: {node: two, network: aa}\n"
	"  - disconnect: {node: two, network: net-a}\n"
	/* 4 */
	"  - create: {name: new, network: net-a}\n"
	"  - connect: {node: two, network: net-a, address: 10.1.0.77, mac: '02:00:00:00:00:07'}\n"
	"  - disconnect: {node: two, network: net-b}\n"
	/* 7 */
	"  - remove: {node: one}\n"
	"  - ping: {from: two, to: new}\n"
	"  - create: {name: one, networks: [{name: net-b}, {name: net-a}]}\n"
	/* 10 */
	"  - remove: {node: far}\n"
	"  - create: {name: guest2, network: 'container:one'}\n"
	"  - create: {name: far, network: net-a}\n";

/** struct expected_state - How a node is behind a step, see is_state() */
struct expected_state {
	unsigned int step;
	const char *node, *interfaces;
};

static void are_states(const struct planned *p,
		       const struct expected_state *states, size_t count)
{
	for (size_t i = 0; i < count; i++)
		is_state(p, states[i].step, states[i].node,
			 states[i].interfaces);
}

static void test_changes(void **state)
{
	static const struct expected_state states[] = {
		{ 0, "one", "eth0 32 10.1.0.2/24 via 10.1.0.1" },
		/* eth1 is the end of a cable */
		{ 0, "two", "eth0 32 10.2.0.2/24, eth1 33 via 10.2.0.1" },
		{ 1, "two", "eth1 33, eth0 32 10.2.0.2/24, eth2 34 10.1.0.3/24 via 10.1.0.1" },
		{ 2, "two", "eth1 33, eth0 32 10.2.0.2/24, eth2 34 10.1.0.3/24, eth3 35 10.3.0.2/24 via 10.1.0.1" },
		{ 3, "two", "eth1 33, eth0 32 10.2.0.2/24, eth3 35 10.3.0.2/24 via 10.2.0.1" },
		/* What was freed is the lowest free one */
		{ 4, "new", "eth0 32 10.1.0.3/24 via 10.1.0.1" },
		{ 3, "new", "-" },
		{ 6, "two", "eth1 33, eth3 35 10.3.0.2/24, eth4 36 10.1.0.77/24 via 10.1.0.1" },
		{ 7, "one", "-" },
		{ 8, "one", "-" },
		/* The default route does not hang on the order of connecting */
		{ 9, "one", "eth0 32 10.2.0.2/24, eth1 33 10.1.0.2/24 via 10.1.0.1" },
		/* With its node a cable goes */
		{ 9, "far", "eth0 32" },
		{ 10, "two", "eth3 35 10.3.0.2/24, eth4 36 10.1.0.77/24 via 10.1.0.1" },
		{ 12, "far", "eth0 32 10.1.0.4/24 via 10.1.0.1" },
	};
	const struct plan *plan, *last;
	struct planned p;
	int one, guest;

	(void)state;
	planned_init(&p, changes);
	assert_int_equal(p.result, 0);
	are_states(&p, states, sizeof(states) / sizeof(*states));

	/* Who lived in the namespace of one stays there */
	one = plan_node_find(&p.plan, "one");
	guest = plan_node_find(&p.plan, "guest");
	last = state_of(&p, 12);
	assert_int_equal(last->node_count, p.plan.node_count);
	assert_null(last->next);
	assert_int_equal(last->nodes[guest].shares, one);
	assert_true(last->nodes[one].absent);
	assert_int_equal(last->nodes[one].interface_count, 0);
	assert_int_not_equal(plan_node_find(last, "one"), one);
	assert_int_equal(last->nodes[plan_node_find(last, "guest2")].shares,
			 plan_node_find(last, "one"));

	/* In the order of connecting, and another one under the same name */
	plan = state_of(&p, 6);
	assert_int_equal(plan->endpoint_count, 4);
	assert_int_equal(plan->endpoints[1].node, plan_node_find(plan, "two"));
	assert_int_equal(plan->endpoints[3].node, plan_node_find(plan, "two"));
	assert_int_equal(plan->endpoints[3].ifindex, 36);
	assert_int_equal(plan->endpoints[3].mac[5], 7);
	assert_string_not_equal(p.plan.endpoints[0].id,
				last->endpoints[last->endpoint_count - 2].id);
	planned_done(&p);
}

/* A swarm gives an address again only when all others have had their turn; and
 * the way out comes and goes as it is needed */
static void test_overlay_changes(void **state)
{
	static const char text[] =
		"networks:\n"
		"  - {name: ov, driver: overlay, subnet: 10.9.0.0/29}\n"
		"  - {name: way, subnet: 192.168.7.0/24}\n"
		"nodes:\n"
		"  - {name: host}\n"
		"  - {name: a, network: ov}\n"
		"  - {name: b, network: ov}\n"
		"steps:\n"
		"  - remove: {node: b}\n"
		"  - create: {name: c, network: ov}\n"
		"  - remove: {node: c}\n"
		"  - create: {name: d, networks: [{name: ov, address: 10.9.0.4}]}\n"
		"  - create: {name: e, network: ov}\n"
		"  - remove: {node: d}\n"
		"  - create: {name: f, network: ov}\n"
		"  - connect: {node: a, network: way}\n"
		"  - disconnect: {node: a, network: ov}\n"
		"  - disconnect: {node: a, network: way}\n"
		"  - connect: {node: a, network: ov}\n";
	static const struct expected_state states[] = {
		{ 0, "a", "eth0 32 10.9.0.2/29, eth1 33 172.18.0.3/16 via 172.18.0.1" },
		{ 0, "lb_ov.host", "eth0 32 10.9.0.3/29" },
		{ 0, "b", "eth0 32 10.9.0.4/29, eth1 33 172.18.0.4/16 via 172.18.0.1" },
		{ 2, "c", "eth0 32 10.9.0.5/29, eth1 33 172.18.0.4/16 via 172.18.0.1" },
		/* An address that is asked for changes nothing */
		{ 5, "e", "eth0 32 10.9.0.6/29, eth1 33 172.18.0.5/16 via 172.18.0.1" },
		{ 7, "f", "eth0 32 10.9.0.4/29, eth1 33 172.18.0.4/16 via 172.18.0.1" },
		{ 8, "a", "eth0 32 10.9.0.2/29, eth2 34 192.168.7.2/24 via 192.168.7.1" },
		{ 9, "a", "eth2 34 192.168.7.2/24 via 192.168.7.1" },
		{ 10, "a", "" },
		{ 11, "a", "eth3 35 10.9.0.5/29, eth4 36 172.18.0.3/16 via 172.18.0.1" },
	};
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	are_states(&p, states, sizeof(states) / sizeof(*states));
	planned_done(&p);
}

static void test_etc(void **state)
{
	static const char text[] =
		"nodes:\n"
		"  - {name: host, nameservers: [127.0.0.53, 10.0.0.1, 'fd00::1']}\n"
		"  - {name: bare}\n"
		"  - {name: u1, network: bridge}\n"
		"  - {name: own, network: none, nameservers: [127.0.0.1]}\n"
		"  - {name: app, network: host}\n"
		"  - {name: real, netns: real}\n";
	static const struct {
		const char *node, *resolv_conf;
	} cases[] = {
		{ "host", "nameserver 127.0.0.53\nnameserver 10.0.0.1\n"
			  "nameserver fd00::1\n" },
		{ "bare", "" },
		{ "u1", "nameserver 10.0.0.1\n" },
		{ "own", "nameserver 8.8.8.8\nnameserver 8.8.4.4\n" },
		{ "app", "nameserver 127.0.0.53\nnameserver 10.0.0.1\n"
			 "nameserver fd00::1\n" },
	};
	const struct plan_node *node;
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		node = &p.plan.nodes[plan_node_find(&p.plan, cases[i].node)];
		assert_string_equal(node->files->resolv_conf,
				    cases[i].resolv_conf);
	}
	node = &p.plan.nodes[plan_node_find(&p.plan, "real")];
	assert_null(node->files);
	assert_false(p.plan.names);
	planned_done(&p);
}

static void is_etc(const struct plan *plan, const char *name, bool embedded,
		   const char *own)
{
	const struct plan_node *node;
	const char *lines;

	node = &plan->nodes[plan_node_find(plan, name)];
	lines = strstr(node->files->hosts, "ip6-allrouters\n");
	assert_non_null(lines);
	assert_string_equal(lines + strlen("ip6-allrouters\n"), own);
	assert_int_equal(node->files->embedded, embedded);
	assert_int_equal(!strcmp(node->files->resolv_conf,
				 "nameserver 127.0.0.11\noptions ndots:0\n"),
			 embedded);
}

/* Docker takes less back than it gives */
static void test_etc_history(void **state)
{
	static const char text[] =
		"networks: [{name: a, subnet: 10.1.0.0/16}, {name: b, subnet: 10.2.0.0/16}]\n"
		"nodes:\n"
		"  - {name: two, networks: [{name: bridge}, {name: a}]}\n"
		"  - {name: plain, network: bridge}\n"
		"steps:\n"
		"  - ping: {from: plain, to: 'name:x'}\n"
		"  - disconnect: {node: two, network: a}\n"
		"  - connect: {node: two, network: b}\n"
		"  - connect: {node: plain, network: b}\n";
	char own[100], left[100], plain[100], both[100];
	const char *two_id, *plain_id;
	const struct plan *plan;
	struct planned p;

	(void)state;
	planned_init(&p, text);
	assert_int_equal(p.result, 0);
	plan = &p.plan;
	assert_int_equal(plan->endpoint_count, 3);
	two_id = plan->endpoints[0].id;
	plain_id = plan->endpoints[2].id;
	snprintf(own, sizeof(own), "172.17.0.2\t%s\n10.1.0.2\t%s\n", two_id,
		 two_id);
	snprintf(left, sizeof(left), "10.2.0.2\t%s\n", two_id);
	snprintf(plain, sizeof(plain), "172.17.0.3\t%s\n", plain_id);
	snprintf(both, sizeof(both), "172.17.0.3\t%s\n10.2.0.3\t%s\n",
		 plain_id, plain_id);
	is_etc(plan, "two", true, own);
	is_etc(plan, "plain", false, plain);
	plan = plan->next;
	is_etc(plan, "two", true, "");
	plan = plan->next;
	is_etc(plan, "two", true, left);
	is_etc(plan, "plain", false, plain);
	plan = plan->next;
	is_etc(plan, "plain", true, both);
	assert_true(plan->names);
	assert_null(plan->next);
	planned_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_overlay_changes),
		cmocka_unit_test(test_etc),
		cmocka_unit_test(test_etc_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
