// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * volley.c - echoes of one sender that leave by one system call
 *
 * Of nodes that know each other (meeting.c) an echo and its answer take the
 * kernel less time than the calls that send and read them one by one.
 *
 * None is expected to be cut on its way (hearsay.c).
 *
 * What the targets saw waits in their sockets, of which an ordinary user's holds
 * some hundreds: so all are read now and then.
 */
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "lab/lab.h"
#include "lab/sockaddr.h"
#include "probe/batch/batch.h"
#include "probe/batch/loop.h"
#include "probe/batch/node.h"
#include "probe/batch/probe.h"
#include "probe/packet/packet.h"
#include "probe/protocol/echo.h"
#include "probe/protocol/volley.h"

enum {
	VOLLEY = 64,
	UNREAD_MOST = 256,	/* volleys' echoes until all sockets are read */
};

/** struct volley - What sendmmsg(2) is given */
struct volley {
	struct mmsghdr messages[VOLLEY];
	struct iovec io[VOLLEY];
	struct sockaddr_storage to[VOLLEY];
	uint8_t bytes[VOLLEY][ICMP_ECHO_SIZE + PLAIN_SIZE];
};

bool probe_is_plain(const struct probe *p)
{
	const struct lc_probe *said = &p->said;

	return p->state == PROBE_READY && said->protocol == LC_ICMP &&
	       p->seen->address.family == AF_INET && p->target &&
	       p->target != p->from && !said->negative && !said->ends &&
	       !said->source && !said->ttl && !said->df && !said->whole &&
	       said->size <= PLAIN_SIZE;
}

static bool may_join(const struct probe *p, const struct probe *first)
{
	return p->met && p->from == first->from && probe_is_plain(p);
}

static size_t load(struct lc_batch *b, size_t first, struct volley *v)
{
	struct probe *const *probes = b->probes + first;
	size_t n = 0;

	while (n < VOLLEY && first + n < b->count &&
	       may_join(probes[n], probes[0])) {
		struct probe *p = probes[n];
		struct msghdr *m = &v->messages[n].msg_hdr;

		if (!probe_begin(b, p))
			break;
		v->io[n] = (struct iovec){ v->bytes[n],
					   echo_fill(p, v->bytes[n]) };
		*m = (struct msghdr){
			.msg_name = &v->to[n],
			.msg_namelen = sockaddr_fill(
				&v->to[n], &p->seen->address, 0, 0),
			.msg_iov = &v->io[n],
			.msg_iovlen = 1,
		};
		n++;
	}
	return n;
}

static void note_sent(struct probe *const *probes, size_t count)
{
	uint64_t now = clock_ns();

	for (size_t i = 0; i < count; i++) {
		probes[i]->state = PROBE_SENT;
		probes[i]->sent_ns = now;
		probe_await(probes[i]);
	}
}

size_t volley_send(struct lc_batch *b, size_t first)
{
	static struct volley v;
	struct probe *const *probes = b->probes + first;
	struct watch *w = &probes[0]->from->probe->echo4;
	size_t count = load(b, first, &v);
	int sent;

	if (count < 2)
		return 0;
	echo_options_plain(w, probes[0]);
	note_sent(probes, count);
	sent = sendmmsg(w->fd, v.messages, (unsigned int)count, 0);
	/* What is refused goes alone, and is told why */
	for (size_t i = sent > 0 ? (size_t)sent : 0; i < count; i++)
		probes[i]->state = PROBE_READY;
	if (sent <= 0)
		return 0;
	echo_receive(b, w);
	b->unread += (size_t)sent;
	if (b->unread < UNREAD_MOST)
		return (size_t)sent;
	b->unread = 0;
	batch_pump(b, 0);
	return (size_t)sent;
}
