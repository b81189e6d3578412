/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * batch.h - the engine's own picture of the probes under way
 *
 * engine.c drives; echo.c, tcp.c and udp.c know their protocol; server.c
 * serves at the far end; tap.c watches the wire.  All sockets are watched in
 * one epoll (loop.c); whoever's socket is ready is called, and nobody waits.
 */
#ifndef PROBE_BATCH_H
#define PROBE_BATCH_H

#include "clock.h"
#include "lab/lab.h"
#include "lab/sockaddr.h"
#include "probe/engine.h"
#include "probe/packet/packet.h"
#include "probe/packet/pieces.h"
#include "probe/capture/ring.h"

enum watch_kind {
	WATCH_ECHO,		/* a node's raw ICMP socket */
	WATCH_TAP,		/* a node's packet socket */
	WATCH_TCP, WATCH_UDP, WATCH_DNS, /* a probe's own socket */
	WATCH_LISTEN,		/* a server's socket, TCP or UDP */
	WATCH_CONNECTION,	/* a connection that a server accepted */
};

/**
 * struct watch - A socket in the event loop, and whose it is
 * @batch:	ECHO: the number of that in whose event loop it is
 */
struct watch {
	enum watch_kind kind;
	int fd;
	int family;
	uint64_t batch;
	struct lc_node *node;
	struct probe *probe;
	struct server *server;
	uint32_t lost_before;	/* WATCH_ECHO: before this batch, see echo.c */
};

/**
 * struct packet_socket - One that captures on an interface, see capture.c
 * @bound:	To the interface; @busy: a step is using it
 */
struct packet_socket {
	int fd;
	uint32_t ifindex;
	bool bound, busy;
	struct packet_socket *next;
};

/**
 * struct heard - Who has answered ARP or neighbour discovery of a node
 * @batch:	In which batch; @ifindex: where it came in
 */
struct heard {
	uint64_t batch;
	uint32_t ifindex;
	struct lc_ip by;
};

enum { HEARD_MAX = 4 };		/* interfaces; of each the last one */

/**
 * struct probe_node - What the engine keeps open in a node between batches
 * @captures:	Packet sockets of captures; @marker: the one that sends marks
 * @watchers:	Packet sockets of a post-mortem
 * @ring:	What a recording reads (recording.c)
 * @tap_lost:	The tap has dropped packets: it proves nothing
 * @heard:	What its tap has shown of others, see control.c
 * @router:	It forwards packets of others
 * @paced_until_ns: When its last paced probe is due, see muted.c
 * @overflows:	SYNs that its servers had no room for, as of the beginning of
 *		@overflows_batch; UINT64_MAX: not told
 * @limits:	It limits its ICMP errors of @limits_family, as of @limits_batch
 */
struct probe_node {
	struct watch echo4, echo6, tap;
	struct packet_socket *captures;
	int marker, watchers;
	struct ring ring;
	bool tap_lost, router, limits;
	int limits_family;
	struct heard heard[HEARD_MAX];
	uint64_t paced_until_ns;
	uint64_t overflows, overflows_batch, limits_batch;
};

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
 * @observed:	Taps were open before it left
 * @resent:	This is the second one, sent to learn what became of the first
 * @patient:	It got the longer deadline
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
 * @interfered:	A server that another step asked for has it
 */
struct probe {
	struct lc_probe said;
	struct lc_value to;		/* of a said.to_node */
	struct lc_seen seen;
	struct lc_node *from, *target;
	struct server *server, *relayed_to;
	struct lookup *lookup;
	struct exchange *exchange;
	enum probe_state state;
	bool observed, resent, patient, relayed, doubted, met;
	bool late;
	uint32_t serial;
	uint64_t sent_ns, wake_ns;
	struct watch watch;
	uint16_t local_port;
	uint32_t scope;		/* ifindex, of a link-local destination */
	uint32_t sequence;
	bool left, on_target_wire, wire_answer, wire_error, served, interfered;
	bool foreign_identifier, for_another, went_on, nonsense;
	struct lc_ip wire_source, wire_answer_from;
	uint16_t wire_port, wire_answer_port;
	struct piecemeal *pieces;
	char *detail;
	struct lc_node *router;
	struct lc_ip router_destination;
	unsigned int muted_tries, shortages;
};

/** struct server - labcheck itself, serving in a node while it probes */
struct server {
	struct watch watch;
	struct lc_node *node;
	enum lc_protocol protocol;
	int family;
	uint16_t port;
	struct server *next;
	struct connection *connections;
};

/** struct strange_syn - A SYN seen by a tap, whose probe was not known then */
struct strange_syn {
	struct lc_node *node;
	struct packet packet;
	int type;
};

enum { STRANGE_SYNS = 128 };

