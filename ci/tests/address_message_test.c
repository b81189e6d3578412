// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * address_message_test.c - requests for addresses, routes and neighbours
 *
 * No request is sent, and no privilege needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "lab/address_message.h"
#include "message_attributes.h"
#include "scenario/plan.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_route),
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_neighbour_failed),
		cmocka_unit_test(test_fdb),
		cmocka_unit_test(test_patience),
	};

	return cmocka_run_group_tests_name("address_message", tests, NULL,
					   NULL);
}
