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
 * The tag of a VLAN, which stands in a frame on the wire, the kernel takes out and
 * keeps apart.  The library knows that, but only of an interface that it captures
 * on: so for expressions that speak of a VLAN it opens one, and then closes it.
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
#include <linux/if_ether.h>

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
	pcap_t *(*create)(const char *interface, char *problem);
	int (*set_snap)(pcap_t *pcap, int snap);
	int (*activate)(pcap_t *pcap);
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
		{ "pcap_create", &library->create },
		{ "pcap_set_snaplen", &library->set_snap },
		{ "pcap_activate", &library->activate },
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

/* What was compiled, behind what lets a mark pass.  (With "or" between the two the
 * library would look for the mark behind the tag that the expression speaks of) */
static int program_copy(const struct bpf_program *from, uint16_t mark,
			struct sock_fprog *ret, struct lc_err *err)
{
	const struct sock_filter passing[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS,
			 2 * ETH_ALEN),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, mark, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SNAP),
	};
	size_t first = mark ? sizeof(passing) / sizeof(*passing) : 0;

	ret->filter = calloc(first + from->bf_len, sizeof(*ret->filter));
	if (!ret->filter)
		return lc_err_set(err, -ENOMEM, "out of memory");
	memcpy(ret->filter, passing, first * sizeof(*passing));
	memcpy(ret->filter + first, from->bf_insns,
	       from->bf_len * sizeof(*ret->filter));
	ret->len = (unsigned short)(first + from->bf_len);
	return 0;
}

static pcap_t *open_captured(const struct library *library)
{
	char problem[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = library->create("lo", problem);

	if (!pcap)
		return NULL;
	library->set_snap(pcap, SNAP);
	if (library->activate(pcap) >= 0)
		return pcap;
	library->close(pcap);
	return NULL;
}

static pcap_t *open_link(const struct library *library, enum filter_link link)
{
	switch (link) {
	case FILTER_ETHERNET:
		return library->open_dead(DLT_EN10MB, SNAP);
	case FILTER_TAGGED:
		return open_captured(library);
	case FILTER_IP:
		return library->open_dead(DLT_RAW, SNAP);
	}
	return NULL;
}

static int compile(const struct library *library, const char *text,
		   enum filter_link link, uint16_t mark,
		   struct sock_fprog *ret, struct lc_err *err)
{
	pcap_t *pcap = open_link(library, link);
	struct bpf_program program;
	int r;

	if (!pcap)
		return lc_err_set(err, -EIO, "libpcap can't capture on lo");
	if (library->compile(pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN)) {
		r = lc_err_set(err, -EINVAL, "%s", library->error(pcap));
	} else {
		r = program_copy(&program, mark, ret, err);
		library->free_code(&program);
	}
	library->close(pcap);
	return r;
}

bool filter_is_tagged(const char *text)
{
	return text && strstr(text, "vlan");
}

int filter_compile(const char *text, enum filter_link link, uint16_t mark,
		   struct sock_fprog *ret_program, struct lc_err *err)
{
	struct library library;
	int r = text ? words_verify(text, err) : 0;

	if (r)
		return r;
	if (!pcap_library(&library))
		return lc_err_set(err, -EOPNOTSUPP,
				  "`filter` needs libpcap, which is not installed");
	return compile(&library, text ?: "", link, mark, ret_program, err);
}

void filter_done(struct sock_fprog *program)
{
	free(program->filter);
	*program = (struct sock_fprog){ 0 };
}
