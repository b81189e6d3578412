// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * question_test.c - whose neighbour a packet asks for
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <cmocka.h>

#include <labcheck/value.h>

#include "probe/packet/question.h"

#define ARP_HEAD	"\0\1\10\0\6\4"
#define ASKER		"\2\0\0\0\0\1\12\0\0\2"
#define ARP_TARGET	"\0\0\0\0\0\0\12\0\0\11"
#define IP6_SOURCE	"\375\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2"
#define IP6_GROUP	"\377\2\0\0\0\0\0\0\0\0\0\1\377\0\0\11"
#define IP6_TARGET	"\375\0\0\0\0\0\0\0\0\0\0\0\0\0\0\11"
#define IP6(next)	"\140\0\0\0\0\30" next "\377" IP6_SOURCE IP6_GROUP

#define BYTES(literal)	(const uint8_t *)(literal), sizeof(literal) - 1

static void test_questions(void **state)
{
	static const struct {
		const char *about;
		uint16_t protocol;
		const uint8_t *bytes;
		size_t length;
		const char *asked;	/* NULL: it is no question */
	} cases[] = {
		{ "a request", ETH_P_ARP,
		  BYTES(ARP_HEAD "\0\1" ASKER ARP_TARGET), "10.0.0.9" },
		{ "an answer", ETH_P_ARP,
		  BYTES(ARP_HEAD "\0\2" ASKER ARP_TARGET), NULL },
		{ "a request, cut", ETH_P_ARP,
		  BYTES(ARP_HEAD "\0\1" ASKER), NULL },
		{ "of another protocol", ETH_P_ARP,
		  BYTES("\0\1\206\335\6\4\0\1" ASKER ARP_TARGET), NULL },
		{ "a request as if it were IP", ETH_P_IP,
		  BYTES(ARP_HEAD "\0\1" ASKER ARP_TARGET), NULL },
		{ "a solicitation", ETH_P_IPV6,
		  BYTES(IP6("\72") "\207\0\0\0\0\0\0\0" IP6_TARGET),
		  "fd00::9" },
		{ "an advertisement", ETH_P_IPV6,
		  BYTES(IP6("\72") "\210\0\0\0\0\0\0\0" IP6_TARGET), NULL },
		{ "a solicitation, cut", ETH_P_IPV6,
		  BYTES(IP6("\72") "\207\0\0\0\0\0\0\0"), NULL },
		{ "TCP", ETH_P_IPV6,
		  BYTES(IP6("\6") "\207\0\0\0\0\0\0\0" IP6_TARGET), NULL },
	};
	char text[INET6_ADDRSTRLEN];
	struct lc_ip ip;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool asks = question_read(cases[i].protocol, cases[i].bytes,
					  cases[i].length, &ip);

		if (asks != (cases[i].asked != NULL))
			fail_msg("%s", cases[i].about);
		if (asks)
			assert_string_equal(inet_ntop(ip.family, ip.bytes, text,
						      sizeof(text)),
					    cases[i].asked);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
