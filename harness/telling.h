/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * telling.h - where verdicts go, and what status they end with
 */
#ifndef HARNESS_TELLING_H
#define HARNESS_TELLING_H

#include "report/tap.h"
#include "reports.h"

struct job;
struct options;
struct pcap_file;

/**
 * struct telling - What one call of labcheck has to say
 * @prefixes:	Each title begins with its file
 * @error:	Standard output could not be written: an errno, or 0
 */
struct telling {
	const struct options *options;
	struct tap tap;
	struct reports reports;
	bool prefixes;
	bool failed, broken;
	int error;
};

/**
 * telling_open() - Open all that will be written
 *
 * Return: 0, or an exit status: something can't be opened, and is told
 */
int telling_open(struct telling *t, const struct options *options);

/** telling_begin() - @count: how many steps will be told */
void telling_begin(struct telling *t, unsigned long count, bool prefixes);

/** telling_job() - What was heard of a run and not told yet; it is emptied */
void telling_job(struct telling *t, struct job *job);

/** telling_record() - All that is in the reports' record */
void telling_record(struct telling *t);

/** telling_stop() - Nothing more will come, though more should */
void telling_stop(struct telling *t, const char *why);

/** telling_refuse() - In place of telling_begin(): nothing is run at all */
void telling_refuse(struct telling *t, const char *why);

/** telling_recorded() - What became of a run's file of packets: that it is not
 * what it should be is no verdict, but nothing that passes */
void telling_recorded(struct telling *t, const struct pcap_file *p);

/** telling_end() - Write the reports; the exit status */
int telling_end(struct telling *t);

#endif
