/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loop.h - the daemon's own process
 */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

#include <stdbool.h>

struct lc_lab;

/** loop_needed() - Whether the lab, or one that follows, needs a daemon */
bool loop_needed(const struct lc_lab *lab);

/**
 * loop_live() - Be the daemon: in a child, until @control has no other end
 * @control:	Where requests come from, see control.h
 */
_Noreturn void loop_live(struct lc_lab *lab, int control);

#endif
