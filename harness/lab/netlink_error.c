// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netlink_error.c - what the kernel says when it refuses a netlink request
 */
#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include <labcheck/err.h>

#include "netlink_error.h"

/* One attribute behind an error (netlink(7), NETLINK_EXT_ACK), or NULL */
static const struct nlattr *extended(const struct nlmsghdr *answer,
				     uint16_t type,
				     enum mnl_attr_data_type data)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(answer);
	size_t offset = sizeof(*error);
	const struct nlattr *attr;

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		offset += MNL_ALIGN(error->msg.nlmsg_len) -
			  sizeof(error->msg);
	mnl_attr_for_each(attr, answer, offset)
		if (mnl_attr_get_type(attr) == type &&
		    mnl_attr_validate(attr, data) >= 0)
			return attr;
	return NULL;
}

/* The kernel's text loses its full stop: more words follow */
int netlink_error(const struct nlmsghdr *answer, struct lc_err *err)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attr;
	const char *text;
	size_t length;

	if (mnl_nlmsg_get_payload_len(answer) < sizeof(*error))
		return lc_err_set(err, -EBADMSG, "netlink: short answer");
	if (!error->error)
		return 0;
	attr = extended(answer, NLMSGERR_ATTR_MSG, MNL_TYPE_NUL_STRING);
	if (!attr)
		return lc_err_set(err, error->error, "%s",
				  strerror(-error->error));
	text = mnl_attr_get_str(attr);
	length = strlen(text);
	while (length && text[length - 1] == '.')
		length--;
	return lc_err_set(err, error->error, "%.*s", (int)length, text);
}

uint32_t netlink_error_offset(const struct nlmsghdr *answer)
{
	const struct nlattr *attr =
		extended(answer, NLMSGERR_ATTR_OFFS, MNL_TYPE_U32);

	return attr ? mnl_attr_get_u32(attr) : 0;
}
