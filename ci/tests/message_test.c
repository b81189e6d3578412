// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * message_test.c - rtnetlink requests, attribute by attribute
 *
 * A request is printed as text, nests in braces, and compared with what the
 * kernel's headers ask for.  No request is sent, and no privilege needed.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "lab/address_message.h"
#include "lab/link_message.h"
#include "lab/message.h"
#include "scenario/plan.h"

static struct lc_ip ip(const char *text)
{
	struct lc_ip address = {
		.family = strchr(text, ':') ? AF_INET6 : AF_INET,
	};

	assert_int_equal(inet_pton(address.family, text, address.bytes), 1);
	return address;
}

/* "3=657468300001" for each attribute: its type, and its bytes */
static void print_attributes(FILE *out, const char *at, size_t left)
{
	const struct nlattr *attr;

	mnl_attr_for_each_payload(((const void *)at), left) {
		const uint8_t *bytes = mnl_attr_get_payload(attr);

		fprintf(out, " %u=", mnl_attr_get_type(attr));
		for (size_t i = 0; i < mnl_attr_get_payload_len(attr); i++)
			fprintf(out, "%02x", bytes[i]);
	}
}

static void assert_attributes(const struct rtnl_msg *m, size_t header,
			      const char *expected)
{
	char text[4096] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	print_attributes(out, m->bytes + MNL_NLMSG_HDRLEN + MNL_ALIGN(header),
			 m->header.nlmsg_len - MNL_NLMSG_HDRLEN -
				 MNL_ALIGN(header));
	fclose(out);
	assert_string_equal(text, expected);
	assert_false(m->overflow);
}

static const void *header_of(const struct rtnl_msg *m)
{
	return mnl_nlmsg_get_payload(&m->header);
}

