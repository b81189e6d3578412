// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace.c - have nf_tables tell what its rules do to a probe
 *
 * For as long as the probe is under way each node has tables of ours that mark its
 * packets before any other rule sees them: theirs alone, as far as can be told (see
 * sieve.h), for a lab may talk all the time, and each rule that any of its packets
 * meets would be a message.  An interface that has chains of its own, which come
 * before all others, gets one of ours there too.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>

#include <labcheck/auto.h>

#include "lab/device_hooks.h"
#include "lab/lab.h"
#include "lab/nft_command.h"
#include "postmortem/sieve.h"
#include "postmortem/trace.h"

enum { RECEIVE_BYTES = 16 << 10, COMMANDS_SIZE = 16384 };

#define TABLE "labcheck-trace"

/* Before any that people have, and behind them */
#define FIRST "-1000"
#define LAST "1000"

/**
 * struct family - Where a table is made, and on what it hooks
 * @shows:	It has chains behind all others too: what comes to them shows what
 *		NAT has made of a packet, should that end before another chain
 */
struct family {
	const char *name;
	const char *const hooks[2];
	bool shows;
};

static const struct family families[] = {
	{ "inet", { "prerouting", "output" }, true },
	{ "bridge", { "prerouting", "output" }, false },
	{ "arp", { "input", "output" }, false },
};
enum { FAMILIES = sizeof(families) / sizeof(*families) };

/**
 * struct trace - The nodes that are traced
 * @devices:	One flag each: it has a table of the netdev family, too
 */
struct trace {
	struct lc_node **nodes;
	int *fds;
	bool *devices;
	size_t count;
};

/** struct writer - Where rules are written, and the beginning of each */
struct writer {
	FILE *out;
	const char *family, *chain;
};

__attribute__((format(printf, 2, 3)))
static void write_rule(const struct writer *w, const char *format, ...)
{
	va_list args;

	fprintf(w->out, "add rule %s " TABLE " %s ", w->family, w->chain);
	va_start(args, format);
	vfprintf(w->out, format, args);
	va_end(args);
	fputs(" meta nftrace set 1\n", w->out);
}

/* Where, in bits, an error has what it quotes: its own header, then theirs */
enum { QUOTED = 8 * 8, V4 = 20 * 8, V6 = 40 * 8, ICMP = 8 * 8, UDP = 8 * 8,
       V4_PROTOCOL = 9 * 8, V6_PROTOCOL = 6 * 8 };

static void write_quoted(const struct writer *w, unsigned int v4,
			 unsigned int v6, unsigned int at, unsigned int bits,
			 uint32_t value)
{
	write_rule(w, "meta l4proto icmp @th,0,8 { 3, 11 } @th,%u,8 %u @th,%u,%u %u",
		   QUOTED + V4_PROTOCOL, v4, QUOTED + V4 + at, bits, value);
	write_rule(w, "meta l4proto ipv6-icmp @th,0,8 < 128 @th,%u,8 %u @th,%u,%u %u",
		   QUOTED + V6_PROTOCOL, v6, QUOTED + V6 + at, bits, value);
}

/* One byte is like that of many packets, so they must be echoes, too */
static void write_echo(const struct writer *w, unsigned int at,
		       unsigned int bits, uint32_t value)
{
	write_rule(w, "meta l4proto icmp @th,0,8 { 0, 8 } @th,%u,%u %u", at,
		   bits, value);
	write_rule(w, "meta l4proto ipv6-icmp @th,0,8 { 128, 129 } @th,%u,%u %u",
		   at, bits, value);
	write_quoted(w, IPPROTO_ICMP, IPPROTO_ICMPV6, at, bits, value);
}

static void write_tcp(const struct writer *w)
{
	write_rule(w, "meta l4proto tcp @th,104,8 & 6 != 0");
	write_rule(w, "meta l4proto icmp @th,0,8 { 3, 11 } @th,%u,8 6",
		   QUOTED + V4_PROTOCOL);
	write_rule(w, "meta l4proto ipv6-icmp @th,0,8 < 128 @th,%u,8 6",
		   QUOTED + V6_PROTOCOL);
}

