// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * job.c - one run of one scenario, as seen from outside its sandbox
 *
 * The scenario runs in a sandbox of its own; this process only listens to what
 * is told from inside, and lives on whatever happens there.  One whose sandbox
 * falls silent before its end has not passed: what it did not tell is an error.
 *
 * The end comes in two parts, neither of which is waited for: the pipe is at
 * its end when all who could write are gone, and the first process can be
 * collected when its pidfd says so.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "job.h"
#include "lab/sandbox.h"
#include "remains.h"
#include "steps.h"
#include "suite.h"

struct inside {
	const struct plan *plan;
	const struct job_means *means;
	int events[2];
};

/* Only if nobody else reads does writing fail when the parent is gone */
static void let_go(const struct inside *in)
{
	const struct job *other;

	close(in->events[0]);
	if (in->means->remains && in->means->remains->out >= 0)
		close(in->means->remains->out);
	for (other = in->means->others; other; other = other->next) {
		if (other->events >= 0)
			close(other->events);
		if (other->pidfd >= 0)
			close(other->pidfd);
	}
}

static int inside_main(const struct sandbox *sandbox, void *arg)
{
	const struct inside *in = arg;
	const struct job_means *means = in->means;

	let_go(in);
	sigprocmask(SIG_SETMASK, means->mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	return steps_run(in->plan, sandbox, in->events[1], means->pcap_fd,
			 means->remains ? means->remains->in : -1);
}

static int spawn(struct job *job, struct inside *in, struct lc_err *err)
{
	int r;

	if (pipe2(in->events, O_CLOEXEC))
		return lc_err_set(err, -errno, "pipe: %s", strerror(errno));
	r = sandbox_spawn(in->means->privileged, inside_main, in, &job->pid,
			  &job->pidfd, err);
	close(in->events[1]);
	if (r)
		close(in->events[0]);
	else
		job->events = in->events[0];
	return r;
}

int job_new(struct job **ret_job, const struct suite_file *file,
	    const struct job_means *means, struct lc_err *err)
{
	uint32_t count = file->loaded.scenario->steps_count;
	struct job *job = calloc(1, sizeof(*job));
	struct inside in = { .plan = &file->plan, .means = means };
	int r;

	if (job)
		job->results = calloc(count ?: 1, sizeof(*job->results));
	if (!job || !job->results) {
		free(job);
		return lc_err_set(err, -ENOMEM, "out of memory");
	}
	job->file = file;
	job->pidfd = job->events = job->pcap.fd = -1;
	job->began_ns = clock_ns();
	event_reader_init(&job->reader);
	r = spawn(job, &in, err);
	if (r)
		job_free(job);
	else
		*ret_job = job;
	return r;
}

int job_fd(const struct job *job)
{
	return job->events >= 0 ? job->events : job->pidfd;
}

bool jobs_stand(const struct job *first)
{
	for (const struct job *job = first; job; job = job->next)
		if (job_fd(job) >= 0 && !job->built_ns)
			return false;
	return true;
}

/* All that was not heard yet ends alike */
static void conclude(struct job *job, enum lc_result result, const char *reason,
		     const struct event *at)
{
	const struct loaded *loaded = &job->file->loaded;

	for (; job->heard < loaded->scenario->steps_count; job->heard++) {
		struct lc_verdict *v = &job->results[job->heard].verdict;

		if (result == LC_SKIP)
			lc_verdict_skip(v, "%s", reason);
		else
			lc_verdict_error(v, "%s", reason);
		if (at && at->line)
			lc_verdict_note(v, "because", "%s:%u:%u",
					loaded->source.path, at->line,
					at->column);
	}
	job->whole = true;
}

static void hear_step(struct job *job, struct event *e)
{
	struct result *result = &job->results[job->heard];

	if (e->step != job->heard ||
	    e->step >= job->file->loaded.scenario->steps_count)
		return;
	result->verdict = e->verdict;
	result->elapsed_ns = e->elapsed_ns;
	lc_verdict_init(&e->verdict);
	if (job->pcap.path && !job->pcap.error &&
	    result->verdict.result == LC_FAIL)
		lc_verdict_note(&result->verdict, "pcap", "%s",
				job->pcap.path);
	job->heard++;
}

static void hear(struct job *job, struct event *e)
{
	const char *reason = e->verdict.reason ?: "no reason given";

	switch (e->kind) {
	case EVENT_BUILT:
		job->built_ns = e->elapsed_ns ?: 1;
		return;
	case EVENT_STEP:
		hear_step(job, e);
		return;
	case EVENT_SKIP_ALL:
		conclude(job, LC_SKIP, reason, NULL);
		return;
	case EVENT_ERROR_ALL:
		job->blamed = (struct lc_at){ e->line, e->column };
		conclude(job, LC_ERROR, reason, e);
		return;
	case EVENT_UNRECORDED:
		free(job->pcap.error);
		job->pcap.error = strdup(reason);
		return;
	case EVENT_END:
		job->whole = job->heard ==
			     job->file->loaded.scenario->steps_count;
		return;
	}
}

static void hear_events(struct job *job)
{
	bool silent = event_reader_fill(&job->reader, job->events) <= 0;
	struct event event;
	int r;

	while ((r = event_next(&job->reader, &event)) == 1) {
		hear(job, &event);
		event_done(&event);
	}
	/* Something in there writes what is no event: nothing more counts */
	if (r < 0)
		kill(job->pid, SIGKILL);
	if (silent || r < 0)
		lc_close(&job->events);
}

static void describe_end(int status, char *text, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(text, size,
			 "the sandbox was ended by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(text, size,
			 "the sandbox ended early, with status %d",
			 WEXITSTATUS(status));
}

static int collect(struct job *job)
{
	int status = 0;

	while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
		;
	lc_close(&job->pidfd);
	job->ended_ns = clock_ns();
	return status;
}

void job_hear(struct job *job)
{
	char text[128];

	if (job->events >= 0) {
		hear_events(job);
		return;
	}
	describe_end(collect(job), text, sizeof(text));
	if (!job->whole)
		conclude(job, LC_ERROR, text, NULL);
}

void job_free(struct job *job)
{
	if (job->pidfd >= 0) {
		kill(job->pid, SIGKILL);
		collect(job);
	}
	lc_close(&job->events);
	event_reader_done(&job->reader);
	pcap_done(&job->pcap);
	while (job->told < job->heard)
		lc_verdict_done(&job->results[job->told++].verdict);
	free(job->results);
	free(job);
}
