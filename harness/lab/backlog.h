/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backlog.h - packets that the machine had no room for
 */
#ifndef LAB_BACKLOG_H
#define LAB_BACKLOG_H

#include <stdint.h>

/**
 * backlog_drops() - How many packets this machine's processors have thrown away
 * since it was started, for want of room in their receive queues
 *
 * Return: 0, or -errno
 */
int backlog_drops(uint64_t *ret_count);

#endif
