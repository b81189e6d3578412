// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * link_message_test.c - requests for interfaces of all kinds
 *
 * No request is sent, and no privilege needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "lab/link_message.h"
#include "message_attributes.h"
#include "scenario/plan.h"

static const struct plan_interface veth_red = {
	.name = "veth-red", .kind = KIND_VETH, .ifindex = 2, .has_mac = true,
	.mac = { 2, 0, 0, 0, 0, 1 },
};
static const struct plan_interface veth_blue = {
	.name = "b", .kind = KIND_VETH, .ifindex = 5, .mtu = 1400,
};

/* The peer's nest opens with a header of its own, struct ifinfomsg */
static void test_veth(void **state)
{
	const struct rtnl_end end = {
		.interface = &veth_red, .netns = -1, .master = 9,
	};
	const struct rtnl_end peer = { .interface = &veth_blue, .netns = 3 };
	const struct ifinfomsg *header;
	struct rtnl_msg m;

	(void)state;
	rtnl_build_veth(&m, &end, &peer);
	header = header_of(&m);
	assert_int_equal(m.header.nlmsg_type, RTM_NEWLINK);
	assert_int_equal(m.header.nlmsg_flags,
			 NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL);
	assert_int_equal(header->ifi_index, 2);
	assert_int_equal(header->ifi_flags, 0);
	assert_attributes(&m, sizeof(*header),
			  /* IFLA_IFNAME, IFLA_ADDRESS, queues, IFLA_MASTER */
			  " 3=766574682d72656400 1=020000000001"
			  " 31=01000000 32=01000000 10=09000000"
			  /* IFLA_LINKINFO { IFLA_INFO_KIND veth, DATA { PEER */
			  " 18=090001007665746800000000"
			  "40000280" "3c000180"
			  "00000000050000000000000000000000"
			  "060003006200" "0000"
			  "0800040078050000"
			  "08001f0001000000" "0800200001000000"
			  "08001c0003000000");
}

static void assert_kind(const struct plan_interface *interface,
			const char *attributes)
{
	struct rtnl_msg m;

	rtnl_build_link(&m, interface, -1);
	assert_int_equal(m.header.nlmsg_type, RTM_NEWLINK);
	assert_attributes(&m, sizeof(struct ifinfomsg), attributes);
}

/* Asked for in the namespace below, to live in another: IFLA_NET_NS_FD */
static void test_elsewhere(void **state)
{
	struct plan_interface macvlan = {
		.name = "eth0", .kind = KIND_MACVLAN, .lower = 4, .ifindex = 40,
		.mode = MACVLAN_PRIVATE,
	};
	struct plan_interface vxlan = {
		.name = "vxlan0", .kind = KIND_VXLAN, .vni = 4097,
		.port = 4789, .proxy = true, .master = 32,
	};
	const struct ifinfomsg *header;
	struct rtnl_msg m;

	(void)state;
	rtnl_build_link(&m, &macvlan, 7);
	header = header_of(&m);
	assert_int_equal(header->ifi_index, 40);
	assert_attributes(&m, sizeof(*header),
			  " 3=6574683000 28=07000000 5=04000000"
			  " 18=0c0001006d6163766c616e000c000280"
			  "0800010001000000");
	/* ID, PORT, PROXY, L2MISS, L3MISS */
	rtnl_build_link(&m, &vxlan, 7);
	assert_attributes(&m, sizeof(*header),
			  " 3=76786c616e3000 28=07000000 10=20000000"
			  " 18=0a00010076786c616e0000002c000280"
			  "0800010001100000"
			  "06000f0012b50000"
			  "05000b0001000000"
			  "05000d0001000000"
			  "05000e0001000000");
}

