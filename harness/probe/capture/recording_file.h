/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_file.h - the file that a recording writes
 */
#ifndef PROBE_CAPTURE_RECORDING_FILE_H
#define PROBE_CAPTURE_RECORDING_FILE_H

#include <stdint.h>
#include <sys/types.h>

#include <labcheck/err.h>

#include "report/pcapng.h"

struct scenario;

/**
 * struct recording_file - Open for writing, by somebody else
 * @whole:	Its length: of blocks that are there to their end
 * @out:	Blocks to be appended
 * @err:	The first thing that went wrong; from there on nothing is written
 */
struct recording_file {
	int fd;
	off_t whole;
	struct pcapng out;
	struct lc_err err;
};

/** recording_now_ns() - The time that packets bear: of day, not monotonic */
uint64_t recording_now_ns(void);

/** recording_file_begin() - With what was run, by whom and where */
void recording_file_begin(struct recording_file *file,
			  const struct scenario *scenario);

/** recording_file_append() - All blocks of @out; what does not go in whole is not to
 * be there at all */
void recording_file_append(struct recording_file *file);

/** recording_file_fail() - The recording is not complete, whoever is to blame */
void recording_file_fail(struct recording_file *file, int code,
			 const char *text);

/** recording_file_done() - Free what is in memory */
void recording_file_done(struct recording_file *file);

#endif
