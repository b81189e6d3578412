// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * help_outcomes.c - what each outcome rests on
 *
 * The rows are in the order of enum lc_outcome and bear its words, so that
 * one that is forgotten does not compile.  The types and codes are those of
 * outcome_of_icmp(), the errors those of outcome_of_send().
 */
#include <labcheck/probe.h>

#include "help.h"

/**
 * struct evidence - What tells an outcome
 * @seen:	In words
 * @icmp4:	Types and codes (RFC 792, 1122, 1812), NULL: none
 * @icmp6:	The same of RFC 4443
 * @error:	What the sender's own kernel says
 */
struct evidence {
	const char *seen;
	const char *icmp4;
	const char *icmp6;
	const char *error;
};

/* clang-format off */
static const struct evidence evidence[] = {
	[LC_REPLY] = {
		"the answer came, and from whom it should (tcp: `open`)",
		"0/0", "129/0", NULL },
	[LC_DROP] = {
		"it left, and neither an answer nor an error came back", NULL,
		NULL, NULL },
	[LC_REFUSED] = {
		"a TCP reset", NULL, NULL, "ECONNREFUSED, with a reset seen" },
	[LC_CLOSED] = {
		"TCP: the handshake was answered, and the connection closed "
		"or reset before a word came", NULL, NULL,
		"end of file, ECONNRESET" },
	[LC_NET_UNREACHABLE] = {
		"a router has no route", "3/0, 3/6, 3/11", "1/0", NULL },
	[LC_HOST_UNREACHABLE] = {
		"a router found no neighbour", "3/1, 3/7, 3/12", "1/3", NULL },
	[LC_PROTOCOL_UNREACHABLE] = {
		"nobody speaks that protocol there", "3/2", "4/1", NULL },
	[LC_PORT_UNREACHABLE] = {
		"nobody listens there", "3/3", "1/4", NULL },
	[LC_PROHIBITED] = {
		"a filter or a prohibit route said so", "3/9, 3/10, 3/13",
		"1/1, 1/5, 1/6", NULL },
	[LC_TTL_EXCEEDED] = {
		"it went through too many routers", "11/0", "3/0", NULL },
	[LC_REJECT] = {
		"any ICMP error from net-unreachable to ttl-exceeded, and "
		"those without a name of their own", "3, 11, 12", "1, 3, 4",
		NULL },
	[LC_TOO_BIG] = {
		"it does not fit an interface on the way", "3/4", "2/0",
		"EMSGSIZE" },
	[LC_NO_ROUTE] = {
		"the sender's own kernel had nowhere to send it", NULL, NULL,
		"ENETUNREACH" },
	[LC_NO_CARRIER] = {
		"it never left: the sender's interface is up, but has no "
		"carrier (RFC 2863: lowerLayerDown); its cable is out, or the "
		"other end is down", NULL, NULL,
		"none; IFF_LOWER_UP is not set (netdevice(7))" },
	[LC_NO_NEIGHBOR] = {
		"the next hop did not answer ARP or neighbour discovery",
		"3/1 from the sender itself", "1/3 from the sender itself",
		"EHOSTUNREACH, later" },
	[LC_BLOCKED] = {
		"the sender's own kernel refused: a blackhole, unreachable or "
		"prohibit route, its own firewall or IPsec policy, or it has "
		"no IPv6 address to send from", NULL, NULL,
		"EINVAL, EHOSTUNREACH at once, EACCES, EPERM, EADDRNOTAVAIL" },
	[LC_NO_NAME] = {
		"the name that it was to go to is not found: nobody knows it, "
		"or nobody answers", NULL, NULL,
		"EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_FAIL of getaddrinfo" },
	[LC_EXPECT_FAIL] = {
		"any of these but the first, of a sender that can send: not "
		"no-carrier, nor any other if all its interfaces are down",
		NULL, NULL, NULL },
};
/* clang-format on */

_Static_assert(sizeof(evidence) / sizeof(*evidence) == LC_EXPECT_FAIL + 1,
	       "a row for every word of lc_words_reply");

void help_outcomes(FILE *out)
{
	fputs("What `expect` can name, for ping, tcp and udp.  ICMP is given "
	      "as type/code.\n", out);
	for (size_t i = 0; i < sizeof(evidence) / sizeof(*evidence); i++) {
		const struct evidence *e = &evidence[i];

		fprintf(out, "\n%s\n    %s\n", lc_words_reply[i], e->seen);
		if (e->icmp4)
			fprintf(out, "    ICMP %s; ICMPv6 %s\n", e->icmp4,
				e->icmp6);
		if (e->error)
			fprintf(out, "    socket: %s\n", e->error);
	}
	fputs("\nWhat can't be told is an error, never one of these; and so is a drop or a\n"
	      "missing neighbour if nothing shows that the sender can send at all.\n",
	      out);
}
