// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * help_doubt.c - what `labcheck doubt` breaks, and how
 */
#include <stddef.h>

#include "help.h"

static const struct row {
	const char *what, *how;
} rows[] = {
	{ "an interface",
	  "down; up, where state: down; without IPv6, where\n"
	  "it has no such address" },
	{ "ports",
	  "no port; a port of the node's next bridge; not\n"
	  "isolated" },
	{ "a container's cable",
	  "down; plugged into the host's next bridge; without\n"
	  "a proxy: nothing turns round to it" },
	{ "mac",
	  "another; of the stations of a bridge each has that\n"
	  "of the one before it" },
	{ "mtu, delay, loss, rate",
	  "each by itself: the kernel's own" },
	{ "vxlan, vlan, macvlan",
	  "another VNI, port, remote; another VLAN; another\n"
	  "parent, kept from others on it or open to them" },
	{ "an address",
	  "left out; another of its subnet; alone (/32), or\n"
	  "in a subnet so wide that it takes in others" },
	{ "a route",
	  "left out; by a gateway that nobody has; so wide\n"
	  "that it takes in others; over another interface,\n"
	  "behind its rival, without its source, of another\n"
	  "type" },
	{ "a neighbour, a forwarding entry",
	  "left out; another MAC address, another remote" },
	{ "forward, sysctls",
	  "off where it is on, on where it is off; another\n"
	  "value is left out" },
	{ "nftables",
	  "each rule left out, each policy drop accepts; NAT\n"
	  "to another address and another port; drop for\n"
	  "reject" },
	{ "a service",
	  "left out" },
	{ "a network",
	  "does not masquerade; is not kept apart from\n"
	  "others; lets its containers talk though icc is\n"
	  "false; is not internal; has no names; the kernel's\n"
	  "MTU; an overlay's other hosts don't know a\n"
	  "container, or one of them uses another VNI" },
	{ "a rule that Docker makes",
	  "left out, as is the policy to drop what is\n"
	  "forwarded" },
	{ "a published port",
	  "left out; leads to another port, or container;\n"
	  "open at every address; without its proxy" },
	{ "a container's name, an alias",
	  "unknown; leads to another container" },
	{ "nameservers",
	  "the first left out; another" },
	{ "network: host, container:",
	  "a network of its own" },
};

static void print_row(const struct row *row, FILE *out)
{
	fprintf(out, "  %s\n      ", row->what);
	for (const char *p = row->how; *p; p++) {
		putc(*p, out);
		if (*p == '\n')
			fputs("      ", out);
	}
	putc('\n', out);
}

void help_doubt(FILE *out)
{
	fputs("Each of these is broken by itself, in a fresh lab, and some step must fail:\n\n",
	      out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		print_row(&rows[i], out);
	fputs("\nWhat the plan shows to make no difference is left alone, and so is what no\n"
	      "file asks for.  'labcheck doubt --list FILE' tells all of a file.  A comment\n"
	      "`# doubt: WORDS: REASON` excuses one that cannot matter.\n",
	      out);
}
