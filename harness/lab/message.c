// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * message.c - one rtnetlink message, made by pure functions
 */
#include <string.h>

#include <libmnl/libmnl.h>

#include "message.h"

/* A place to write to when there is no room: nobody reads what lands here */
static char nowhere[64];

/* The flags of a new one mean other things for what is deleted */
void rtnl_msg_revoke(struct rtnl_msg *m)
{
	m->header.nlmsg_type++;
	m->header.nlmsg_flags = NLM_F_REQUEST;
}

void *rtnl_put_header(struct rtnl_msg *m, size_t size)
{
	if (m->header.nlmsg_len + MNL_ALIGN(size) > sizeof(m->bytes)) {
		m->overflow = true;
		return memset(nowhere, 0, sizeof(nowhere));
	}
	return mnl_nlmsg_put_extra_header(&m->header, size);
}

void *rtnl_msg_init(struct rtnl_msg *m, uint16_t type, uint16_t flags,
		    size_t size)
{
	m->overflow = false;
	mnl_nlmsg_put_header(m->bytes);
	m->header.nlmsg_type = type;
	m->header.nlmsg_flags = NLM_F_REQUEST | flags;
	return rtnl_put_header(m, size);
}

void rtnl_put(struct rtnl_msg *m, uint16_t type, const void *data, size_t size)
{
	size_t end = m->header.nlmsg_len + MNL_ATTR_HDRLEN + MNL_ALIGN(size);

	if (size > UINT16_MAX || end > sizeof(m->bytes)) {
		m->overflow = true;
		return;
	}
	/* The padding; not all versions of the library see to it */
	memset(m->bytes + end - MNL_ALIGNTO, 0, MNL_ALIGNTO);
	mnl_attr_put(&m->header, type, size, data);
}

void rtnl_put_u8(struct rtnl_msg *m, uint16_t type, uint8_t value)
{
	rtnl_put(m, type, &value, sizeof(value));
}

void rtnl_put_u16(struct rtnl_msg *m, uint16_t type, uint16_t value)
{
	rtnl_put(m, type, &value, sizeof(value));
}

void rtnl_put_u32(struct rtnl_msg *m, uint16_t type, uint32_t value)
{
	rtnl_put(m, type, &value, sizeof(value));
}

void rtnl_put_u64(struct rtnl_msg *m, uint16_t type, uint64_t value)
{
	rtnl_put(m, type, &value, sizeof(value));
}

void rtnl_put_str(struct rtnl_msg *m, uint16_t type, const char *text)
{
	rtnl_put(m, type, text, strlen(text) + 1);
}

void rtnl_put_ip(struct rtnl_msg *m, uint16_t type, const struct lc_ip *ip)
{
	if (ip->family)
		rtnl_put(m, type, ip->bytes,
			 ip->family == AF_INET ? sizeof(ip->v4) :
						 sizeof(ip->v6));
}

struct nlattr *rtnl_nest(struct rtnl_msg *m, uint16_t type)
{
	struct nlattr *nest = mnl_attr_nest_start_check(
		&m->header, sizeof(m->bytes), type);

	if (!nest)
		m->overflow = true;
	return nest;
}

void rtnl_nest_end(struct rtnl_msg *m, struct nlattr *nest)
{
	if (nest)
		mnl_attr_nest_end(&m->header, nest);
}
