/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * volley.h - echoes of one sender that leave by one system call
 */
#ifndef PROBE_PROTOCOL_VOLLEY_H
#define PROBE_PROTOCOL_VOLLEY_H

#include <stdbool.h>
#include <stddef.h>

struct lc_batch;
struct probe;

enum { PLAIN_SIZE = 56 };	/* bytes of an echo like all others */

/** probe_is_plain() - An IPv4 echo from node to node like all others, not sent
 * yet */
bool probe_is_plain(const struct probe *probe);

/**
 * volley_send() - From the probe @first on, as many as can go at once
 *
 * Return: how many; 0: it is to go alone
 */
size_t volley_send(struct lc_batch *batch, size_t first);

#endif