static void test_address(void **state)
{
	static const struct {
		const char *ip;
		uint8_t length, flags;
		const char *attributes;
	} cases[] = {
		{ "192.168.15.1", 24, 0, " 2=c0a80f01 1=c0a80f01" },
		{ "10.0.0.1", 32, 0, " 2=0a000001 1=0a000001" },
		{ "fd00::1", 64, IFA_F_NODAD,
		  " 2=fd000000000000000000000000000001"
		  " 1=fd000000000000000000000000000001" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lc_ip address = ip(cases[i].ip);
		const struct ifaddrmsg *header;
		struct rtnl_msg m;

		rtnl_build_address(&m, 7, &address, cases[i].length);
		header = header_of(&m);
		assert_int_equal(m.header.nlmsg_type, RTM_NEWADDR);
		assert_int_equal(m.header.nlmsg_flags,
				 NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL);
		assert_int_equal(header->ifa_family, address.family);
		assert_int_equal(header->ifa_index, 7);
		assert_int_equal(header->ifa_prefixlen, cases[i].length);
		assert_int_equal(header->ifa_flags, cases[i].flags);
		assert_attributes(&m, sizeof(*header), cases[i].attributes);
	}
}

struct route_case {
	const char *to, *via, *source;	/* to NULL: default */
	uint8_t length;
	uint32_t ifindex, metric, table;
	int type;
	bool onlink;
	/* what comes out of it */
	uint8_t kernel_type, scope, kernel_table, flags;
	const char *attributes;
};

static const struct route_case route_cases[] = {
	/* default via 192.168.15.5 */
	{ NULL, "192.168.15.5", NULL, 0, 0, 0, 254, ROUTE_UNICAST, false,
	  RTN_UNICAST, RT_SCOPE_UNIVERSE, 254, 0, " 15=fe000000 5=c0a80f05" },
	/* 10.5.0.0/16 dev 3 metric 7: on-link, so of link scope */
	{ "10.5.0.0", NULL, NULL, 16, 3, 7, 254, ROUTE_UNICAST, false,
	  RTN_UNICAST, RT_SCOPE_LINK, 254, 0,
	  " 15=fe000000 1=0a050000 4=03000000 6=07000000" },
	/* a table beyond what the header's byte can hold */
	{ "10.6.0.0", "10.0.0.2", "10.0.0.1", 16, 0, 0, 1000, ROUTE_UNICAST,
	  false, RTN_UNICAST, RT_SCOPE_UNIVERSE, RT_TABLE_COMPAT, 0,
	  " 15=e8030000 1=0a060000 5=0a000002 7=0a000001" },
	/* a gateway that is on no subnet */
	{ NULL, "172.16.0.1", NULL, 0, 2, 0, 254, ROUTE_UNICAST, true,
	  RTN_UNICAST, RT_SCOPE_UNIVERSE, 254, RTNH_F_ONLINK,
	  " 15=fe000000 5=ac100001 4=02000000" },
	{ "10.8.0.0", NULL, NULL, 16, 0, 0, 254, ROUTE_BLACKHOLE, false,
	  RTN_BLACKHOLE, RT_SCOPE_UNIVERSE, 254, 0,
	  " 15=fe000000 1=0a080000" },
	{ "10.8.0.0", NULL, NULL, 16, 0, 0, 254, ROUTE_UNREACHABLE, false,
	  RTN_UNREACHABLE, RT_SCOPE_UNIVERSE, 254, 0,
	  " 15=fe000000 1=0a080000" },
	{ "10.8.0.0", NULL, NULL, 16, 0, 0, 254, ROUTE_PROHIBIT, false,
	  RTN_PROHIBIT, RT_SCOPE_UNIVERSE, 254, 0,
	  " 15=fe000000 1=0a080000" },
	/* IPv6 knows no link scope */
	{ "fd05::", NULL, NULL, 64, 3, 0, 254, ROUTE_UNICAST, false,
	  RTN_UNICAST, RT_SCOPE_UNIVERSE, 254, 0,
	  " 15=fe000000 1=fd050000000000000000000000000000 4=03000000" },
	/* IPv4 by way of IPv6 */
	{ "10.9.0.0", "fd00::9", NULL, 16, 2, 0, 254, ROUTE_UNICAST, false,
	  RTN_UNICAST, RT_SCOPE_UNIVERSE, 254, 0,
	  " 15=fe000000 1=0a090000 18=0a00fd000000000000000000000000000009"
	  " 4=02000000" },
};

static void test_route(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(route_cases) / sizeof(*route_cases);
	     i++) {
		const struct route_case *c = &route_cases[i];
		struct plan_route route = {
			.family = AF_INET, .is_default = !c->to,
			.length = c->length, .ifindex = c->ifindex,
			.metric = c->metric, .table = c->table,
			.type = c->type, .onlink = c->onlink,
		};
		const struct rtmsg *header;
		struct rtnl_msg m;

		if (c->to) {
			route.to = ip(c->to);
			route.family = route.to.family;
		}
		if (c->via)
			route.via = ip(c->via);
		if (c->source)
			route.source = ip(c->source);
		rtnl_build_route(&m, &route);
		header = header_of(&m);
		assert_int_equal(m.header.nlmsg_type, RTM_NEWROUTE);
		assert_int_equal(header->rtm_family, route.family);
		assert_int_equal(header->rtm_dst_len, c->length);
		assert_int_equal(header->rtm_protocol, RTPROT_BOOT);
		assert_int_equal(header->rtm_type, c->kernel_type);
		assert_int_equal(header->rtm_scope, c->scope);
		assert_int_equal(header->rtm_table, c->kernel_table);
		assert_int_equal(header->rtm_flags, c->flags);
		assert_attributes(&m, sizeof(*header), c->attributes);
	}
}

static void test_neighbour(void **state)
{
	struct plan_neighbor neighbor = {
		.ip = ip("192.168.15.9"), .mac = { 2, 0, 0, 0, 0, 9 },
		.ifindex = 4,
	};
	const struct ndmsg *header;
	struct rtnl_msg m;

	(void)state;
	rtnl_build_neighbour(&m, &neighbor);
	header = header_of(&m);
	assert_int_equal(m.header.nlmsg_type, RTM_NEWNEIGH);
	assert_int_equal(header->ndm_ifindex, 4);
	assert_int_equal(header->ndm_state, NUD_PERMANENT);
	assert_attributes(&m, sizeof(*header), " 1=c0a80f09 2=020000000009");
}