/** struct awaited_mark - A mark of a control, and where it must come in */
struct awaited_mark {
	uint32_t serial;
	const struct lc_node *node;
	uint32_t ifindex;
	bool seen;
};

/** struct awaited_answer - Who must answer a control, and to whom */
struct awaited_answer {
	struct lc_ip ip;
	const struct lc_node *node;
	uint32_t ifindex;
	bool answered;
};

enum prompt { PROMPT_UNKNOWN, PROMPT_YES, PROMPT_NO };

/**
 * struct lc_batch - Probes under way together
 * @number:	No other batch of this run has it
 * @affinity:	Held while it runs: one processor, see sentinel.c
 * @prompt:	Whether all the lab is the kernel's own, without shapers, or Open
 *		vSwitch that can be asked
 * @switch_ports: Those of Open vSwitch, which is on our processor; 0: none
 * @sending:	The probe that is being sent right now, or NULL
 * @overflows:	Of the machine's neighbour tables, before the batch
 * @paced_until_ns: When the last of all paced probes is due
 * @quiet_ns:	What was sent before then is not under way any more
 * @strange:	The last @strange_count SYNs of nobody that taps saw, a ring
 * @crowd:	Of a large batch, see crowd.c
 * @addresses:	Of its nodes, see address_book.c
 * @absence:	Of one in which somebody may be missing, see absence.c
 * @strangers:	Where each is to ask for each, see strangers.c; else NULL
 * @held:	How many probes are not to be sent before others are settled
 * @unread:	Echoes of volleys since all sockets were read
 * @controls:	Of its senders; @mark, @inquiry: what they wait for, see control.c
 */
struct lc_batch {
	struct lc_lab *lab;
	uint64_t number;
	struct probe **probes;
	size_t count;
	struct lc_seen *seen;
	struct server *servers;
	struct lookup *lookups;
	int epoll;
	uint32_t first_serial;
	struct probe **by_serial;	/* from first_serial on */
	size_t serial_count;
	size_t unsettled;
	struct sentinel_affinity *affinity;
	enum prompt prompt;
	size_t switch_ports;
	struct probe *sending;
	uint64_t overflows, paced_until_ns, quiet_ns;
	bool routers_observed;
	struct strange_syn strange[STRANGE_SYNS];
	size_t strange_count;
	struct crowd *crowd;
	struct address_book *addresses;
	struct absence *absence;
	struct strangers *strangers;
	size_t held, unread;
	struct control *controls;
	struct awaited_mark mark;
	struct awaited_answer inquiry;
};

enum {
	CROWD = 128,		/* probes that make a large batch */
	PLAIN_SIZE = 56,	/* bytes of an echo like all others */
};

uint64_t probe_nonce(void);		/* of this run */

