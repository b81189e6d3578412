// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run.c - runs the scenarios of a suite and reports
 *
 * As many as wanted are under way at a time, and one loop listens to all.  They
 * are told in the order of the suite, so what one finds is kept until all that
 * come before it are over; the first of those that are not told yet is told as
 * it goes.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "job.h"
#include "options.h"
#include "pcap.h"
#include "progress.h"
#include "remains.h"
#include "share.h"
#include "suite.h"
#include "telling.h"

/**
 * struct session - One call of labcheck, as it goes
 * @mask:	The signals that were blocked before
 * @signals:	signalfd of what ends it
 * @caught:	The signal that ended it, or 0
 * @first:	Runs that were started and not all told; @last: the end of them
 * @told:	How many runs were told whole
 * @started:	Runs that were started, of @total
 * @slots:	How many may be under way; @running: how many are
 * @remains:	Bridges of those that are over
 * @share:	What these take of @share_limit, and @next_share what the next one
 *		will (share.h); 0: it is not counted yet
 */
struct session {
	const struct options *options;
	struct suite *suite;
	struct telling *telling;
	struct progress progress;
	struct pcap_directory pcaps;
	struct remains remains;
	sigset_t mask;
	int signals;
	int caught;
	struct job *first, **last;
	struct pollfd *polls;
	unsigned long told, started, total;
	size_t slots, running;
	uint64_t share, next_share, share_limit;
};

static unsigned long count_steps(const struct suite *suite,
				 unsigned long repeat)
{
	unsigned long count = 0;

	for (size_t i = 0; i < suite->chosen_count; i++)
		count += suite->chosen[i]->loaded.scenario->steps_count;
	return count * repeat;
}

static int start(struct session *s, const struct suite_file *file,
		 struct lc_err *err)
{
	struct pcap_file pcap = pcap_begin(&s->pcaps, file);
	const struct job_means means = {
		.privileged = s->options->privileged,
		.pcap_fd = pcap.fd,
		.others = s->first,
		.remains = &s->remains,
		.mask = &s->mask,
	};
	struct job *job;
	int r;

	/* Nobody waits for what the last one leaves */
	if (s->started + 1 == s->total)
		lc_close(&s->remains.in);
	r = job_new(&job, file, &means, err);
	if (r) {
		pcap_cancel(&s->pcaps, &pcap);
		return r;
	}
	/* It is in there now */
	lc_close(&pcap.fd);
	job->pcap = pcap;
	job->round = s->started / s->suite->chosen_count + 1;
	job->share = s->next_share;
	*s->last = job;
	s->last = &job->next;
	s->share += s->next_share;
	s->next_share = 0;
	s->running++;
	s->started++;
	/* The next time round in another order */
	if (s->options->shuffles && s->started % s->suite->chosen_count == 0)
		suite_shuffle(s->suite);
	return 0;
}

static const struct suite_file *next_file(struct session *s)
{
	return s->suite->chosen[s->started % s->suite->chosen_count];
}

/* All that there is room for; one at least, however much it takes */
static int start_more(struct session *s, struct lc_err *err)
{
	while (s->started < s->total && s->running < s->slots) {
		const struct suite_file *file = next_file(s);
		int r;

		if (s->slots > 1 && !s->next_share)
			s->next_share = share_of(&file->plan, s->share_limit);
		if (s->running && s->share + s->next_share > s->share_limit)
			return 0;
		r = start(s, file, err);
		if (r && !s->running)
			return r;
		/* This machine has no room for more of them than these */
		if (r)
			s->slots = s->running;
	}
	return 0;
}

static void tell_what_is_there(struct session *s)
{
	struct job *job;

	while ((job = s->first)) {
		if (job->told < job->heard)
			progress_clear(&s->progress);
		telling_job(s->telling, job);
		if (job_fd(job) >= 0)
			return;
		s->told++;
		s->first = job->next;
		if (!s->first)
			s->last = &s->first;
		if (job->pcap.error)
			progress_clear(&s->progress);
		telling_recorded(s->telling, &job->pcap);
		job_free(job);
	}
}

