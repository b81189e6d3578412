/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message_attributes.h - rtnetlink requests as text, for tests of their builders
 *
 * A request is printed attribute by attribute, nests as the bytes that they hold,
 * and compared with what the kernel's headers ask for.  The tests include it,
 * behind cmocka's header.
 */
#ifndef MESSAGE_ATTRIBUTES_H
#define MESSAGE_ATTRIBUTES_H

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <string.h>

#include <labcheck/value.h>

#include "lab/message.h"

static inline struct lc_ip ip(const char *text)
{
	struct lc_ip address = {
		.family = strchr(text, ':') ? AF_INET6 : AF_INET,
	};

	assert_int_equal(inet_pton(address.family, text, address.bytes), 1);
	return address;
}

/* "3=657468300001" for each attribute: its type, and its bytes */
static inline void print_attributes(FILE *out, const char *at, size_t left)
{
	const struct nlattr *attr;

	mnl_attr_for_each_payload(((const void *)at), left) {
		const uint8_t *bytes = mnl_attr_get_payload(attr);

		fprintf(out, " %u=", mnl_attr_get_type(attr));
		for (size_t i = 0; i < mnl_attr_get_payload_len(attr); i++)
			fprintf(out, "%02x", bytes[i]);
	}
}

static inline void assert_attributes(const struct rtnl_msg *m, size_t header,
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

static inline const void *header_of(const struct rtnl_msg *m)
{
	return mnl_nlmsg_get_payload(&m->header);
}

#endif
