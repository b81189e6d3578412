// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unwatch.c - closes what the engine kept open in a lab's nodes
 *
 * Packet sockets take long to close (closing.c); but when the lab ends, nobody
 * needs to wait at all (lab/orphan.c).
 */
#include <stdlib.h>
#include <unistd.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "lab/orphan.h"
#include "probe/batch/node.h"
#include "probe/capture/recording.h"
#include "probe/engine.h"
#include "probe/wire/closing.h"

/** struct taps - Packet sockets, taken over; without @fds they are counted */
struct taps {
	int *fds;
	size_t count;
};

static void taps_add(struct taps *taps, int *fd)
{
	if (*fd < 0)
		return;
	if (taps->fds)
		taps->fds[taps->count] = lc_steal_fd(fd);
	taps->count++;
}

static size_t collect_taps(struct lc_lab *lab, int *fds)
{
	struct taps taps = { .fds = fds };

	for (size_t i = 0; i < lab->node_count; i++) {
		struct probe_node *n = lab->nodes[i].probe;

		if (!n)
			continue;
		taps_add(&taps, &n->tap.fd);
		taps_add(&taps, &n->marker);
		taps_add(&taps, &n->recorder);
		for (struct packet_socket *s = n->captures; s; s = s->next)
			taps_add(&taps, &s->fd);
	}
	return taps.count;
}

static void captures_close(struct probe_node *n)
{
	struct packet_socket *s;

	while ((s = n->captures)) {
		n->captures = s->next;
		lc_close(&s->fd);
		free(s);
	}
}

void node_unwatch(struct lc_node *node)
{
	struct probe_node *n = node->probe;

	if (!n)
		return;
	recording_leave(node);
	lc_close(&n->echo4.fd);
	lc_close(&n->echo6.fd);
	lc_close(&n->tap.fd);
	lc_close(&n->marker);
	lc_close(&n->recorder);
	captures_close(n);
	free(n);
	node->probe = NULL;
}

void lab_unwatch_gone(struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++)
		if (lab->nodes[i].plan->absent && !node_stands(&lab->nodes[i]))
			node_unwatch(&lab->nodes[i]);
}

static void close_all(struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++)
		node_unwatch(&lab->nodes[i]);
}

void lab_unwatch(struct lc_lab *lab)
{
	size_t count = collect_taps(lab, NULL);
	lc_auto(lc_free) int *taps = calloc(count + 1, sizeof(int));

	for (size_t i = 0; i < lab->node_count; i++)
		recording_leave(&lab->nodes[i]);
	if (taps) {
		collect_taps(lab, taps);
		orphan_fds(taps, count);
		packet_sockets_close(taps, count);
	}
	close_all(lab);
}