bool trace_begins(const char *table, const char *chain)
{
	return !strcmp(table, TABLE) && strncmp(chain, "late", 4) != 0;
}

/* The rules that choose: as sieve.c does, in nft's words (@th,BIT,LENGTH) */
static void write_rules(const struct writer *w, const struct sieve *s)
{
	if (!strcmp(w->family, "arp")) {
		write_rule(w, " ");
		return;
	}
	if (strcmp(w->family, "inet") != 0)
		write_rule(w, "meta protocol arp");
	write_rule(w, "meta l4proto ipv6-icmp @th,0,8 { 135, 136 }");
	/* A VXLAN's: what is in it can't be seen from here */
	write_rule(w, "meta l4proto udp @th,64,32 0x08000000");
	switch (s->protocol) {
	case LC_ICMP:
		write_echo(w, 48, 8, s->echo);
		write_echo(w, ICMP, 32, s->cookie);
		return;
	case LC_UDP:
		write_rule(w, "meta l4proto udp @th,64,32 %u", s->cookie);
		write_quoted(w, IPPROTO_UDP, IPPROTO_UDP, UDP, 32, s->cookie);
		return;
	case LC_DNS:
		write_rule(w, "meta l4proto udp @th,160,32 %u", s->question);
		write_quoted(w, IPPROTO_UDP, IPPROTO_UDP, UDP + 12 * 8, 32,
			     s->question);
		write_tcp(w);
		return;
	case LC_TCP:
		write_tcp(w);
		return;
	case LC_PROTOCOLS:
		return;
	}
}

static void write_family(FILE *out, const struct sieve *s,
			 const struct family *f)
{
	fprintf(out, "add table %s " TABLE "\n", f->name);
	for (size_t i = 0; i < 2; i++) {
		fprintf(out, "add chain %s " TABLE " %s { type filter hook %s priority " FIRST "; }\n",
			f->name, f->hooks[i], f->hooks[i]);
		write_rules(&(struct writer){ out, f->name, f->hooks[i] }, s);
		if (f->shows)
			fprintf(out, "add chain %s " TABLE " late%zu { type filter hook %s priority " LAST "; }\n",
				f->name, i, f->hooks[i]);
	}
}

static void write_end(FILE *out, const char *family)
{
	fprintf(out, "delete table %s " TABLE "\n", family);
}

/* One transaction for all families, for each waits for the kernel; where one is
 * missing, one each, so that the others still work.  @sieve NULL: delete them */
static void command_all(const struct trace *t, const struct sieve *sieve)
{
	char text[COMMANDS_SIZE];

	for (size_t only = FAMILIES + 1; only-- > 0;) {
		FILE *out = fmemopen(text, sizeof(text), "w");

		if (!out)
			return;
		for (size_t i = 0; i < FAMILIES; i++)
			if (only != FAMILIES && only != i)
				continue;
			else if (sieve)
				write_family(out, sieve, &families[i]);
			else
				write_end(out, families[i].name);
		fclose(out);
		if (nft_command(t->nodes, t->count, text, NULL, 0) ==
			    (int)t->count &&
		    only == FAMILIES)
			return;
	}
}

static bool is_first(const struct device_hook *hooks, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (hooks[k].egress == hooks[i].egress &&
		    !strcmp(hooks[k].device, hooks[i].device))
			return false;
	return true;
}

static void write_devices(FILE *out, const struct sieve *s,
			  const struct device_hook *hooks, size_t count)
{
	fputs("add table netdev " TABLE "\n", out);
	for (size_t i = 0; i < count; i++) {
		char chain[24];

		if (!is_first(hooks, i))
			continue;
		snprintf(chain, sizeof(chain), "c%zu", i);
		fprintf(out, "add chain netdev " TABLE " %s { type filter hook %s device \"%s\" priority " FIRST "; }\n",
			chain, hooks[i].egress ? "egress" : "ingress",
			hooks[i].device);
		write_rules(&(struct writer){ out, "netdev", chain }, s);
	}
}

