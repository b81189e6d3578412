// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_refusal.c - whether nf_tables refuses a request, or can't do it
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>

#include <labcheck/err.h>

#include "netfilter_refusal.h"

_Static_assert((int)NFTA_MATCH_NAME == (int)NFTA_TARGET_NAME,
	       "the name of both is read the same way");

/* A text among the attributes inside of another, or "" */
static const char *text_in(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == type &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			return mnl_attr_get_str(attr);
	return "";
}

static const struct nlattr *nest_in(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

static int lacks_expression(const struct nlattr *element, int code,
			    struct lc_err *err)
{
	const char *name = text_in(element, NFTA_EXPR_NAME);
	const struct nlattr *data = nest_in(element, NFTA_EXPR_DATA);

	/* A jump to a chain that is not there */
	if (!strcmp(name, "immediate"))
		return code;
	if (data && (!strcmp(name, "match") || !strcmp(name, "target"))) {
		const char *module = text_in(data, NFTA_MATCH_NAME);

		return lc_err_set(err, -EOPNOTSUPP,
				  "this kernel lacks the %s %s, or its "
				  "nft_compat", name, module);
	}
	return lc_err_set(err, -EOPNOTSUPP,
			  "this kernel's nf_tables lacks %s", name);
}

static const struct nlattr *attr_at(const struct nlmsghdr *request,
				    uint32_t offset)
{
	const struct nlattr *attr = (const void *)((const char *)request +
						   offset);

	if (offset < MNL_NLMSG_HDRLEN || offset % MNL_ALIGNTO ||
	    offset >= request->nlmsg_len ||
	    !mnl_attr_ok(attr, request->nlmsg_len - offset))
		return NULL;
	return attr;
}

int netfilter_refusal(const struct nlmsghdr *request, uint32_t offset,
		      int code, struct lc_err *err)
{
	const struct nlattr *attr = attr_at(request, offset);

	if (code != -ENOENT || !attr)
		return code;
	switch (request->nlmsg_type & 0xff) {
	case NFT_MSG_NEWRULE:
		return mnl_attr_get_type(attr) == NFTA_LIST_ELEM &&
				       text_in(attr, NFTA_EXPR_NAME)[0] ?
			       lacks_expression(attr, code, err) : code;
	case NFT_MSG_NEWCHAIN:
		if (mnl_attr_get_type(attr) != NFTA_CHAIN_TYPE)
			return code;
		return lc_err_set(err, -EOPNOTSUPP,
				  "this kernel's nf_tables lacks chains of "
				  "type %s", mnl_attr_get_str(attr));
	default:
		return code;
	}
}