/* `bridge fdb ... dst ... self permanent`, and `... master permanent` */
static void test_fdb(void **state)
{
	struct plan_fdb fdb = {
		.mac = { 2, 0x42, 10, 100, 0, 4 }, .ifindex = 33,
		.dst = ip("10.0.0.2"),
	};
	const struct ndmsg *header;
	struct rtnl_msg m;

	(void)state;
	rtnl_build_fdb(&m, &fdb);
	header = header_of(&m);
	assert_int_equal(m.header.nlmsg_type, RTM_NEWNEIGH);
	assert_int_equal(m.header.nlmsg_flags,
			 NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE);
	assert_int_equal(header->ndm_family, AF_BRIDGE);
	assert_int_equal(header->ndm_ifindex, 33);
	assert_int_equal(header->ndm_state, NUD_PERMANENT);
	assert_int_equal(header->ndm_flags, NTF_SELF);
	assert_attributes(&m, sizeof(*header), " 2=02420a640004 1=0a000002");
	rtnl_build_fdb_delete(&m, &fdb);
	assert_int_equal(m.header.nlmsg_type, RTM_DELNEIGH);
	assert_int_equal(m.header.nlmsg_flags, NLM_F_REQUEST);
	assert_attributes(&m, sizeof(*header), " 2=02420a640004 1=0a000002");
	fdb.dst.family = 0;
	rtnl_build_fdb(&m, &fdb);
	assert_int_equal(header->ndm_flags, NTF_MASTER);
	assert_attributes(&m, sizeof(*header), " 2=02420a640004");
}

static void test_neighbour_failed(void **state)
{
	const struct lc_ip ip = { .family = AF_INET, .bytes = { 10, 0, 0, 9 } };
	const struct ndmsg *header;
	struct rtnl_msg m;

	(void)state;
	rtnl_build_neighbour_failed(&m, 33, &ip);
	header = header_of(&m);
	assert_int_equal(m.header.nlmsg_type, RTM_NEWNEIGH);
	/* Neither NLM_F_CREATE nor NLM_F_REPLACE: only one that is there */
	assert_int_equal(m.header.nlmsg_flags, NLM_F_REQUEST);
	assert_int_equal(header->ndm_family, AF_INET);
	assert_int_equal(header->ndm_ifindex, 33);
	assert_int_equal(header->ndm_state, NUD_FAILED);
	assert_attributes(&m, sizeof(*header), " 1=0a000009");
}

static void test_patience(void **state)
{
	struct rtnl_msg m;

	(void)state;
	/* NDTA_NAME, NDTA_PARMS { NDTPA_IFINDEX, NDTPA_RETRANS_TIME,
	 * NDTPA_PROXY_DELAY } */
	rtnl_build_neighbour_patience(&m, AF_INET, 2, 20);
	assert_int_equal(m.header.nlmsg_type, RTM_SETNEIGHTBL);
	assert_attributes(&m, sizeof(struct ndtmsg),
			  " 1=6172705f636163686500"
			  " 6=0800010002000000"
			  "0c00050014000000"
			  "00000000"
			  "0c000d0000000000"
			  "00000000");
}

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

/* What does not fit is noted, harms nothing, and stays noted */
static void test_overflow(void **state)
{
	static const char big[RTNL_MSG_SIZE];
	struct nlattr *nest;
	struct rtnl_msg m;

	(void)state;
	rtnl_msg_init(&m, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
	rtnl_put(&m, 1, big, 1100);
	assert_false(m.overflow);
	rtnl_put(&m, 1, big, 1100);
	assert_true(m.overflow);
	nest = rtnl_nest(&m, 2);
	rtnl_put_header(&m, 16);
	rtnl_put(&m, 1, big, sizeof(big));
	rtnl_nest_end(&m, nest);
	rtnl_put_u8(&m, 1, 1);
	assert_true(m.overflow);
	assert_true(m.header.nlmsg_len <= RTNL_MSG_SIZE);

	rtnl_msg_init(&m, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
	assert_false(m.overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_route),
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_neighbour_failed),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_veth),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_fdb),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_netem),
		cmocka_unit_test(test_overflow),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