static void test_kinds(void **state)
{
	struct plan_interface bridge = { .name = "br0", .kind = KIND_BRIDGE };
	struct plan_interface macvlan = {
		.name = "mv0", .kind = KIND_MACVLAN, .lower = 4,
		.mode = MACVLAN_BRIDGE,
	};
	struct plan_interface vxlan = {
		.name = "vx0", .kind = KIND_VXLAN, .vni = 10, .lower = 3,
		.local = ip("10.0.0.1"), .remote = ip("10.0.0.2"),
	};
	struct plan_interface vlan = {
		.name = "v", .kind = KIND_VLAN, .lower = 3, .vlan = 50,
	};
	struct plan_interface vrf = {
		.name = "v", .kind = KIND_VRF, .table = 1000,
	};

	(void)state;
	/* IFLA_BR_MCAST_SNOOPING 0 */
	assert_kind(&bridge, " 3=62723000"
			     " 18=0b00010062726964676500000c000280"
			     "0500170000000000");
	/* IFLA_LINK; IFLA_MACVLAN_MODE */
	assert_kind(&macvlan, " 3=6d763000 5=04000000"
			      " 18=0c0001006d6163766c616e000c000280"
			      "0800010004000000");
	/* ID, LOCAL, GROUP, PORT 4789, LINK */
	assert_kind(&vxlan, " 3=76783000"
			    " 18=0a00010076786c616e0000002c000280"
			    "080001000a000000"
			    "080004000a000001"
			    "080002000a000002"
			    "06000f0012b50000"
			    "0800030003000000");
	/* IFLA_LINK; IFLA_VLAN_ID */
	assert_kind(&vlan, " 3=7600 5=03000000"
			   " 18=09000100766c616e000000000c000280"
			   "0600010032000000");
	/* IFLA_VRF_TABLE */
	assert_kind(&vrf, " 3=7600"
			  " 18=08000100767266000c000280"
			  "08000100e8030000");
}

static void test_changes(void **state)
{
	struct plan_interface port = { .ifindex = 3 };
	const struct ifinfomsg *header;
	struct rtnl_msg m;

	(void)state;
	rtnl_build_link_state(&m, 3, true);
	header = header_of(&m);
	assert_int_equal(header->ifi_index, 3);
	assert_int_equal(header->ifi_flags, 1);
	assert_int_equal(header->ifi_change, 1);
	rtnl_build_link_state(&m, 3, false);
	assert_int_equal(header->ifi_flags, 0);
	assert_int_equal(header->ifi_change, 1);
	rtnl_build_link_master(&m, 3, 0);
	assert_attributes(&m, sizeof(*header), " 10=00000000");
	rtnl_build_link_quiet(&m, 3);
	assert_attributes(&m, sizeof(*header),
			  " 26=0c000a800500080001000000");
	port.isolated = true;
	rtnl_build_port(&m, &port);
	assert_int_equal(header->ifi_family, AF_BRIDGE);
	assert_attributes(&m, sizeof(*header), " 12=0500210001000000");
	port.isolated = false;
	port.hairpin = true;
	rtnl_build_port(&m, &port);
	assert_attributes(&m, sizeof(*header), " 12=0500040001000000");
}

static void test_netem(void **state)
{
	static const struct {
		uint64_t loss;		/* hundredths of a percent */
		uint32_t share;		/* of 2^32 */
	} cases[] = {
		{ 0, 0 }, { 100, 42949672 }, { 5000, 1u << 31 },
		{ 10000, UINT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct plan_interface interface = {
			.ifindex = 2, .delay_ns = 10000000,
			.loss = cases[i].loss,
		};
		const struct tc_netem_qopt *option;
		const struct nlattr *attr;
		struct rtnl_msg m;
		bool found = false;

		rtnl_build_netem(&m, &interface);
		mnl_attr_for_each(attr, &m.header, sizeof(struct tcmsg)) {
			if (mnl_attr_get_type(attr) != TCA_OPTIONS)
				continue;
			option = mnl_attr_get_payload(attr);
			assert_int_equal(option->loss, cases[i].share);
			found = true;
		}
		assert_true(found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_veth),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_netem),
	};

	return cmocka_run_group_tests_name("link_message", tests, NULL, NULL);
}