static void catch_signal(struct session *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) > 0)
		s->caught = (int)info.ssi_signo;
}

static void show_progress(struct session *s)
{
	const struct progress_state state = {
		.done = s->told,
		.total = s->total,
		.running = s->running,
	};

	progress_show(&s->progress, &state, s->first);
}

/* Until one of those that run has something to tell, or a signal has come */
static void listen_to_all(struct session *s)
{
	struct pollfd *p = s->polls;
	nfds_t count = 1;

	p[0] = (struct pollfd){ .fd = s->signals, .events = POLLIN };
	for (struct job *job = s->first; job; job = job->next)
		if (job_fd(job) >= 0)
			p[count++] = (struct pollfd){ .fd = job_fd(job),
						      .events = POLLIN };
	show_progress(s);
	if (remains_poll(&s->remains, p, count,
			 progress_wait_ms(&s->progress),
			 jobs_stand(s->first)) <= 0)
		return;
	if (p[0].revents)
		catch_signal(s);
	for (struct job *job = s->first; job; job = job->next) {
		if (job_fd(job) < 0 || !(++p)->revents)
			continue;
		job_hear(job);
		if (job_fd(job) >= 0)
			continue;
		s->running--;
		s->share -= job->share;
		remains_trim(&s->remains);
	}
}

static void end_all(struct session *s)
{
	while (s->first) {
		struct job *job = s->first;

		s->first = job->next;
		job_free(job);
	}
}

static int interrupted(struct session *s)
{
	char why[64];

	snprintf(why, sizeof(why), "interrupted by SIG%s",
		 sigabbrev_np(s->caught));
	telling_stop(s->telling, why);
	fprintf(stderr, "labcheck: %s; the lab is gone, nothing is left\n",
		why);
	telling_end(s->telling);
	return 128 + s->caught;
}

static int run_all(struct session *s)
{
	struct lc_err err = { "" };
	int r = 0;

	while (!r) {
		r = start_more(s, &err);
		tell_what_is_there(s);
		/* Nobody hears what more would be found */
		if (r || !s->first || s->telling->error)
			break;
		listen_to_all(s);
		if (s->caught)
			break;
	}
	end_all(s);
	progress_clear(&s->progress);
	if (s->caught)
		return interrupted(s);
	if (r) {
		telling_stop(s->telling, err.text);
		fprintf(stderr, "labcheck: %s\n", err.text);
	}
	return telling_end(s->telling);
}

static int run(struct session *s)
{
	unsigned long steps = count_steps(s->suite, s->options->repeat);
	sigset_t ends;
	int status;

	/* Nor is a lab built if nothing is asked of any */
	if (!steps)
		s->total = 0;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, &s->mask);
	s->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signals < 0) {
		perror("labcheck: signalfd");
		return EXIT_BROKEN;
	}
	telling_begin(s->telling, steps, s->options->operand_count > 1);
	status = run_all(s);
	close(s->signals);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
	return status;
}

int suite_run(struct suite *suite, const struct options *options,
	      struct telling *telling)
{
	lc_auto(lc_free) struct pollfd *polls =
		calloc(options->jobs + 1, sizeof(*polls));
	struct session session = {
		.options = options,
		.suite = suite,
		.telling = telling,
		.polls = polls,
		.total = suite->chosen_count * options->repeat,
		.slots = options->jobs,
		.pcaps = { .path = options->pcap },
		.share_limit = share_limit(),
	};
	int status;

	if (!polls) {
		fputs("labcheck: out of memory\n", stderr);
		return EXIT_BROKEN;
	}
	session.last = &session.first;
	progress_begin(&session.progress);
	remains_begin(&session.remains, session.total);
	status = run(&session);
	remains_done(&session.remains);
	pcap_directory_done(&session.pcaps);
	return status;
}
