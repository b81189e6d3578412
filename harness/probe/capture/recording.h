/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording.h - all packets of all nodes, into one file (--pcap)
 *
 * Each function is content with NULL: nothing is recorded then.
 */
#ifndef PROBE_RECORDING_H
#define PROBE_RECORDING_H

struct lc_lab;
struct lc_node;
struct recording;

/**
 * recording_begin() - Record what crosses the interfaces of a lab that stands
 * @fd:		The file, empty and open for writing; it stays the caller's
 *
 * Return: what is under way, also as lab->recording; NULL: out of memory.
 * Whatever goes wrong from here on is told by recording_error() alone.
 */
struct recording *recording_begin(struct lc_lab *lab, int fd);

/** recording_look() - Watch nodes that have come, or were let go (node_unwatch())
 * and are there again */
void recording_look(struct recording *r);

/** recording_step() - What comes now belongs to a step, or another part of the
 * run: each packet bears @comment */
void recording_step(struct recording *r, const char *comment);

/** recording_again() - The step goes on, but with what labcheck sends again */
void recording_again(struct recording *r);

/** recording_read() - Make room for more; to be called while something is
 * waited for */
void recording_read(struct recording *r);

/** recording_leave() - The node's namespace will be let go */
void recording_leave(struct lc_node *node);

/** recording_write() - All that has come by is in the file afterwards */
void recording_write(struct recording *r);

/** recording_error() - Why the file is not what it should be; NULL: it is */
const char *recording_error(const struct recording *r);

/** recording_end() - Write what is left, and how much was lost; sockets are
 * closed with the others (lab_unwatch()) */
void recording_end(struct recording *r);

void recording_free(struct recording *r);

#endif
