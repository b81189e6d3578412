// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * legacy_table.c - a table of iptables-legacy or ip6tables-legacy, as the kernel
 * has it
 *
 * Both families have the same form: what the kernel knows of the table, then one
 * entry behind the other, a head with addresses, matches, a target.  The heads
 * differ in how long addresses are.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>

/* Its interface names need IFNAMSIZ, and <net/if.h> and <linux/if.h> clash */
#include <net/if.h>
#define _LINUX_IF_H
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "postmortem/legacy_table.h"

static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo) &&
	      sizeof(struct ipt_get_entries) ==
		      sizeof(struct ip6t_get_entries) &&
	      IPT_SO_GET_INFO == IP6T_SO_GET_INFO &&
	      IPT_SO_GET_ENTRIES == IP6T_SO_GET_ENTRIES &&
	      IPT_INV_SRCIP == IP6T_INV_SRCIP,
	      "the families differ in their addresses alone");

struct legacy_table {
	int family;
	struct ipt_getinfo info;
	struct ipt_get_entries entries;	/* its table follows */
};

void legacy_names(struct lc_node *node, int family, char names[LEGACY_NAMES])
{
	lc_auto(lc_close) int fd = -1;
	ssize_t n = -1;

	*names = '\0';
	if (node_enter(node, NULL))
		return;
	fd = open(family == AF_INET ? "/proc/thread-self/net/ip_tables_names" :
				      "/proc/thread-self/net/ip6_tables_names",
		  O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = read(fd, names, LEGACY_NAMES - 1);
	lab_leave(node->lab);
	names[n > 0 ? n : 0] = '\0';
}

struct legacy_table *legacy_read(struct lc_node *node, int family,
				 const char *name)
{
	const int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
	lc_auto(lc_close) int fd = node_socket(node, family, SOCK_RAW,
					       IPPROTO_RAW, NULL);
	struct ipt_getinfo info = { 0 };
	struct legacy_table *t;
	socklen_t size = sizeof(info);

	snprintf(info.name, sizeof(info.name), "%s", name);
	if (fd < 0 || getsockopt(fd, level, IPT_SO_GET_INFO, &info, &size))
		return NULL;
	t = calloc(1, sizeof(*t) + info.size);
	if (!t)
		return NULL;
	t->family = family;
	t->info = info;
	memcpy(t->entries.name, info.name, sizeof(info.name));
	t->entries.size = info.size;
	size = (socklen_t)(sizeof(t->entries) + info.size);
	if (!getsockopt(fd, level, IPT_SO_GET_ENTRIES, &t->entries, &size))
		return t;
	free(t);
	return NULL;
}

bool legacy_same_shape(const struct legacy_table *a,
		       const struct legacy_table *b)
{
	return a->info.size == b->info.size &&
	       a->info.num_entries == b->info.num_entries &&
	       !memcmp(a->info.hook_entry, b->info.hook_entry,
		       sizeof(a->info.hook_entry));
}

static struct lc_ip address(int family, const void *bytes)
{
	struct lc_ip ip = { .family = family };

	memcpy(ip.bytes, bytes, family == AF_INET ? 4 : 16);
	return ip;
}

/* Return: where its target and the next entry are, in bytes from its beginning */
static const uint16_t *read_four(const struct ipt_entry *e,
				 struct legacy_entry *ret)
{
	*ret = (struct legacy_entry){
		.source = address(AF_INET, &e->ip.src),
		.source_mask = address(AF_INET, &e->ip.smsk),
		.destination = address(AF_INET, &e->ip.dst),
		.destination_mask = address(AF_INET, &e->ip.dmsk),
		.in = e->ip.iniface, .out = e->ip.outiface,
		.protocol = e->ip.proto, .inverted = e->ip.invflags,
		.packets = e->counters.pcnt,
		.matches = (const void *)e->elems,
		.matches_size = e->target_offset -
				(unsigned int)sizeof(*e),
		.target = (const void *)((const char *)e + e->target_offset),
	};
	return &e->next_offset;
}

static const uint16_t *read_six(const struct ip6t_entry *e,
				struct legacy_entry *ret)
{
	*ret = (struct legacy_entry){
		.source = address(AF_INET6, &e->ipv6.src),
		.source_mask = address(AF_INET6, &e->ipv6.smsk),
		.destination = address(AF_INET6, &e->ipv6.dst),
		.destination_mask = address(AF_INET6, &e->ipv6.dmsk),
		.in = e->ipv6.iniface, .out = e->ipv6.outiface,
		.protocol = e->ipv6.proto, .inverted = e->ipv6.invflags,
		.packets = e->counters.pcnt,
		.matches = (const void *)e->elems,
		.matches_size = e->target_offset -
				(unsigned int)sizeof(*e),
		.target = (const void *)((const char *)e + e->target_offset),
	};
	return &e->next_offset;
}

static void place_move(struct legacy_place *p, const struct ipt_getinfo *info,
		       const struct xt_entry_target *target)
{
	static const char *const hooks[NF_INET_NUMHOOKS] = {
		"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING",
	};

	p->rule++;
	p->policy = false;
	for (unsigned int i = 0; i < NF_INET_NUMHOOKS; i++) {
		if (!(info->valid_hooks & 1u << i))
			continue;
		if (info->hook_entry[i] == p->offset) {
			snprintf(p->chain, sizeof(p->chain), "%s", hooks[i]);
			p->rule = 1;
		}
		p->policy |= info->underflow[i] == p->offset;
	}
	if (strcmp(target->u.user.name, XT_ERROR_TARGET))
		return;
	snprintf(p->chain, sizeof(p->chain), "%.29s",
		 (const char *)target->data);
	p->rule = 0;
}

bool legacy_next(const struct legacy_table *t, struct legacy_place *p,
		 struct legacy_entry *ret)
{
	const bool four = t->family == AF_INET;
	const size_t head = four ? sizeof(struct ipt_entry) :
				   sizeof(struct ip6t_entry);
	const void *entry = (const char *)t->entries.entrytable + p->offset;
	uint16_t next;

	if (p->offset + head > t->entries.size)
		return false;
	next = four ? *read_four(entry, ret) : *read_six(entry, ret);
	if (next < head || p->offset + next > t->entries.size)
		return false;
	place_move(p, &t->info, ret->target);
	p->offset += next;
	return true;
}
