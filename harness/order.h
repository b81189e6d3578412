/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * order.h - which part of a suite runs, and in which order
 */
#ifndef HARNESS_ORDER_H
#define HARNESS_ORDER_H

#include <stddef.h>
#include <stdint.h>

struct suite_file;

/**
 * order_shard() - Keep one of several parts of a list
 * @files:	The whole list; what is kept stands at its begin, in its order
 * @part:	From 1 to @parts
 * @ret_count:	How many are kept
 *
 * Return: 0, or -ENOMEM
 */
int order_shard(struct suite_file **files, size_t count, unsigned long part,
		unsigned long parts, size_t *ret_count);

/** order_sort() - By the bytes of their paths, one like the other as they were */
int order_sort(struct suite_file **files, size_t count);

/**
 * order_shuffle() - Put into a random order
 * @state:	The seed; afterwards that for the next time
 */
void order_shuffle(struct suite_file **files, size_t count, uint64_t *state);

#endif
