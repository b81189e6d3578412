// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * address.c - arithmetic with IP addresses and prefixes
 *
 * Both families are strings of bytes in network order, so one piece of code
 * does for both.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "address.h"

unsigned int ip_bits(int family)
{
	switch (family) {
	case AF_INET:
		return 32;
	case AF_INET6:
		return 128;
	default:
		return 0;
	}
}

static size_t ip_size(const struct lc_ip *ip)
{
	return ip_bits(ip->family) / 8;
}

const char *lc_ip_format(const struct lc_ip *ip, char text[IP_TEXT_SIZE])
{
	if (!ip_bits(ip->family) ||
	    !inet_ntop(ip->family, ip->bytes, text, IP_TEXT_SIZE))
		strcpy(text, "-");
	return text;
}

const char *prefix_format(const struct lc_ip *ip, uint8_t length,
			  char text[PREFIX_TEXT_SIZE])
{
	size_t used;

	ip_format(ip, text);
	used = strlen(text);
	snprintf(text + used, PREFIX_TEXT_SIZE - used, "/%u", length);
	return text;
}

const char *lc_mac_format(const uint8_t mac[6], char text[MAC_TEXT_SIZE])
{
	snprintf(text, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
	return text;
}

int ip_compare(const struct lc_ip *a, const struct lc_ip *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, ip_size(a));
}

bool lc_ip_equal(const struct lc_ip *a, const struct lc_ip *b)
{
	return ip_compare(a, b) == 0;
}

bool ip_is_any(const struct lc_ip *ip)
{
	static const uint8_t zero[16];

	return memcmp(ip->bytes, zero, ip_size(ip)) == 0;
}

bool ip_is_loopback(const struct lc_ip *ip)
{
	if (ip->family == AF_INET)
		return ip->bytes[0] == 127;
	return ip->family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&ip->v6);
}

bool ip_is_link_local(const struct lc_ip *ip)
{
	if (ip->family == AF_INET)
		return ip->bytes[0] == 169 && ip->bytes[1] == 254;
	return ip->family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&ip->v6);
}

bool ip_is_multicast(const struct lc_ip *ip)
{
	if (ip->family == AF_INET)
		return ip->bytes[0] >> 4 == 0xe;
	return ip->family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&ip->v6);
}

/* Bits of byte @i that lie behind a prefix of @length */
static uint8_t host_bits(uint8_t length, size_t i)
{
	if (length >= (i + 1) * 8)
		return 0;
	if (length <= i * 8)
		return 0xff;
	return 0xff >> (length - i * 8);
}

struct lc_ip ip_network(const struct lc_ip *ip, uint8_t length)
{
	struct lc_ip network = *ip;
	size_t i;

	for (i = 0; i < ip_size(ip); i++)
		network.bytes[i] &= (uint8_t)~host_bits(length, i);
	return network;
}

struct lc_ip ip_last(const struct lc_ip *ip, uint8_t length)
{
	struct lc_ip last = *ip;
	size_t i;

	for (i = 0; i < ip_size(ip); i++)
		last.bytes[i] |= host_bits(length, i);
	return last;
}

bool ip_add(const struct lc_ip *ip, uint64_t n, struct lc_ip *ret_ip)
{
	struct lc_ip sum = *ip;
	unsigned int carry = 0;
	size_t i;

	for (i = ip_size(ip); i-- > 0; n >>= 8) {
		carry += sum.bytes[i] + (n & 0xff);
		sum.bytes[i] = (uint8_t)carry;
		carry >>= 8;
	}
	if (carry || n || !ip_size(ip))
		return false;
	*ret_ip = sum;
	return true;
}

bool prefix_contains(const struct lc_ip *network, uint8_t length,
		     const struct lc_ip *ip)
{
	size_t i;

	if (network->family != ip->family || !ip_size(ip))
		return false;
	for (i = 0; i < ip_size(ip); i++)
		if ((network->bytes[i] ^ ip->bytes[i]) & ~host_bits(length, i))
			return false;
	return true;
}

bool prefix_overlaps(const struct lc_ip *a, uint8_t a_length,
		     const struct lc_ip *b, uint8_t b_length)
{
	return a_length <= b_length ? prefix_contains(a, a_length, b)
				    : prefix_contains(b, b_length, a);
}

bool prefix_has_host(const struct lc_ip *network, uint8_t length,
		     const struct lc_ip *ip)
{
	struct lc_ip first, last;

	if (!prefix_contains(network, length, ip))
		return false;
	if (ip->family == AF_INET6 || length > 30)
		return true;
	first = ip_network(network, length);
	last = ip_last(network, length);
	return !ip_equal(ip, &first) && !ip_equal(ip, &last);
}
