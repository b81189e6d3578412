/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe.h - one probe under way, and what is known of it so far
 *
 * Senders settle it, taps and servers add what they have seen of it; what that
 * means is judged when it is over.
 */
#ifndef PROBE_BATCH_PROBE_H
#define PROBE_BATCH_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <labcheck/probe.h>
#include <labcheck/schema.h>

#include "probe/batch/loop.h"
#include "probe/packet/pieces.h"
#include "probe/packet/trail.h"

struct exchange;
struct lc_batch;
struct lc_node;
struct lookup;
struct server;

/** struct piecemeal - What comes to the ends of a probe in fragments */
struct piecemeal {
	struct pieces request, answer;
};

enum probe_state {
	PROBE_READY,		/* to be sent */
	PROBE_CONNECTING,	/* TCP: the handshake is under way */
	PROBE_SENT,		/* the word is out, its answer is not in */
	PROBE_PACED,		/* waits until the kernel may speak again */
	PROBE_SETTLED,
};

/**
 * struct probe - One probe under way
 * @lookup:	Of its target's name
 * @exchange:	DNS: the question and its answer, see dns.c
 * @question_id: DNS: the number of the question
 * @observed:	Taps were open before it left
 * @resent:	This is the second one, sent to learn what became of the first
 * @patient:	It got the longer deadline
 * @held_ns:	When a neighbour or a shaper of the lab was last seen to keep packets;
 *		0: never
 * @relayed:	The daemon still waited for an answer when that had passed
 * @doubted:	It goes again, since its error may be of our own making
 * @wake_ns:	When to look again: deadline, or end of the pacing
 * @sequence:	TCP: of the SYN, once a tap has seen it
 * @left:	A tap saw it leave its sender
 * @on_target_wire: A tap saw it at the target; @wire_source: from whom,
 *		@wire_port: to which port
 * @for_another: It had another's address then, and @went_on: a tap saw it leave
 *		its target again, or pieces of it; both: it passed through
 * @wire_answer: A tap saw an answer at the sender; @wire_answer_from: whose,
 *		@wire_answer_port: of TCP and datagrams, from which port
 * @answer_left: A tap saw its target answer as the sender was answered
 * @nonsense:	DNS: what came was no answer to what it had asked
 * @pieces:	What comes in fragments, NULL: nothing has
 * @detail:	What seen.detail points to, unless that is a literal
 * @wire_error:	That answer was an ICMP error
 * @foreign_identifier: A reply came that no program takes for its own
 * @router:	The last one on whose wire it was seen, NULL: none; it was to
 *		go to @router_destination.  @muted_tries: see muted.c
 * @shortages:	How often the machine had no room for it, see errors.c
 * @met:	It knows its target, see meeting.c
 * @late:	It was not answered at once
 * @relayed_to:	Its server for those who come by a proxy, or NULL
 * @served:	The server that was asked for has it
 * @trail:	Of an echo, see trail.c
 * @secret:	What its server says, see answer.c
 * @stranger:	Another server's words came
 * @half:	TCP: the handshake was answered, and no word came
 * @interfered:	A server that another step asked for has it
 */
struct probe {
	struct lc_probe said;
	struct lc_value to;		/* of a said.to_node */
	struct lc_seen *seen;		/* the batch's; from when it runs */
	struct lc_node *from, *target;
	struct server *server, *relayed_to;
	struct lookup *lookup;
	struct exchange *exchange;
	enum probe_state state;
	bool observed, resent, patient, relayed, doubted, met;
	bool late, stranger, half;
	uint32_t serial;
	uint64_t secret;
	uint64_t sent_ns, wake_ns, held_ns;
	struct watch watch;
	uint16_t local_port, question_id;
	uint32_t scope;		/* ifindex, of a link-local destination */
	uint32_t sequence;
	bool left, on_target_wire, wire_answer, wire_error, served, interfered;
	bool foreign_identifier, for_another, went_on, nonsense, answer_left;
	struct lc_ip wire_source, wire_answer_from;
	uint16_t wire_port, wire_answer_port;
	struct piecemeal *pieces;
	struct trail trail;
	char *detail;
	struct lc_node *router;
	struct lc_ip router_destination;
	unsigned int muted_tries, shortages;
};

/** probes_make_room() - Room for one more in a list, whose size is a power of two;
 * NULL: out of memory, and it is as it was */
struct probe **probes_make_room(struct probe **list, size_t count);

/** probe_number() - The number that its packets carry; -ENOMEM: it has none */
int probe_number(struct lc_batch *batch, struct probe *probe);

/** batch_find() - The probe of a number; NULL: none of this batch */
struct probe *batch_find(struct lc_batch *batch, uint32_t serial);

/** probe_begin() - A number, and nothing seen of it; false: out of memory, and it
 * is settled */
bool probe_begin(struct lc_batch *batch, struct probe *probe);

/** probe_await() - From its being sent on, as long as an answer takes at most */
void probe_await(struct probe *probe);

/** probe_answered() - An answer came: note by whom, and how long it took */
void probe_answered(struct lc_batch *batch, struct probe *probe,
		    const struct lc_ip *by);

/**
 * probe_settle() - Its outcome is known
 * @format:	How, for a person to read
 *
 * What is settled already stays as it is.  Its socket has nothing more to say.
 */
void probe_settle(struct lc_batch *batch, struct probe *probe,
		  enum lc_outcome outcome, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** probe_is_local() - Whether its sender itself has the address that it is sent
 * to */
bool probe_is_local(const struct probe *probe);

/** probe_close() - Close its own socket, if it has one */
void probe_close(struct probe *probe);

#endif
