// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * legacy.c - rules of iptables-legacy, which nothing traces, by their counters
 *
 * Each rule counts what it decides about.  Read before and after the second
 * packet, the one that has counted, that drops, and that the packet matches as
 * far as addresses and interfaces go is the one.  Tables that are not in use are
 * not asked for, since that would make them (/proc/net/ip_tables_names).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>

/* Its interface names need IFNAMSIZ, and <net/if.h> and <linux/if.h> clash */
#include <net/if.h>
#define _LINUX_IF_H
#include <linux/netfilter_ipv4/ip_tables.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "postmortem/legacy.h"

enum { TABLES_MAX = 5 };

/** struct table - One table of a node; @before and @after as the kernel has it */
struct table {
	struct lc_node *node;
	struct ipt_getinfo info;
	struct ipt_get_entries *before, *after;
};

struct legacy {
	struct table *tables;
	size_t count;
};

static struct ipt_get_entries *entries_read(int fd, struct ipt_getinfo *info)
{
	socklen_t size = sizeof(*info);
	struct ipt_get_entries *entries;

	if (getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, info, &size))
		return NULL;
	size = (socklen_t)(sizeof(*entries) + info->size);
	entries = calloc(1, size);
	if (!entries)
		return NULL;
	memcpy(entries->name, info->name, sizeof(entries->name));
	entries->size = info->size;
	if (!getsockopt(fd, IPPROTO_IP, IPT_SO_GET_ENTRIES, entries, &size))
		return entries;
	free(entries);
	return NULL;
}

static struct ipt_get_entries *table_read(struct lc_node *node,
					  struct ipt_getinfo *info)
{
	lc_auto(lc_close) int fd = node_socket(node, AF_INET, SOCK_RAW,
					       IPPROTO_RAW, NULL);

	return fd < 0 ? NULL : entries_read(fd, info);
}

/* The names of the tables that a node has, a line each */
static void table_names(struct lc_node *node, char *text, size_t size)
{
	lc_auto(lc_close) int fd = -1;
	ssize_t n = -1;

	*text = '\0';
	if (node_enter(node, NULL))
		return;
	fd = open("/proc/thread-self/net/ip_tables_names",
		  O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = read(fd, text, size - 1);
	lab_leave(node->lab);
	text[n > 0 ? n : 0] = '\0';
}

static bool table_add(struct legacy *l, struct lc_node *node, const char *name)
{
	struct table *tables = reallocarray(l->tables, l->count + 1,
					    sizeof(*tables));
	struct table *t;

	if (!tables)
		return false;
	l->tables = tables;
	t = &tables[l->count];
	*t = (struct table){ .node = node };
	snprintf(t->info.name, sizeof(t->info.name), "%s", name);
	t->before = table_read(node, &t->info);
	l->count += t->before != NULL;
	return true;
}

struct legacy *legacy_begin(struct lc_lab *lab)
{
	struct legacy *l = calloc(1, sizeof(*l));

	for (size_t i = 0; l && i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];
		char text[XT_TABLE_MAXNAMELEN * TABLES_MAX + 1];
		char *rest = text, *name;

		if (node->plan->kind == NODE_SHARED || node->plan->absent ||
		    node->netns < 0)
			continue;
		table_names(node, text, sizeof(text));
		while ((name = strsep(&rest, "\n")))
			if (*name && !table_add(l, node, name))
				break;
	}
	return l;
}

void legacy_end(struct legacy *l)
{
	for (size_t i = 0; l && i < l->count; i++) {
		struct ipt_getinfo info = { 0 };

		memcpy(info.name, l->tables[i].info.name, sizeof(info.name));
		l->tables[i].after = table_read(l->tables[i].node, &info);
		/* Somebody changed it meanwhile */
		if (l->tables[i].after &&
		    l->tables[i].after->size != l->tables[i].before->size) {
			free(l->tables[i].after);
			l->tables[i].after = NULL;
		}
	}
}

void legacy_free(struct legacy *l)
{
	for (size_t i = 0; l && i < l->count; i++) {
		free(l->tables[i].before);
		free(l->tables[i].after);
	}
	if (l)
		free(l->tables);
	free(l);
}

static const struct xt_entry_target *target_of(const struct ipt_entry *e)
{
	return (const void *)((const char *)e + e->target_offset);
}

static bool is_drop(const struct ipt_entry *e)
{
	const struct xt_entry_target *target = target_of(e);
	int verdict;

	if (!strcmp(target->u.user.name, "REJECT"))
		return true;
	if (*target->u.user.name)
		return false;
	memcpy(&verdict, target->data, sizeof(verdict));
	return verdict == -NF_DROP - 1;
}

static bool prefix_matches(struct in_addr ip, struct in_addr of,
			   struct in_addr mask, bool is_not)
{
	return ((ip.s_addr & mask.s_addr) == of.s_addr) != is_not;
}

