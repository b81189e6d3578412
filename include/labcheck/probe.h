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
	LC_CLOSED,		/* TCP: open, and ended without a word */
	LC_NET_UNREACHABLE,
	LC_HOST_UNREACHABLE,
	LC_PROTOCOL_UNREACHABLE,
	LC_PORT_UNREACHABLE,
	LC_PROHIBITED,
	LC_TTL_EXCEEDED,
	LC_REJECT,
	LC_TOO_BIG,
	LC_NO_ROUTE,
	LC_NO_CARRIER,
	LC_NO_NEIGHBOR,
	LC_BLOCKED,
	LC_NO_NAME,
	LC_OUTCOME_ERROR,
};

/**
 * enum lc_flaw - Why an answer is none of its target's, or not all of it
 *
 * @LC_FLAW_ELSEWHERE:	The target never got the probe
 * @LC_FLAW_REFUSED:	It got it and refused (a reset to a SYN)
 * @LC_FLAW_MUTE:	It got it and said nothing
 * @LC_FLAW_LOST:	It answered, and what came was another answer
 * @LC_FLAW_STRANGER:	The server that was asked for got it, another one spoke
 * @LC_FLAW_HALF:	TCP: that server's word never came back
 */
enum lc_flaw {
	LC_FLAW_NONE,
	LC_FLAW_ELSEWHERE,
	LC_FLAW_REFUSED,
	LC_FLAW_MUTE,
	LC_FLAW_LOST,
	LC_FLAW_STRANGER,
	LC_FLAW_HALF,
};

enum lc_protocol { LC_ICMP, LC_TCP, LC_UDP, LC_DNS, LC_PROTOCOLS };

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

/**
 * lc_outcome_is() - Whether @got is among what @expect covers
 *
 * `fail` does not cover NO_CARRIER: a sender that can't send shows nothing of
 * the network, and would pass for one that is kept apart.
 */
int lc_outcome_is(int expect, enum lc_outcome got);

struct lc_seen;

/** lc_seen_is() - The same of a probe; `fail` covers none that is cut off */
int lc_seen_is(int expect, const struct lc_seen *seen);

/**
 * struct lc_probe - What to send
 * @from:	Name of the sender, a node
 * @to:		Where to; a TARGET (lc_value.kind and its parts), or NULL and
 * @to_node:	the name of a node, which must live as long as the lab; of DNS
 *		both may be NULL: the name server that @from itself would ask
 * @to_ip:	Which of the node's addresses (family 0: as for a @to that is a
 *		node); with both @to and @to_node NULL whoever has it
 * @name, @type: DNS: the question; the type as of RFC 1035.  Of PTR the name may
 *		be an address, which stands for the name that it has there
 * @family:	AF_INET, AF_INET6, or 0: what both ends have, IPv4 first
 * @port:	TCP and UDP
 * @size:	ICMP: bytes of payload behind the ICMP header (0: 56)
 * @whole:	@size is that of the whole packet, from the IP header on
 * @ttl:	0: the kernel's default
 * @df:		Do not fragment
 * @source:	Address to send from, or NULL
 * @serve:	TCP and UDP: labcheck serves at the far end while it probes
 * @server_on:	The node that serves, or NULL: @to's
 * @server_port: Its port, or 0: @port
 * @target_on:	For a @to that is an address: the node that must get it, or NULL
 * @closes:	TCP without a server: wait for the connection to be closed; else
 *		the handshake is all that is asked for
 * @negative:	Whether an outcome other than the first is expected: taps are
 *		then open before the first packet leaves
 * @ends:	Whether lc_seen.sent and what follows are wanted: taps likewise
 */
struct lc_probe {
	enum lc_protocol protocol;
	const char *from;
	const struct lc_value *to;
	const char *to_node;
	const char *name;
	uint16_t type;
	struct lc_ip to_ip;
	int family;
	uint16_t port;
	uint32_t size;
	bool whole;
	uint8_t ttl;
	bool df;
	const struct lc_value *source;
	bool serve;
	const char *server_on;
	uint16_t server_port;
	const char *target_on;
	bool closes;
	bool negative;
	bool ends;
};

/** struct lc_record - A record: its type and its data, as in a zone file */
struct lc_record {
	uint16_t type;
	const char *text;
};

/**
 * struct lc_answer - What a name server said
 * @code:	RFC 1035, 4.1.1; @code_name: "NXDOMAIN"
 */
struct lc_answer {
	uint8_t code;
	const char *code_name;
	const struct lc_record *records;
	size_t count;
};

/**
 * struct lc_seen - What came of one probe
 * @from:	The sender's name, @to: the target's as it was written
 * @outcome:	How it ended
 * @refused:	-errno: one of its nodes could not be opened (a node that is not
 *		there, or out of bounds), the outcome is LC_OUTCOME_ERROR
 * @address:	The address that it was sent to
 * @target_known: @to is a node of the lab, or a server was asked for
 * @watched:	The node that it was sent to could be watched: the target, or for
 *		an address the one node that holds it
 * @at_target:	That node (that server) saw it
 * @flaw:	Of an answer (REPLY, or CLOSED without a server), if @target_known
 * @answered_by: Who answered or sent the error; family 0: nobody
 * @seen_from:	The address from which the target saw it come
 * @sent:	As it left its sender
 * @arrived:	As it came in at its target
 * @stray:	The same once more, from another source than @arrived; as what NAT
 *		should have rewritten
 * @answer:	Its answer, as it left the target
 * @returned:	Its answer, as it came back in
 * @mtu:	LC_TOO_BIG: what would pass where it did not; 0: not told
 * @said:	DNS: what the name server said, if it did
 * @rtt_ns:	From sending to the answer
 * @detail:	What the outcome rests on, in words: "ICMP type 3 code 1 from
 *		192.168.15.5", "connect: Network is unreachable"; or why it
 *		could not be told
 * @control:	What shows that its sender can send at all, NULL: it did not
 *		take any; lives as long as the batch
 * @uncontrolled: Nothing does, says @control: so that it was not answered proves
 *		nothing
 * @cut_off:	It never left, and could not have by any of its sender's interfaces:
 *		all are down or without a carrier
 */
struct lc_seen {
	const char *from, *to;
	enum lc_outcome outcome;
	int refused;
	struct lc_ip address;
	bool target_known;
	bool watched;
	bool at_target;
	enum lc_flaw flaw;
	struct lc_ip answered_by;
	struct lc_ip seen_from;
	struct lc_ends sent, arrived, stray, answer, returned;
	uint32_t mtu;
	const struct lc_answer *said;
	uint64_t rtt_ns;
	const char *detail;
	const char *control;
	bool uncontrolled, cut_off;
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

struct lc_context;

/**
 * lc_judge_error() - A probe that could not be sent or judged
 *
 * Return: true if it was one (its outcome LC_OUTCOME_ERROR), and the verdict
 * says so: a failure where a node is missing, a skip where it is out of
 * bounds, else an error.
 */
bool lc_judge_error(struct lc_verdict *v, const struct lc_seen *seen);

/**
 * lc_judge_outcome() - Hold one probe's end against what was expected
 *
 * A first outcome (reply, open) also needs the target to have seen the probe,
 * where it is known which node that is.  Otherwise it was somebody else who
 * answered.
 */
void lc_judge_outcome(struct lc_verdict *v, enum lc_protocol protocol,
		      int expect, const struct lc_seen *seen);

/** lc_judge_arrival() - Hold it against the step's `arrives`, if it has one */
void lc_judge_arrival(struct lc_verdict *v, const struct lc_context *context,
		      const struct lc_seen *seen);

#endif
