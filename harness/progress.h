/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - what a long run is at, for who sits before a terminal
 */
#ifndef HARNESS_PROGRESS_H
#define HARNESS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct job;

/**
 * struct progress - One line of standard error that comes and goes
 * @terminal:	There is somebody to read it
 * @shown:	It stands there
 * @next_ns:	Not to be shown anew before: lines that flicker can't be read
 */
struct progress {
	bool terminal, shown;
	uint64_t next_ns;
};

/** struct progress_state - @done of @total runs are over, @running go on */
struct progress_state {
	unsigned long done, total;
	size_t running;
};

void progress_begin(struct progress *p);

/** progress_wait_ms() - When it wants to be shown next; -1: never */
int progress_wait_ms(const struct progress *p);

/** progress_show() - @job: the one that is waited for */
void progress_show(struct progress *p, const struct progress_state *state,
		   const struct job *job);

/** progress_clear() - Before anything else is written */
void progress_clear(struct progress *p);

/**
 * progress_text() - As in "3/26 [2 s] nat.yaml: step 4 of 17, ping red -> blue"
 * @columns:	How many there are; it never takes all of them
 * @size:	Of @text, at least 4 bytes for each column
 */
void progress_text(char *text, size_t size, size_t columns,
		   const struct progress_state *state, const struct job *job,
		   uint64_t now_ns);

#endif