static bool matches(const struct ipt_entry *e, const struct lc_ends *ends)
{
	const struct ipt_ip *ip = &e->ip;

	return (!ends->source.family ||
		prefix_matches(ends->source.v4, ip->src, ip->smsk,
			       ip->invflags & IPT_INV_SRCIP)) &&
	       prefix_matches(ends->destination.v4, ip->dst, ip->dmsk,
			      ip->invflags & IPT_INV_DSTIP);
}

/* Where a walk through the entries is */
struct place {
	char chain[XT_EXTENSION_MAXNAMELEN + 32];
	unsigned int rule;
	bool policy;
};

static void place_move(struct place *p, const struct ipt_getinfo *info,
		       unsigned int offset, const struct ipt_entry *e)
{
	static const char *const hooks[NF_INET_NUMHOOKS] = {
		"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING",
	};
	const struct xt_entry_target *target = target_of(e);

	p->rule++;
	p->policy = false;
	for (unsigned int i = 0; i < NF_INET_NUMHOOKS; i++) {
		if (!(info->valid_hooks & 1u << i))
			continue;
		if (info->hook_entry[i] == offset) {
			snprintf(p->chain, sizeof(p->chain), "%s", hooks[i]);
			p->rule = 1;
		}
		p->policy |= info->underflow[i] == offset;
	}
	if (strcmp(target->u.user.name, XT_ERROR_TARGET))
		return;
	snprintf(p->chain, sizeof(p->chain), "%.29s",
		 (const char *)target->data);
	p->rule = 0;
}

static void write_prefix(FILE *out, const char *option, struct in_addr ip,
			 struct in_addr mask, bool is_not)
{
	char text[INET_ADDRSTRLEN];

	if (mask.s_addr)
		fprintf(out, "%s%s %s/%d ", is_not ? "! " : "", option,
			inet_ntop(AF_INET, &ip, text, sizeof(text)),
			__builtin_popcount(mask.s_addr));
}

static void write_protocol(FILE *out, uint16_t number)
{
	if (number == IPPROTO_TCP)
		fputs("-p tcp ", out);
	else if (number == IPPROTO_UDP)
		fputs("-p udp ", out);
	else if (number == IPPROTO_ICMP)
		fputs("-p icmp ", out);
	else
		fprintf(out, "-p %u ", number);
}

static void write_rule(FILE *out, const struct ipt_entry *e)
{
	const struct ipt_ip *ip = &e->ip;
	const char *name = target_of(e)->u.user.name;
	unsigned int offset = sizeof(*e);

	write_prefix(out, "-s", ip->src, ip->smsk,
		     ip->invflags & IPT_INV_SRCIP);
	write_prefix(out, "-d", ip->dst, ip->dmsk,
		     ip->invflags & IPT_INV_DSTIP);
	if (*ip->iniface)
		fprintf(out, "%s-i %s ", ip->invflags & IPT_INV_VIA_IN ? "! " :
									 "",
			ip->iniface);
	if (*ip->outiface)
		fprintf(out, "%s-o %s ",
			ip->invflags & IPT_INV_VIA_OUT ? "! " : "",
			ip->outiface);
	if (ip->proto)
		write_protocol(out, ip->proto);
	while (offset + sizeof(struct xt_entry_match) <= e->target_offset) {
		const struct xt_entry_match *m =
			(const void *)((const char *)e + offset);

		if (m->u.match_size < sizeof(*m))
			break;
		fprintf(out, "-m %.29s ... ", m->u.user.name);
		offset += m->u.match_size;
	}
	fprintf(out, "-j %s", *name ? name : "DROP");
}

static bool table_tell(const struct table *t, const struct lc_ends *ends,
		       char *text, size_t size)
{
	struct place place = { "", 0, false };
	unsigned int offset = 0;

	while (t->after && offset + sizeof(struct ipt_entry) <= t->after->size) {
		const struct ipt_entry *was = (const void *)
			((const char *)t->before->entrytable + offset);
		const struct ipt_entry *is = (const void *)
			((const char *)t->after->entrytable + offset);
		FILE *out;

		if (is->next_offset < sizeof(*is))
			return false;
		place_move(&place, &t->info, offset, is);
		offset += is->next_offset;
		if (is->counters.pcnt <= was->counters.pcnt || !is_drop(is) ||
		    !matches(is, ends))
			continue;
		out = fmemopen(text, size, "w");
		if (!out)
			return false;
		if (place.policy) {
			fprintf(out, "the policy of chain %s on %s (iptables-legacy, table %s)",
				place.chain, lc_node_name(t->node),
				t->info.name);
		} else {
			fprintf(out, "rule %u of chain %s on %s, `",
				place.rule, place.chain,
				lc_node_name(t->node));
			write_rule(out, is);
			fprintf(out, "` (iptables-legacy, table %s)",
				t->info.name);
		}
		fclose(out);
		return true;
	}
	return false;
}

bool legacy_on(const struct legacy *l, const struct lc_node *node,
	       const struct lc_ends *ends, char *text, size_t size)
{
	for (size_t i = 0; l && i < l->count; i++)
		if (l->tables[i].node == node &&
		    ends->destination.family == AF_INET &&
		    table_tell(&l->tables[i], ends, text, size))
			return true;
	return false;
}
