/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address.h - arithmetic with IP addresses and prefixes
 */
#ifndef SCENARIO_ADDRESS_H
#define SCENARIO_ADDRESS_H

#include <labcheck/value.h>

enum {
	IP_TEXT_SIZE = LC_IP_TEXT,
	PREFIX_TEXT_SIZE = LC_IP_TEXT + 4,	/* '/' and three digits */
	MAC_TEXT_SIZE = LC_MAC_TEXT,
};

/* Short names of what checks see too; address.c has them */
static inline const char *ip_format(const struct lc_ip *ip,
				    char text[IP_TEXT_SIZE])
{
	return lc_ip_format(ip, text);
}

static inline const char *mac_format(const uint8_t mac[6],
				     char text[MAC_TEXT_SIZE])
{
	return lc_mac_format(mac, text);
}

static inline bool ip_equal(const struct lc_ip *a, const struct lc_ip *b)
{
	return lc_ip_equal(a, b);
}

/** prefix_format() - An address and its length; @text is returned */
const char *prefix_format(const struct lc_ip *ip, uint8_t length,
			  char text[PREFIX_TEXT_SIZE]);

/** ip_bits() - 32, 128, or 0 without a family */
unsigned int ip_bits(int family);

/** ip_compare() - <0, 0, >0: by family, then by value */
int ip_compare(const struct lc_ip *a, const struct lc_ip *b);

bool ip_is_any(const struct lc_ip *ip);		/* 0.0.0.0, :: */
bool ip_is_loopback(const struct lc_ip *ip);	/* 127.0.0.0/8, ::1 */
bool ip_is_link_local(const struct lc_ip *ip);	/* 169.254/16, fe80::/10 */
bool ip_is_multicast(const struct lc_ip *ip);

/** ip_network() - The address with every bit behind @length cleared */
struct lc_ip ip_network(const struct lc_ip *ip, uint8_t length);

/** ip_last() - The address with every bit behind @length set */
struct lc_ip ip_last(const struct lc_ip *ip, uint8_t length);

/** ip_add() - The address @n further on; false: there is none */
bool ip_add(const struct lc_ip *ip, uint64_t n, struct lc_ip *ret_ip);

/** prefix_contains() - Whether @ip is in the prefix of @network */
bool prefix_contains(const struct lc_ip *network, uint8_t length,
		     const struct lc_ip *ip);

/** prefix_overlaps() - Whether two prefixes share an address */
bool prefix_overlaps(const struct lc_ip *a, uint8_t a_length,
		     const struct lc_ip *b, uint8_t b_length);

/**
 * prefix_has_host() - Whether an interface of this subnet can have @ip
 *
 * IPv4 subnets up to /30 give their first address to the network and their
 * last to broadcasts; /31 (RFC 3021), /32 and IPv6 have no such.
 */
bool prefix_has_host(const struct lc_ip *network, uint8_t length,
		     const struct lc_ip *ip);

#endif
