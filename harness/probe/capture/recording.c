// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * recording.c - all packets of all nodes, into one file (--pcap)
 *
 * Theory of operation
 *
 * Each namespace has a ring (ring.c), emptied when a step ends and while one
 * waits, so that it does not overflow.  A packet that another namespace's ring
 * already holds may be older than the last one read; so all rings are read before
 * anything is written, and if that is done in the middle of a step, what is
 * younger than the beginning of the reading is kept (packet_store.c).
 *
 * Every packet bears the name of its step, rather than the first of each: so a
 * filter on frame.comment finds all that belongs to one.
 */
#include <errno.h>
#include <net/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "lab/lab.h"
#include "lab/netns.h"
#include "probe/batch/node.h"
#include "probe/capture/interface_book.h"
#include "probe/capture/link_news.h"
#include "probe/capture/packet_store.h"
#include "probe/capture/recording.h"
#include "probe/capture/recording_file.h"
#include "probe/capture/ring.h"
#include "probe/wire/mark.h"

enum {
	RINGS_SIZE	= 64 << 20,	/* of all together, if need be */
	RING_MOST	= 8 << 20,
	RING_LEAST	= 512 << 10,
	KEPT_MOST	= 16 << 20,	/* more is written before the step's end */
};

/**
 * struct recording - Under way
 * @store:	What was read and not written
 * @parts:	What packets are told to belong to; the last is under way
 * @rings:	By node: what it has sent and received
 * @lost:	By node: packets that its ring had no room for
 * @news:	By node: where its links are told; -1: not watched
 */
struct recording {
	struct lc_lab *lab;
	struct recording_file file;
	uint64_t began_ns;
	struct interface_book book;
	struct packet_store store;
	char **parts;
	size_t part_count;
	struct ring *rings;
	uint64_t *lost;
	int *news;
};

static size_t ring_size(const struct lc_lab *lab)
{
	size_t size = RING_MOST;

	while (size > RING_LEAST && size * lab->node_count > RINGS_SIZE)
		size /= 2;
	return size;
}

static bool is_watched(const struct lc_node *node)
{
	return node->probe && node->probe->recorder >= 0;
}

/* An adopted node may not be there yet, or not be for us to watch */
static void watch(struct recording *r, struct lc_node *node)
{
	struct lc_err err = { "" };
	int code;

	if (node->plan->kind == NODE_SHARED || is_watched(node))
		return;
	if (node->plan->kind != NODE_ADOPTED && !node_stands(node))
		return;
	code = probe_node_ready(node, &err);
	if (!code)
		code = r->news[node->index] = link_news_open(node, &err);
	if (code >= 0)
		code = node->probe->recorder =
			ring_open(&r->rings[node->index], node,
				  ring_size(r->lab), &err);
	if (code >= 0)
		book_look(&r->book, node);
	else
		lc_close(&r->news[node->index]);
	if (code < 0 && node->plan->kind != NODE_ADOPTED)
		recording_file_fail(&r->file, code, err.text);
}

static void look_around(struct recording *r)
{
	for (size_t i = 0; i < r->lab->node_count; i++)
		watch(r, &r->lab->nodes[i]);
}

void recording_look(struct recording *r)
{
	if (r)
		look_around(r);
}

/* What a loopback sends it shows again as it comes in; marks are our own */
static bool is_of_interest(const struct ring_packet *p)
{
	if (p->hatype == ARPHRD_LOOPBACK)
		return p->type != PACKET_OUTGOING;
	if (p->hatype == ARPHRD_ETHER)
		return !frame_is_ours(p->bytes, p->captured);
	return p->protocol == ETH_P_IP || p->protocol == ETH_P_IPV6;
}

static void keep(struct recording *r, struct lc_node *node,
		 const struct ring_packet *p)
{
	uint32_t number;

	if (is_of_interest(p) &&
	    (book_number(&r->book, node, p, &number) ||
	     store_add(&r->store, p, number, r->part_count - 1)))
		recording_file_fail(&r->file, -ENOMEM, "out of memory");
}

/** struct reading - Of a node's news */
struct reading {
	struct recording *recording;
	struct lc_node *node;
};

static void note_link(void *arg, uint32_t ifindex, const char *name)
{
	const struct reading *reading = arg;

	book_note(&reading->recording->book, reading->node, ifindex, name);
}

static void read_news(struct recording *r, struct lc_node *node)
{
	struct reading reading = { r, node };

	if (link_news_read(r->news[node->index], note_link, &reading))
		book_look(&r->book, node);
}

/* One round, since somebody may talk without end */
static void read_ring(struct recording *r, struct lc_node *node)
{
	struct ring *ring = &r->rings[node->index];
	struct ring_packet p;

	if (ring_next(ring, &p))
		read_news(r, node);
	for (unsigned int i = 0; i < ring->frames && ring_next(ring, &p);
	     i++) {
		if (!r->file.err.text[0])
			keep(r, node, &p);
		ring_release(ring);
	}
}

static void read_all(struct recording *r)
{
	for (size_t i = 0; i < r->lab->node_count; i++)
		if (is_watched(&r->lab->nodes[i]))
			read_ring(r, &r->lab->nodes[i]);
}

