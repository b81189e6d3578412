/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schema.h - what a mapping of the language may hold
 *
 * One table of fields per mapping is all there is: libcyaml's schema, the
 * strict reading of each value, the references that must exist, `labcheck
 * help`, the JSON Schema and the manual's tables come out of it.
 *
 * A struct that is loaded by a table begins with a `struct lc_at at`, its
 * place in the file.  Scalars are `struct lc_value`, or `struct lc_scalar` where
 * no more of them is looked at, lists of scalars `struct lc_list`, a mapping is a
 * pointer, a list of mappings a pointer and a `uint32_t NAME_count` beside it.
 *
 * A scalar can also be a pointer to one of the two, where there are thousands of
 * such mappings of which few have it.  Once loaded it is never NULL: one that is
 * not given points to a value of nothing.
 */
#ifndef LABCHECK_SCHEMA_H
#define LABCHECK_SCHEMA_H

#include <stddef.h>

#include <labcheck/value.h>

enum lc_type {
	LC_TEXT = 1,	/* anything but nothing */
	LC_WORDS,	/* any text, also an empty one */
	LC_NAME,	/* a name that this mapping gives to itself */
	LC_IFNAME,	/* an interface's name: at most 15 bytes */
	LC_NUMBER,	/* decimal digits; within min..max of the field */
	LC_BOOL,	/* true or false */
	LC_DURATION,	/* 10ms, 5s, 2m, 100us */
	LC_PERCENT,	/* 1%, 0.5% */
	LC_RATE,	/* 10mbit, 1gbit, 800kbit */
	LC_CHOICE,	/* one of the field's words */
	LC_ADDRESS,	/* 192.168.1.3, fd00::3 */
	LC_ADDRESS_OR_UNCHANGED,/* the same, or `unchanged` */
	LC_PREFIX,	/* 192.168.15.1/24: an address and its length; or bare */
	LC_SUBNET,	/* 192.168.15.0/24: no bit set behind the length */
	LC_DESTINATION,	/* a SUBNET, an ADDRESS (its own length), or `default` */
	LC_MAC,		/* 02:00:00:00:00:01 */
	LC_MAC_OR_RANDOM,/* the same, or `random` */
	LC_MAC_OF,	/* the same, or node:interface: the MAC of that */
	LC_PORT,	/* 1..65535 */
	LC_PORTS,	/* 80 or 8000-8010 */
	LC_TABLE,	/* a routing table: number, main, local, default */
	LC_COMPARISON,	/* 3, ">=1", "<5" */
	LC_FILTER,	/* a pcap filter expression */
	LC_REGEX,	/* POSIX extended */
	LC_NODE,	/* a node that exists */
	LC_PATTERN,	/* a node, or a pattern such as c* that matches some */
	LC_INTERFACE,	/* node:interface */
	LC_ENDPOINT,	/* node:interface that this very line makes (links) */
	LC_PLACE,	/* node, or node:interface */
	LC_TARGET,	/* address, node, node:interface, name:NAME */
	LC_NETWORK,	/* a network that exists */
	LC_NODE_NETWORK,/* the same, or none, host, container:NODE */
	LC_STEP,	/* the name of an earlier step */
	LC_SYSCTL,	/* net.ipv4.ip_forward=1 */
	LC_NETNS,	/* a path, a name, pid:N, docker:NAME */
	LC_PUBLISH,	/* 127.0.0.1:9001:80/tcp, as of `docker run -p` */
	LC_REQUIRES,	/* one of the closed list of what a machine may lack */
	LC_LIST,	/* list of scalars; type of one: item */
	LC_MAPPING,	/* one mapping; its own fields */
	LC_MAPPINGS,	/* list of mappings */
	LC_STEPS,	/* the list of steps: fields and verbs */
};

enum {
	LC_REQUIRED	= 1 << 0,
	/* a reference of this field need not exist yet: a step may create it */
	LC_MAY_COME	= 1 << 1,
};

/** struct lc_field - One key of a mapping */
struct lc_field {
	const char *key;
	enum lc_type type;
	enum lc_type item;			/* LIST: of what */
	unsigned int flags;
	uint32_t offset;
	uint32_t count_offset;			/* MAPPINGS */
	uint32_t size;				/* of one: scalar, mapping */
	bool apart;				/* scalar: a pointer to it */
	const struct lc_field *fields;		/* MAPPING(S) */
	const char *const *words;		/* CHOICE; ends with NULL */
	uint64_t min, max;			/* NUMBER; max 0: 2^63 */
	const char *help;			/* one line, no full stop */
};

/* A scalar's size, and whether its member is a pointer to it */
#define LC_MEMBER(struct_, member_)					\
	.offset = offsetof(struct_, member_),				\
	.size = _Generic(((struct_ *)0)->member_,			\
		const struct lc_scalar *: sizeof(struct lc_scalar),	\
		const struct lc_value *: sizeof(struct lc_value),	\
		default: sizeof(((struct_ *)0)->member_)),		\
	.apart = _Generic(((struct_ *)0)->member_,			\
		const struct lc_scalar *: true,				\
		const struct lc_value *: true,				\
		default: false)

#define LC_SCALAR(key_, type_, struct_, member_, flags_, help_)		\
	{ .key = key_, .type = type_, .flags = flags_,			\
	  LC_MEMBER(struct_, member_), .help = help_ }
#define LC_CHOICE_OF(key_, words_, struct_, member_, help_)		\
	{ .key = key_, .type = LC_CHOICE, .words = words_,		\
	  LC_MEMBER(struct_, member_), .help = help_ }
#define LC_NUMBER_IN(key_, min_, max_, struct_, member_, help_)		\
	{ .key = key_, .type = LC_NUMBER, .min = min_, .max = max_,	\
	  LC_MEMBER(struct_, member_), .help = help_ }
#define LC_LIST_OF(key_, item_, struct_, member_, flags_, help_)	\
	{ .key = key_, .type = LC_LIST, .item = item_, .flags = flags_,	\
	  .offset = offsetof(struct_, member_), .help = help_ }
#define LC_MAPPING_OF(key_, fields_, struct_, member_, flags_, help_)	\
	{ .key = key_, .type = LC_MAPPING, .flags = flags_,		\
	  .offset = offsetof(struct_, member_), .fields = fields_,	\
	  .size = sizeof(*((struct_ *)0)->member_), .help = help_ }
#define LC_MAPPINGS_OF(key_, fields_, struct_, member_, flags_, help_)	\
	{ .key = key_, .type = LC_MAPPINGS, .flags = flags_,		\
	  .offset = offsetof(struct_, member_),				\
	  .count_offset = offsetof(struct_, member_##_count),		\
	  .fields = fields_,						\
	  .size = sizeof(*((struct_ *)0)->member_), .help = help_ }
#define LC_FIELD_END { .key = NULL }

#endif