/* batch.c */
/* The number that its packets carry; -ENOMEM: it has none */
int probe_number(struct lc_batch *batch, struct probe *probe);
struct probe *batch_find(struct lc_batch *batch, uint32_t serial);
void probe_settle(struct lc_batch *batch, struct probe *probe,
		  enum lc_outcome outcome, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* An answer came: note when, and how long it took */
void probe_answered(struct lc_batch *batch, struct probe *probe,
		    const struct lc_ip *by);
/* Its own socket, if it has one */
void probe_close(struct probe *probe);

/* loop.c */
int batch_watch(struct lc_batch *batch, struct watch *watch,
		unsigned int events, struct lc_err *err);
/* Whether it is in this batch's event loop */
bool batch_watches(struct lc_batch *batch, struct watch *watch);
void batch_rewatch(struct lc_batch *batch, struct watch *watch,
		   unsigned int events);
/* Read all that can be read; wait at most @wait_ms for the first of it.
 * Return: whether it was for a probe or a server, and not for a tap alone */
bool batch_pump(struct lc_batch *batch, int wait_ms);

/* engine.c */
/* A number, and nothing seen of it; false: out of memory, and it is settled */
bool probe_begin(struct lc_batch *batch, struct probe *probe);
/* From its being sent on, as long as an answer takes at most */
void probe_await(struct probe *probe);
void probe_send(struct lc_batch *batch, struct probe *probe);

/* expiry.c */
void batch_expire(struct lc_batch *batch);
/* How long until the next probe's time is up */
int batch_wait_ms(const struct lc_batch *batch);

/* prepare.c */
int probe_prepare(struct lc_batch *batch, struct probe *probe,
		  struct lc_err *err);
int probe_node_ready(struct lc_node *node, struct lc_err *err);
/* Open taps at its sender, its target and all routers */
int probe_observe(struct lc_batch *batch, struct probe *probe,
		  struct lc_err *err);

/* silence.c */
/* Whether more than the kernel may still be at work on a probe, and then how
 * long it gets */
bool silence_needs_patience(struct lc_batch *batch, const struct probe *probe,
			    uint64_t *ret_ns);
/* Wait until nothing that the kernel had to do is left */
int silence_prove(struct lc_batch *batch, struct lc_err *err);
enum { PENDING_TEXT = 128 };
bool neighbours_pending(struct lc_lab *lab, uint64_t sent_ns,
			char who[static PENDING_TEXT]);
/* Whether a shaper of the lab still holds packets */
bool queues_pending(struct lc_batch *batch);
bool lab_is_prompt(struct lc_batch *batch);
uint64_t patience_ns(const struct lc_batch *batch);
void silence_settle(struct lc_batch *batch, struct probe *probe);

/**
 * struct quiet - What it took until nothing was under way
 * @moved:	The daemon or this batch had something to do
 * @waits:	The daemon has passed something on and waits for an answer
 */
struct quiet {
	bool moved, waits;
};

/* quiet.c */
int quiet_begin(struct lc_batch *batch, struct lc_err *err);
/* @since_ns: what was passed on before is of no interest */
int quiet_reach(struct lc_batch *batch, uint64_t since_ns,
		struct quiet *ret_quiet, struct lc_err *err);
/* Whether all that was sent before this moment has arrived, into quiet_ns */
void quiet_note(struct lc_batch *batch);

/* Whether all that was sent has arrived, and nobody has anything to do */
bool quiet_is_there(struct lc_batch *batch);

/* absence.c: neighbours that are not there */
void absence_begin(struct lc_batch *batch);
void absence_free(struct lc_batch *batch);
/* A tap saw a node ask for one */
void absence_asked(struct lc_batch *batch, struct lc_node *node,
		   uint32_t ifindex, const struct lc_ip *ip);
/* Whether one did in this batch; whether its kernel was told to give up */
bool absence_was_asked(const struct lc_batch *batch,
		       const struct lc_node *node, uint32_t ifindex,
		       const struct lc_ip *ip);
bool absence_is_proved(const struct lc_batch *batch,
		       const struct lc_node *node, uint32_t ifindex,
		       const struct lc_ip *ip);
/* Have those given up of which it is proved */
void absence_settle(struct lc_batch *batch);

/* muted.c */
int routers_observe(struct lc_batch *batch, struct lc_err *err);
/* A tap saw a probe come in at a node, on its way to @destination */
void router_met(struct probe *probe, struct lc_node *node,
		const struct lc_ip *destination);
/* Whether the last router would have reported an error, had it been free to */
bool silence_may_be_muted(const struct lc_batch *batch,
			  const struct probe *probe);
/* When it is, for the next try */
uint64_t muted_slot(struct lc_batch *batch, struct probe *probe);

/* lookup.c: names of targets, as their senders find them */
int lookups_run(struct lc_batch *batch, struct lc_err *err);
void lookups_free(struct lc_batch *batch);
/* Its address, into seen.address; false: there is none, and it is settled */
bool lookup_found(struct lc_batch *batch, struct probe *probe);

/* address_book.c: whether a node has an address, and the one node that has it;
 * NULL: none, or several */
bool addresses_has(struct lc_batch *batch, struct lc_node *node,
		   const struct lc_ip *ip);
struct lc_node *addresses_holder(struct lc_batch *batch,
				 const struct lc_ip *ip);
/* What was seen of them may not be so any more */
void addresses_forget(struct lc_batch *batch);

/* meeting.c: all learn of all, so that each pair need not ask */
void meeting_hold(struct lc_batch *batch);
/* An IPv4 echo from node to node like all others, not sent yet */
bool probe_is_plain(const struct probe *probe);

/* strangers.c: no probe profits from what another taught its sender */
int strangers_begin(struct lc_batch *batch, struct lc_err *err);
void strangers_free(struct strangers *strangers);
/* Whether a node knew of a neighbour before */
bool strangers_know(const struct strangers *strangers,
		    const struct lc_node *node, uint32_t ifindex,
		    const struct lc_ip *ip);
/* Before it is sent; false: not now, while others are unsettled */
bool strangers_meet(struct lc_batch *batch, const struct probe *probe);
/* Whether it was answered because its target happened to be heard of: then it is
 * to go again, alone */
bool strangers_doubt(struct lc_batch *batch, const struct probe *probe);
/* Whether its neighbour may have been heard of since it was sent */
bool strangers_may_have_met(const struct lc_batch *batch,
			    const struct probe *probe);

/* volley.c: from the first of them on, as many as can go at once.  Return: how
 * many; 0: it is to go alone */
size_t volley_send(struct lc_batch *batch, size_t first);

/* crowd.c: what a probe adds to the machine's table of neighbours */
/* By which interface, and as whom, a node has an address on its link; or NULL */
const struct plan_address *crowd_link(const struct lc_node *node,
				      const struct lc_ip *ip,
				      uint32_t *ret_ifindex);
void crowd_note(struct lc_batch *batch, const struct probe *probe);
void crowd_done(struct lc_batch *batch);

/* target.c: the address that a probe is sent to, into seen.address */
int probe_address(struct probe *probe, struct lc_err *err);
/* The one node that has an address now; NULL: none, or several */
struct lc_node *node_holding(struct lc_lab *lab, const struct lc_ip *ip);

/* errors.c */
bool node_has_address(struct lc_node *node, const struct lc_ip *ip);
/* Whether its sender itself has the address that it is sent to */
bool probe_is_local(const struct probe *probe);
/* Settle a probe whose own kernel refused to send it; @error is positive */
void probe_refused_locally(struct lc_batch *batch, struct probe *probe,
			   const char *call, int error);

/** struct queued_error - One entry of a socket's error queue, ip(7) */
struct queued_error {
	int error;
	uint8_t origin, type, code;
	uint32_t mtu;			/* of EMSGSIZE */
	struct lc_ip offender;		/* family 0: a local error */
	uint8_t data[256];		/* of the packet that caused it */
	size_t length;
};

bool error_queue_read(int fd, int family, struct queued_error *ret);
/* Settle a probe for which an ICMP or local error was queued */
void probe_error_queued(struct lc_batch *batch, struct probe *probe,
			const struct queued_error *error);

/* echo.c */
int echo_prepare(struct lc_batch *batch, struct probe *probe,
		 struct lc_err *err);
void echo_send(struct lc_batch *batch, struct probe *probe);
/* The message that is to be sent.  Return: its size */
size_t echo_fill(const struct probe *probe, uint8_t *bytes);
/* What the socket says of the packets that go next, as ping(8) does: they are not
 * to be cut into pieces, which spares the kernel to think of a number for each */
void echo_options_plain(struct watch *watch, const struct probe *probe);
/* @failed: there may be errors, too */
void echo_ready(struct lc_batch *batch, struct watch *watch, bool failed);
void echo_receive(struct lc_batch *batch, struct watch *watch);
/* Whether the sockets of its ends had no room for something in this batch */
bool echo_may_be_lost(const struct probe *probe);

/* tcp.c, udp.c */
void tcp_send(struct lc_batch *batch, struct probe *probe);
void tcp_ready(struct lc_batch *batch, struct probe *probe);
void udp_send(struct lc_batch *batch, struct probe *probe);
void udp_ready(struct lc_batch *batch, struct probe *probe);
/* A socket in the sender with errors queued, bound to the probe's source */
int probe_socket(struct lc_batch *batch, struct probe *probe, int type);

/* dns.c */
int dns_prepare(struct probe *probe, struct lc_err *err);
/* The number of its question */
uint16_t dns_id(const struct probe *probe);
/* The first four bytes of the name, as a question has it */
uint32_t dns_name_begins(const struct lc_probe *said);
/* Whom its sender would ask, into seen.address */
void dns_server(struct probe *probe);
/* Ready to ask another one, if the answer was none and there is one */
bool dns_next_server(struct probe *probe);
void dns_send(struct lc_batch *batch, struct probe *probe);
void dns_ready(struct lc_batch *batch, struct probe *probe);
void exchange_free(struct exchange *exchange);

/* server.c */
int server_prepare(struct lc_batch *batch, struct probe *probe,
		   struct lc_err *err);
void server_ready(struct lc_batch *batch, struct server *server);
void connection_ready(struct lc_batch *batch, struct watch *watch);
void servers_free(struct lc_batch *batch);

/* tap.c */
int tap_open(struct lc_batch *batch, struct lc_node *node, struct lc_err *err);
void tap_ready(struct lc_batch *batch, struct watch *watch);

/* wire.c */
/* Whether its target saw it, and not on its way to another */
bool probe_arrived(const struct probe *probe);

/* unwatch.c: close packet sockets; in the time that one takes */
void packet_sockets_close(int *fds, size_t count);

/* control.c */
/* That those could send of whose probes nothing came back */
void controls_run(struct lc_batch *batch);
void controls_free(struct lc_batch *batch);
/* Somebody answers this node's ARP or neighbour discovery */
void control_heard(struct lc_batch *batch, struct lc_node *node,
		   uint32_t ifindex, const struct lc_ip *by);

/* cable.c: whether the interface that it leaves by has no carrier; its name */
bool cable_is_out(const struct probe *probe, char ret_name[static IFNAMSIZ]);

/* scope.c: the interface of a link-local destination, into probe.scope */
int probe_find_scope(struct lc_batch *batch, struct probe *probe,
		     struct lc_err *err);

#endif