static void write_until(struct recording *r, uint64_t ns)
{
	book_write(&r->book, &r->file.out);
	store_take(&r->store, ns, r->parts, &r->file.out);
	recording_file_append(&r->file);
}

void recording_read(struct recording *r)
{
	uint64_t now;

	if (!r)
		return;
	now = recording_now_ns();
	read_all(r);
	if (r->store.kept_length > KEPT_MOST)
		write_until(r, r->store.kept_length > 2 * KEPT_MOST ?
				       UINT64_MAX : now);
}

static void add_statistics(struct recording *r, size_t n)
{
	const struct booked_interface *f = &r->book.items[n];
	uint64_t lost = r->lost[f->node];
	char comment[128];

	snprintf(comment, sizeof(comment),
		 "%llu packets were lost on the interfaces of this node, it is not known on which",
		 (unsigned long long)lost);
	pcapng_add_statistics(&r->file.out, &(struct pcapng_statistics){
		.interface = (uint32_t)n,
		.begin_ns = r->began_ns,
		.end_ns = recording_now_ns(),
		.received = f->received + lost,
		.dropped = lost,
		.comment = lost ? comment : NULL,
	});
}

static uint32_t note_losses(struct recording *r, struct lc_node *node)
{
	uint32_t lost = is_watched(node) ? ring_losses(node->probe->recorder) :
					   0;

	r->lost[node->index] += lost;
	return lost;
}

/* Told as soon as it is known: nobody knows how the run will end */
static void tell_losses(struct recording *r)
{
	for (size_t i = 0; i < r->lab->node_count; i++) {
		if (!note_losses(r, &r->lab->nodes[i]))
			continue;
		for (size_t k = 0; k < r->book.written; k++)
			if (r->book.items[k].node == i)
				add_statistics(r, k);
	}
	recording_file_append(&r->file);
}

void recording_write(struct recording *r)
{
	if (!r)
		return;
	look_around(r);
	read_all(r);
	write_until(r, UINT64_MAX);
	tell_losses(r);
}

static void begin_part(struct recording *r, char *comment)
{
	char **parts = reallocarray(r->parts, r->part_count + 1,
				    sizeof(*parts));

	if (parts)
		r->parts = parts;
	if (!parts || !comment) {
		free(comment);
		recording_file_fail(&r->file, -ENOMEM, "out of memory");
		return;
	}
	parts[r->part_count++] = comment;
}

void recording_step(struct recording *r, const char *comment)
{
	if (!r)
		return;
	read_all(r);
	look_around(r);
	begin_part(r, strdup(comment));
}

void recording_again(struct recording *r)
{
	char *comment;

	if (!r)
		return;
	read_all(r);
	if (asprintf(&comment, "%s (sent again, to learn where it ends)",
		     r->parts[r->part_count - 1]) < 0)
		comment = NULL;
	begin_part(r, comment);
}

void recording_leave(struct lc_node *node)
{
	struct recording *r = node->lab->recording;

	if (is_watched(node) && r) {
		note_losses(r, node);
		read_ring(r, node);
		lc_close(&r->news[node->index]);
	}
	if (r)
		ring_unmap(&r->rings[node->index]);
}

static void read_meanwhile(struct lc_lab *lab)
{
	recording_read(lab->recording);
}

struct recording *recording_begin(struct lc_lab *lab, int fd)
{
	struct recording *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->lab = lab;
	r->file.fd = fd;
	r->began_ns = recording_now_ns();
	r->rings = calloc(lab->node_count + 1, sizeof(*r->rings));
	r->lost = calloc(lab->node_count + 1, sizeof(*r->lost));
	r->news = calloc(lab->node_count + 1, sizeof(*r->news));
	for (size_t i = 0; r->news && i < lab->node_count; i++)
		r->news[i] = -1;
	begin_part(r, strdup("before the first step"));
	if (!r->rings || !r->lost || !r->news || !r->part_count) {
		recording_free(r);
		return NULL;
	}
	recording_file_begin(&r->file, lab->plan->scenario);
	look_around(r);
	lab->recording = r;
	lab->meanwhile = read_meanwhile;
	return r;
}

const char *recording_error(const struct recording *r)
{
	return r && r->file.err.text[0] ? r->file.err.text : NULL;
}

void recording_end(struct recording *r)
{
	if (!r)
		return;
	recording_write(r);
	for (size_t i = 0; i < r->book.written; i++)
		add_statistics(r, i);
	recording_file_append(&r->file);
}

void recording_free(struct recording *r)
{
	if (!r)
		return;
	r->lab->recording = NULL;
	r->lab->meanwhile = NULL;
	book_done(&r->book);
	recording_file_done(&r->file);
	for (size_t i = 0; i < r->part_count; i++)
		free(r->parts[i]);
	free(r->parts);
	store_done(&r->store);
	for (size_t i = 0; r->rings && i < r->lab->node_count; i++)
		ring_unmap(&r->rings[i]);
	free(r->rings);
	free(r->lost);
	for (size_t i = 0; r->news && i < r->lab->node_count; i++)
		lc_close(&r->news[i]);
	free(r->news);
	free(r);
}
