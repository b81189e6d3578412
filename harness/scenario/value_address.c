// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * value_address.c - IP addresses, prefixes and MAC addresses
 *
 * A part of an IPv4 address has no leading zero: some readers take 010 for
 * eight, and a lab in which two programs disagree about an address is the
 * last thing that anybody looks for.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/err.h>

#include "scenario/address.h"
#include "scenario/value.h"

bool value_is_like_address(const char *text)
{
	const char *colon = strchr(text, ':');

	if (colon && strchr(colon + 1, ':'))
		return true;
	return isdigit((unsigned char)*text) && strchr(text, '.') && !colon;
}

/* What is wrong with four numbers and their dots */
static int not_ipv4(const char *text, struct lc_err *err)
{
	unsigned int parts = 0;
	const char *p = text;

	for (;; p++) {
		size_t digits = strspn(p, "0123456789");

		if (!digits)
			break;
		parts++;
		if (digits > 1 && *p == '0')
			return lc_err_set(err, -EINVAL,
					  "'%.60s' is not an address: %.*s "
					  "begins with a zero", text,
					  (int)digits, p);
		if (digits > 3 || strtoul(p, NULL, 10) > 255)
			return lc_err_set(err, -EINVAL,
					  "'%.60s' is not an address: %.*s is "
					  "over 255", text,
					  digits > 20 ? 20 : (int)digits, p);
		p += digits;
		if (*p != '.')
			break;
	}
	if (!*p && parts && parts != 4)
		return lc_err_set(err, -EINVAL,
				  "'%.60s' is not an address: it has %u parts, "
				  "not four", text, parts);
	return lc_err_set(err, -EINVAL,
			  "'%.60s' is not an address: 192.168.1.3, fd00::3",
			  text);
}

int value_address(const char *text, struct lc_ip *ret_ip, struct lc_err *err)
{
	struct lc_ip ip = { 0 };

	if (strchr(text, '/'))
		return lc_err_set(err, -EINVAL,
				  "'%.60s': an address without a length belongs "
				  "here", text);
	if (strchr(text, '%'))
		return lc_err_set(err, -EINVAL,
				  "'%.60s': an address with an interface is not "
				  "understood here", text);
	if (inet_pton(AF_INET, text, &ip.v4) == 1) {
		ip.family = AF_INET;
	} else if (strchr(text, ':')) {
		if (inet_pton(AF_INET6, text, &ip.v6) != 1)
			return lc_err_set(err, -EINVAL,
					  "'%.60s' is not an IPv6 address",
					  text);
		ip.family = AF_INET6;
	} else {
		return not_ipv4(text, err);
	}
	*ret_ip = ip;
	return 0;
}

int value_prefix(const char *text, struct lc_value *value, struct lc_err *err)
{
	const char *slash = strchr(text, '/');
	char address[IP_TEXT_SIZE + 1] = "";
	uint64_t length;
	int r;

	if (!slash) {
		r = value_address(text, &value->ip, err);
		if (r < 0)
			return r;
		value->length = (uint8_t)ip_bits(value->ip.family);
		value->bare = true;
		return 0;
	}
	if ((size_t)(slash - text) >= sizeof(address))
		return lc_err_set(err, -EINVAL, "'%.60s' is not an address",
				  text);
	memcpy(address, text, (size_t)(slash - text));
	r = value_address(address, &value->ip, err);
	if (r < 0)
		return r;
	r = value_number(slash + 1, 0, 0, &length, NULL);
	if (r < 0 || length > ip_bits(value->ip.family))
		return lc_err_set(err, -EINVAL,
				  "'%.60s': the length of an IPv%c prefix is a "
				  "number from 0 to %u", text,
				  value->ip.family == AF_INET ? '4' : '6',
				  ip_bits(value->ip.family));
	value->length = (uint8_t)length;
	value->bare = false;
	return 0;
}

int value_subnet(const char *text, struct lc_value *value, struct lc_err *err)
{
	char right[PREFIX_TEXT_SIZE];
	struct lc_ip network;
	int r;

	r = value_prefix(text, value, err);
	if (r < 0)
		return r;
	if (value->bare)
		return lc_err_set(err, -EINVAL,
				  "'%.60s' is an address; a subnet has a length: "
				  "192.168.1.0/24", text);
	network = ip_network(&value->ip, value->length);
	if (!ip_equal(&network, &value->ip))
		return lc_err_set(err, -EINVAL,
				  "'%.60s' is an address in a subnet; the subnet "
				  "is %s", text,
				  prefix_format(&network, value->length,
						right));
	return 0;
}

int value_destination(const char *text, struct lc_value *value,
		      struct lc_err *err)
{
	if (!strcmp(text, "default"))
		return 0;
	if (!value_is_like_address(text) && !strchr(text, '/'))
		return lc_err_set(err, -EINVAL,
				  "'%.60s' is not a destination: default, "
				  "192.168.1.0/24, 192.168.1.3", text);
	return strchr(text, '/') ? value_subnet(text, value, err) :
				   value_prefix(text, value, err);
}

int value_mac(const char *text, uint8_t ret_mac[6], struct lc_err *err)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t mac[6];

	for (size_t i = 0; i < 17; i++) {
		const char *digit = strchr(digits,
					   tolower((unsigned char)text[i]));

		if (i % 3 == 2 ? text[i] != ':' : !text[i] || !digit)
			return lc_err_set(err, -EINVAL,
					  "'%.60s' is not a MAC address: "
					  "02:00:00:00:00:01", text);
		if (i % 3 == 0)
			mac[i / 3] = (uint8_t)((digit - digits) << 4);
		else if (i % 3 == 1)
			mac[i / 3] |= (uint8_t)(digit - digits);
	}
	if (text[17])
		return lc_err_set(err, -EINVAL,
				  "'%.60s' is not a MAC address: it is too long",
				  text);
	memcpy(ret_mac, mac, sizeof(mac));
	return 0;
}