/* Whether it has interfaces with chains of their own, which are traced now */
static bool devices_begin(struct lc_node *node, const struct sieve *s)
{
	lc_auto(lc_free) struct device_hook *hooks = NULL;
	lc_auto(lc_free) char *text = NULL;
	size_t count = 0, size;
	FILE *out;

	if (node_device_hooks(node, &hooks, &count) || !count)
		return false;
	out = open_memstream(&text, &size);
	if (!out)
		return false;
	write_devices(out, s, hooks, count);
	return !fclose(out) && nft_command(&node, 1, text, NULL, 0) == 1;
}

static void devices_end(const struct trace *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->devices[i])
			nft_command(&t->nodes[i], 1,
				    "delete table netdev " TABLE "\n", NULL, 0);
}

static int trace_socket(struct lc_node *node)
{
	struct sockaddr_nl sa = { .nl_family = AF_NETLINK };
	int group = NFNLGRP_NFTRACE, size = 4 << 20;
	int fd = node_socket(node, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER,
			     NULL);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	/* Without a port of its own it would be the kernel's, and get nothing */
	if (bind(fd, (void *)&sa, sizeof(sa)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       sizeof(group)))
		lc_close(&fd);
	return fd;
}

static void trace_free(struct trace *t)
{
	for (size_t i = 0; i < t->count; i++)
		lc_close(&t->fds[i]);
	free(t->fds);
	free(t->nodes);
	free(t->devices);
	free(t);
}

struct trace *trace_begin(struct lc_lab *lab, const struct sieve *sieve)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->nodes = calloc(lab->node_count, sizeof(*t->nodes));
	t->fds = calloc(lab->node_count, sizeof(*t->fds));
	t->devices = calloc(lab->node_count, sizeof(*t->devices));
	if (!t->nodes || !t->fds || !t->devices) {
		trace_free(t);
		return NULL;
	}
	for (size_t i = 0; i < lab->node_count; i++) {
		struct lc_node *node = &lab->nodes[i];

		/* An adopted namespace is looked at, never touched */
		if (node->plan->kind != NODE_OWN || node->plan->absent ||
		    node->netns < 0)
			continue;
		t->fds[t->count] = trace_socket(node);
		t->devices[t->count] = devices_begin(node, sieve);
		t->nodes[t->count++] = node;
	}
	command_all(t, sieve);
	return t;
}

/* Return: whether all of it was there */
static bool read_all(const struct trace *t, size_t which, trace_take take,
		     void *arg)
{
	lc_auto(lc_free) char *buffer = malloc(RECEIVE_BYTES);
	bool complete = true;
	ssize_t n;

	if (!buffer || t->fds[which] < 0)
		return buffer != NULL;
	while ((n = recv(t->fds[which], buffer, RECEIVE_BYTES,
			 MSG_DONTWAIT)) > 0 || (n < 0 && errno == ENOBUFS)) {
		int left = (int)n;

		complete &= n > 0;
		for (const struct nlmsghdr *h = (void *)buffer;
		     n > 0 && mnl_nlmsg_ok(h, left);
		     h = mnl_nlmsg_next(h, &left))
			take(arg, t->nodes[which], h);
	}
	return complete;
}

bool trace_end(struct trace *t, trace_take take, void *arg)
{
	bool complete = true;

	if (!t)
		return true;
	/* A node that never is silent would never have been read to its end */
	command_all(t, NULL);
	devices_end(t);
	for (size_t i = 0; take && i < t->count; i++)
		complete &= read_all(t, i, take, arg);
	trace_free(t);
	return complete;
}
