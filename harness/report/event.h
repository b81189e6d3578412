/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - what happened, as the sandbox tells it to the reports
 *
 * A scenario runs in a child.  What it finds reaches the parent as events over
 * a pipe, one after the other, and every kind of report is made from the same
 * stream.
 */
#ifndef REPORT_EVENT_H
#define REPORT_EVENT_H

#include <stddef.h>
#include <stdint.h>

#include <labcheck/report.h>

enum event_kind {
	EVENT_BUILT,		/* the lab stands */
	EVENT_STEP,		/* a step has ended: index, verdict */
	EVENT_SKIP_ALL,		/* the scenario is skipped: verdict.reason */
	EVENT_ERROR_ALL,	/* the lab could not be built: verdict.reason;
				 * line, column: the place in the file */
	EVENT_UNRECORDED,	/* packets are missing in the file of --pcap:
				 * verdict.reason */
	EVENT_END,		/* the last one */
};

struct event {
	enum event_kind kind;
	uint32_t step;
	uint32_t line, column;
	uint64_t elapsed_ns;	/* of the step; of the building */
	struct lc_verdict verdict;
};

/** event_send() - Write one event; -errno if the parent is gone */
int event_send(int fd, const struct event *event);

/**
 * struct event_reader - Events as they come out of a pipe
 *
 * event_next() returns 1 and an event (event_done() frees it), 0 when more
 * bytes are needed, -EPROTO when what came is no event.
 */
struct event_reader {
	char *buffer;
	size_t length, size;
};

void event_reader_init(struct event_reader *reader);
void event_reader_done(struct event_reader *reader);
int event_reader_fill(struct event_reader *reader, int fd); /* 0: end */
int event_next(struct event_reader *reader, struct event *ret_event);
void event_done(struct event *event);

#endif
