/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * job.h - one run of one scenario, as seen from outside its sandbox
 */
#ifndef HARNESS_JOB_H
#define HARNESS_JOB_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <labcheck/value.h>

#include "pcap.h"
#include "report/event.h"

struct lc_err;
struct remains;
struct suite_file;

/** struct result - What became of a step */
struct result {
	struct lc_verdict verdict;
	uint64_t elapsed_ns;
};

/**
 * struct job - One run of one scenario
 * @next:	In the order of telling
 * @pidfd:	Of the sandbox's first process; -1: it is over
 * @events:	Where it tells; -1: it is silent
 * @results:	One for each step
 * @heard:	How many of them are there
 * @told:	How many of these were passed on, and are empty
 * @begun:	It was told that there is this one
 * @round:	Of --repeat, from 1
 * @built_ns:	How long building took; 0: it does not stand yet
 * @blamed:	Whose fault it is that the lab does not stand; line 0: nobody's
 * @whole:	Every step has a result, by its own account
 * @pcap:	What its packets are recorded to; set once it is started
 * @share:	What it takes of what all labs share (share.h)
 */
struct job {
	struct job *next;
	const struct suite_file *file;
	pid_t pid;
	int pidfd, events;
	struct event_reader reader;
	struct result *results;
	uint32_t heard, told;
	uint64_t began_ns, built_ns, ended_ns;
	struct lc_at blamed;
	bool whole, begun;
	unsigned long round;
	struct pcap_file pcap;
	uint64_t share;
};

/**
 * struct job_means - What a run is given
 * @pcap_fd:	Where its packets go; -1: nowhere
 * @others:	Those that are there; the new one will not hold on to them
 * @remains:	Where its bridges go when it is over; NULL: nowhere
 * @mask:	The signal mask for what is inside
 */
struct job_means {
	bool privileged;
	int pcap_fd;
	const struct job *others;
	const struct remains *remains;
	const sigset_t *mask;
};

/** job_new() - Start a run; 0, or -errno with @err: no sandbox is to be had */
int job_new(struct job **ret_job, const struct suite_file *file,
	    const struct job_means *means, struct lc_err *err);

/** jobs_stand() - Whether all labs from @first on are built, or over */
bool jobs_stand(const struct job *first);

/** job_fd() - What to poll for; -1: it is over */
int job_fd(const struct job *job);

/**
 * job_hear() - Take in what there is: events, or the end
 *
 * Once it is over each step has a result: what it did not tell is an error.
 */
void job_hear(struct job *job);

/** job_free() - Frees it; if it is not over it is killed and waited for */
void job_free(struct job *job);

#endif
