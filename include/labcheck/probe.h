/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe.h - what a check sends, and what was seen of it
 *
 * A check declares its probes; the engine (harness/probe) sends the probes of
 * a whole batch of neighbouring checks in one event loop, and each check then
 * judges what came of its own.
 */
#ifndef LABCHECK_PROBE_H
#define LABCHECK_PROBE_H

#include <stddef.h>

#include <labcheck/value.h>

struct lc_batch;
struct lc_err;
struct lc_verdict;

/**
 * enum lc_outcome - How a probe ended, each told by its own evidence
 *
 * From NET_UNREACHABLE to REJECT are the ICMP errors, which `reject` in a
 * scenario covers; REJECT itself is one that has no name of its own.
 * ERROR: it could not be told; never a verdict.
 */
enum lc_outcome {
	LC_REPLY,		/* for tcp: open */
	LC_DROP,
	LC_REFUSED,
	LC_NET_UNREACHABLE,
	LC_HOST_UNREACHABLE,
	LC_PROTOCOL_UNREACHABLE,
	LC_PORT_UNREACHABLE,
	LC_PROHIBITED,
	LC_TTL_EXCEEDED,
	LC_REJECT,
	LC_TOO_BIG,
	LC_NO_ROUTE,
	LC_NO_NEIGHBOR,
	LC_BLOCKED,
	LC_OUTCOME_ERROR,
};

enum lc_protocol { LC_ICMP, LC_TCP, LC_UDP };

/*
 * What `expect` may say: index = the value of the choice.  From 0 up they are
 * those of enum lc_outcome (`reject` covers a range), and then `fail`.
 * lc_words_ping and lc_words_udp say `reply` where lc_words_tcp says `open`.
 */
enum { LC_EXPECT_FAIL = LC_OUTCOME_ERROR };
extern const char *const lc_words_reply[];
extern const char *const lc_words_open[];

/** lc_outcome_name() - The word of the language; "open" for a TCP reply */
const char *lc_outcome_name(enum lc_outcome outcome, enum lc_protocol protocol);

/** lc_outcome_is() - Whether @got is among what @expect covers */
int lc_outcome_is(int expect, enum lc_outcome got);

/**
 * struct lc_probe - What to send
 * @from:	Name of the sender, a node
 * @to:		Where to; a TARGET (lc_value.kind and its parts)
 * @family:	AF_INET, AF_INET6, or 0: what both ends have, IPv4 first
 * @port:	TCP and UDP
 * @size:	ICMP: bytes of payload behind the ICMP header (0: 56)
 * @ttl:	0: the kernel's default
 * @df:		Do not fragment
 * @source:	Address to send from, or NULL
 * @serve:	TCP and UDP: labcheck serves at the far end while it probes
 * @server_on:	The node that serves, or NULL: @to's
 * @server_port: Its port, or 0: @port
 * @negative:	Whether an outcome other than the first is expected: taps are
 *		then open before the first packet leaves
 */
struct lc_probe {
	enum lc_protocol protocol;
	const char *from;
	const struct lc_value *to;
	int family;
	uint16_t port;
	uint32_t size;
	uint8_t ttl;
	bool df;
	const struct lc_value *source;
	bool serve;
	const char *server_on;
	uint16_t server_port;
	bool negative;
};

/**
 * struct lc_seen - What came of one probe
 * @outcome:	How it ended
 * @address:	The address that it was sent to
 * @target_known: @to is a node of the lab, or a server was asked for
 * @at_target:	That node (that server) saw it
 * @answered_by: Who answered or sent the error; family 0: nobody
 * @seen_from:	The address from which the target saw it come
 * @rtt_ns:	From sending to the answer
 * @detail:	What the outcome rests on, in words: "ICMP type 3 code 1 from
 *		192.168.15.5", "connect: Network is unreachable"; or why it
 *		could not be told
 */
struct lc_seen {
	enum lc_outcome outcome;
	struct lc_ip address;
	bool target_known;
	bool at_target;
	struct lc_ip answered_by;
	struct lc_ip seen_from;
	uint64_t rtt_ns;
	char detail[256];
};

/**
 * lc_batch_add() - Have a probe sent
 *
 * The probe is copied, but what it points to must live as long as the step.
 * The n-th probe that a check adds is the n-th of the lc_seen it judges.
 *
 * Return: 0, or -errno with the reason in @err
 */
int lc_batch_add(struct lc_batch *batch, const struct lc_probe *probe,
		 struct lc_err *err);

/**
 * lc_batch_nodes() - The nodes that a list of names and patterns stands for
 * @ret_names:	Allocated array of names (free() the array alone)
 *
 * In the order of the list, those of a pattern in the order of the plan, each
 * once.  Nodes that a step created are among them.
 */
int lc_batch_nodes(struct lc_batch *batch, const struct lc_list *patterns,
		   const char ***ret_names, size_t *ret_count,
		   struct lc_err *err);

#endif
