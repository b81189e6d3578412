/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.h - a scalar of a scenario: as it was written, where, and what it means
 *
 * libcyaml's own numbers and booleans are lax (it reads `10ms` as 10 and
 * `fasle` as true), so it fills in the text alone; the strict parsers of
 * harness/scenario/value.c add the meaning, directed by the field's type.
 */
#ifndef LABCHECK_VALUE_H
#define LABCHECK_VALUE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** struct lc_at - A place in the scenario file; both count from 1, 0: none */
struct lc_at {
	uint32_t line;
	uint32_t column;
};

/** struct lc_ip - An IPv4 or IPv6 address, in network byte order */
struct lc_ip {
	int family;		/* AF_INET, AF_INET6, or 0: none */
	union {
		struct in_addr v4;
		struct in6_addr v6;
		uint8_t bytes[16];
	};
};

/**
 * struct lc_ends - Who a packet on a wire is from, and whom it is for
 *
 * Ports of TCP and UDP; of an ICMP echo both are its identifier, which NAT
 * treats as one (RFC 5508, 3.1).  Family 0: no such packet was seen.
 */
struct lc_ends {
	struct lc_ip source, destination;
	uint16_t source_port, destination_port;
};

/** enum lc_target_kind - What a `to:` names */
enum lc_target_kind {
	LC_TARGET_NONE,
	LC_TARGET_ADDRESS,	/* 192.168.1.3 */
	LC_TARGET_NODE,		/* blue */
	LC_TARGET_INTERFACE,	/* blue:veth-blue */
	LC_TARGET_NAME,		/* name:u5, resolved by the sender */
};

/** enum lc_relation - How a count is compared: 3, >=1, <5, ... */
enum lc_relation {
	LC_EQUAL, LC_AT_LEAST, LC_AT_MOST, LC_MORE, LC_LESS, LC_NOT_EQUAL,
};

/**
 * struct lc_publish - What `docker run -p` says
 * @on:		The host's address; family 0: any
 * @host_first, @host_last: The host's ports; 0: the next free ones
 * @first, @last: The container's: as many, or one, which then gets the first
 *		free one of the host's
 * @protocol:	IPPROTO_TCP or IPPROTO_UDP
 */
struct lc_publish {
	struct lc_ip on;
	uint16_t host_first, host_last;
	uint16_t first, last;
	uint8_t protocol;
};

/**
 * struct lc_value - One scalar
 * @text:	As written; NULL: not given.  Must stay first: libcyaml fills it
 * @at:		Where
 * @number:	NUMBER, SIZE (bytes), PORT, TABLE, PERCENT (hundredths of one),
 *		RATE (bytes/s)
 * @flag:	BOOL
 * @choice:	CHOICE: index into the field's words
 * @ns:		DURATION, nanoseconds
 * @ip:		ADDRESS, PREFIX, SUBNET, and TARGET of kind address
 * @length:	PREFIX, SUBNET: bits of the prefix
 * @bare:	PREFIX: no length was written, so it is a host's own (/32, /128)
 * @mac:	MAC
 * @is_random:	MAC_OR_RANDOM: `random`, and @mac is zero
 * @publish:	PUBLISH
 * @first:	PORTS: the first port of a range
 * @last:	PORTS: the last one, the first one if there is only one
 * @node:	what stands before the colon of NODE, PLACE, INTERFACE, TARGET;
 *		a PATTERN as it stands
 * @interface:	what stands behind it, or NULL; of a MAC that is given as
 *		"c2:eth0" @node and @interface are set and @mac is zero
 */
struct lc_value {
	const char *text;
	struct lc_at at;
	union {
		uint64_t number;
		uint64_t ns;
		bool flag;
		int choice;
		struct {
			struct lc_ip ip;
			uint8_t length;
			bool bare;
		};
		struct {
			uint8_t mac[6];
			bool is_mac;
			bool is_random;
		};
		struct {
			uint16_t first;
			uint16_t last;
		};
		struct {
			enum lc_relation relation;
			uint64_t than;
		};
		const struct lc_publish *publish;
	};
	enum lc_target_kind kind;
	const char *node;
	const char *interface;
};

/**
 * struct lc_scalar - A value of which the text, or a number, is all there is
 *
 * The beginning of struct lc_value, where a lab has thousands of them: whatever
 * type its field has, the rest of its meaning is not kept.
 */
struct lc_scalar {
	const char *text;
	struct lc_at at;
	union {
		uint64_t number;
		uint64_t ns;
		bool flag;
		int choice;
	};
};

_Static_assert(offsetof(struct lc_scalar, at) == offsetof(struct lc_value, at) &&
	       offsetof(struct lc_scalar, number) ==
		       offsetof(struct lc_value, number),
	       "the beginning of a value");

/**
 * struct lc_list - A list of scalars
 * @texts:	As written, filled by libcyaml; must stay first
 * @count:	How many
 * @items:	The same, with their meaning
 */
struct lc_list {
	char **texts;
	uint32_t count;
	struct lc_value *items;
};

enum {
	LC_IP_TEXT = 46,	/* an address as text, as INET6_ADDRSTRLEN */
	LC_MAC_TEXT = 18,
};

/** lc_ip_format() - An address as text; "-" without a family.  @text is returned */
const char *lc_ip_format(const struct lc_ip *ip, char text[LC_IP_TEXT]);
const char *lc_mac_format(const uint8_t mac[6], char text[LC_MAC_TEXT]);
bool lc_ip_equal(const struct lc_ip *a, const struct lc_ip *b);

/** lc_comparison_holds() - Whether a count is as a COMPARISON wants it */
bool lc_comparison_holds(const struct lc_value *comparison, uint64_t count);

/** lc_given() - Whether a key was given at all; of a value or a scalar */
#define lc_given(value)	((value)->text != NULL)

#endif
