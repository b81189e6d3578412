// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter.c - pcap filter expressions, compiled by libpcap
 *
 * Theory of operation
 *
 * libpcap is a compiler here and nothing else: packets are taken by sockets of
 * our own.  It is opened when the first expression is met (dlopen), since it
 * brings a dozen libraries along.
 *
 * It looks names up: `host blue` would ask the name server of the machine, which
 * no reading of a file may do, and mean something else on each machine.  So a
 * word that is none of the language's own is refused, but where the
 * language wants the name of a protocol or a service, which stand in files.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "library.h"
#include "scenario/filter.h"

_Static_assert(sizeof(struct bpf_insn) == sizeof(struct sock_filter),
	       "libpcap's instructions are the kernel's");

enum { SNAP = 262144, WORD_MAX = 64 };

/* What is used of the library */
struct library {
	pcap_t *(*open_dead)(int link, int snap);
	int (*compile)(pcap_t *pcap, struct bpf_program *program,
		       const char *text, int optimize, bpf_u_int32 mask);
	char *(*error)(pcap_t *pcap);
	void (*free_code)(struct bpf_program *program);
	void (*close)(pcap_t *pcap);
};

static bool pcap_library(struct library *library)
{
	static const char *const names[] = { "libpcap.so.0.8", "libpcap.so.1",
					     NULL };
	const struct library_symbol symbols[] = {
		{ "pcap_open_dead", &library->open_dead },
		{ "pcap_compile", &library->compile },
		{ "pcap_geterr", &library->error },
		{ "pcap_freecode", &library->free_code },
		{ "pcap_close", &library->close },
	};

	return library_open(names, LIBRARY_SYMBOLS(symbols));
}

/* Of pcap-filter(7); those that end with a dash begin names of fields */
static const char *const words[] = {
	"aarp", "action", "address1", "address2", "address3", "address4",
	"ah", "and", "arp", "atalk", "broadcast", "byte", "carp", "clnp",
	"csnp", "decnet", "dir", "direction", "dst", "es-is", "esis", "esp",
	"ether", "fddi", "gateway", "geneve", "greater", "host", "icmp",
	"icmp-", "icmp6", "icmp6-", "icmp6code", "icmp6type", "icmpcode",
	"icmptype", "ifindex", "ifname", "igmp", "igrp", "iih", "in",
	"inbound", "ip", "ip6", "ipx", "is-is", "isis", "iso", "l1", "l2",
	"lat", "len", "less", "link", "llc", "lsp", "mask", "mopdl", "moprc",
	"mpls", "multicast", "net", "netbeui", "not", "on", "or", "out",
	"outbound", "pim", "port", "portrange", "ppp", "pppoed", "pppoes",
	"proto", "protochain", "psnp", "ra", "radio", "rarp", "reason",
	"rnr", "rulenum", "rulset", "sca", "sctp", "slip", "snp", "src",
	"stp", "subtype", "ta", "tcp", "tcp-", "tcpflags", "tr", "type",
	"udp", "vlan", "vrrp", "wlan",
};

static bool is_word(const char *word)
{
	size_t i, length;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		length = strlen(words[i]);
		if (words[i][length - 1] == '-' ?
			    !strncmp(word, words[i], length) :
			    !strcmp(word, words[i]))
			return true;
	}
	return false;
}

static bool takes_a_name(const char *before)
{
	static const char *const takers[] = { "port", "portrange", "proto",
					      "protochain" };

	for (size_t i = 0; i < sizeof(takers) / sizeof(*takers); i++)
		if (!strcmp(before, takers[i]))
			return true;
	return false;
}

static bool is_of(const char *word, const char *letters)
{
	return word[strspn(word, letters)] == '\0';
}

/* 10, 192.168, 10.0.0.1: what has more parts is a name to the library */
static bool is_dotted(const char *word)
{
	unsigned int dots = 0;

	for (const char *p = word; *p; p++)
		dots += *p == '.';
	return dots <= 3 && is_of(word, "0123456789.");
}

/* 02:00:00:00:00:01, fd00::1, 10.0.0.0, 0x88b5, 01-02-03-04-05-06, 80-90 */
static bool is_number(const char *word)
{
	static const char hexadecimal[] = "0123456789abcdefABCDEF:.";

	if (strchr(word, ':'))
		return is_of(word, hexadecimal);
	if (!strncmp(word, "0x", 2))
		return is_of(word + 2, "0123456789abcdefABCDEF");
	if (strchr(word, '-'))
		return is_of(word, "0123456789-") ||
		       (is_of(word, "0123456789abcdefABCDEF-") &&
			strlen(word) == strlen("02-00-00-00-00-01"));
	return is_dotted(word);
}

static int words_verify(const char *text, struct lc_err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.:";
	char word[WORD_MAX], before[WORD_MAX] = "";
	size_t length;

	for (text += strcspn(text, letters); *text;
	     text += strcspn(text, letters)) {
		length = strspn(text, letters);
		snprintf(word, sizeof(word), "%.*s", (int)length, text);
		text += length;
		if (!is_number(word) && !is_word(word) && !takes_a_name(before))
			return lc_err_set(err, -EINVAL,
					  "'%s' is no word of a pcap filter; hosts and networks are written as addresses",
					  word);
		strcpy(before, word);
	}
	return 0;
}

static int program_copy(const struct bpf_program *from, struct sock_fprog *ret,
			struct lc_err *err)
{
	size_t size = from->bf_len * sizeof(struct sock_filter);

	ret->filter = malloc(size);
	if (!ret->filter)
		return lc_err_set(err, -ENOMEM, "out of memory");
	memcpy(ret->filter, from->bf_insns, size);
	ret->len = (unsigned short)from->bf_len;
	return 0;
}

static int compile(const struct library *library, const char *text, int link,
		   struct sock_fprog *ret, struct lc_err *err)
{
	pcap_t *pcap = library->open_dead(link, SNAP);
	struct bpf_program program;
	int r;

	if (!pcap)
		return lc_err_set(err, -ENOMEM, "out of memory");
	if (library->compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN)) {
		r = lc_err_set(err, -EINVAL, "%s", library->error(pcap));
	} else {
		r = program_copy(&program, ret, err);
		library->free_code(&program);
	}
	library->close(pcap);
	return r;
}

int filter_compile(const char *text, enum filter_link link, uint16_t mark,
		   struct sock_fprog *ret_program, struct lc_err *err)
{
	struct library library;
	lc_auto(lc_free) char *marked = NULL;
	int r = text ? words_verify(text, err) : 0;

	if (r)
		return r;
	if (!pcap_library(&library))
		return lc_err_set(err, -EOPNOTSUPP,
				  "`filter` needs libpcap, which is not installed");
	if (text && mark) {
		if (asprintf(&marked, "(%s) or ether proto %u", text, mark) < 0)
			return lc_err_set(err, -ENOMEM, "out of memory");
		text = marked;
	}
	return compile(&library, text ?: "",
		       link == FILTER_ETHERNET ? DLT_EN10MB : DLT_RAW,
		       ret_program, err);
}

void filter_done(struct sock_fprog *program)
{
	free(program->filter);
	*program = (struct sock_fprog){ 0 };
}
