// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * devconf.c - the IPv4 settings that a namespace gives to new interfaces
 *
 * An interface starts with a copy of the namespace's `default` settings, and lo
 * is made with its namespace.  So of a new one lo still tells them all, in one
 * message (IFLA_INET_CONF, linux/if_link.h), and two apart that it is given for
 * what it is: no policy, no transformation.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

#include <labcheck/err.h>

#include "devconf.h"
#include "link_message.h"
#include "message.h"
#include "rtnl.h"

enum { LO_IFINDEX = 1 };

#define FOLDER "net/ipv4/conf/default/"

/* By their numbers, which start at 1; 0: not known */
struct devconf {
	uint32_t values[IPV4_DEVCONF_MAX + 1];
	size_t count;
};

static const struct {
	const char *name;
	unsigned int number;
} settings[] = {
	{ "accept_local", IPV4_DEVCONF_ACCEPT_LOCAL },
	{ "accept_redirects", IPV4_DEVCONF_ACCEPT_REDIRECTS },
	{ "accept_source_route", IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE },
	{ "arp_accept", IPV4_DEVCONF_ARP_ACCEPT },
	{ "arp_announce", IPV4_DEVCONF_ARP_ANNOUNCE },
	{ "arp_filter", IPV4_DEVCONF_ARPFILTER },
	{ "arp_ignore", IPV4_DEVCONF_ARP_IGNORE },
	{ "arp_notify", IPV4_DEVCONF_ARP_NOTIFY },
	{ "ignore_routes_with_linkdown",
	  IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN },
	{ "promote_secondaries", IPV4_DEVCONF_PROMOTE_SECONDARIES },
	{ "proxy_arp", IPV4_DEVCONF_PROXY_ARP },
	{ "route_localnet", IPV4_DEVCONF_ROUTE_LOCALNET },
	{ "rp_filter", IPV4_DEVCONF_RP_FILTER },
	{ "secure_redirects", IPV4_DEVCONF_SECURE_REDIRECTS },
	{ "send_redirects", IPV4_DEVCONF_SEND_REDIRECTS },
	{ "src_valid_mark", IPV4_DEVCONF_SRC_VMARK },
};

static void read_ipv4(struct devconf *devconf, const struct nlattr *ipv4)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, ipv4) {
		size_t count = mnl_attr_get_payload_len(attr) / sizeof(uint32_t);

		if (mnl_attr_get_type(attr) != IFLA_INET_CONF)
			continue;
		if (count > IPV4_DEVCONF_MAX)
			count = IPV4_DEVCONF_MAX;
		memcpy(devconf->values + 1, mnl_attr_get_payload(attr),
		       count * sizeof(uint32_t));
		devconf->count = count;
	}
}

static int read_link(const struct nlmsghdr *answer, void *arg)
{
	const struct nlattr *attr, *family;

	mnl_attr_for_each(attr, answer, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) != IFLA_AF_SPEC)
			continue;
		mnl_attr_for_each_nested(family, attr)
			if (mnl_attr_get_type(family) == AF_INET)
				read_ipv4(arg, family);
	}
	return 0;
}

struct devconf *devconf_read(struct rtnl *rtnl)
{
	struct devconf *devconf = calloc(1, sizeof(*devconf));
	struct lc_err err;
	struct rtnl_msg m;

	if (!devconf)
		abort();
	rtnl_build_link_get(&m, LO_IFINDEX, NULL);
	/* What it does not say is read from its file */
	if (rtnl_request(rtnl, &m, read_link, NULL, devconf, &err))
		devconf->count = 0;
	return devconf;
}

bool devconf_default(const struct devconf *devconf, const char *key,
		     uint32_t *ret_value)
{
	if (strncmp(key, FOLDER, strlen(FOLDER)) != 0)
		return false;
	key += strlen(FOLDER);
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		if (strcmp(key, settings[i].name) != 0)
			continue;
		*ret_value = devconf->values[settings[i].number];
		return settings[i].number <= devconf->count;
	}
	return false;
}
