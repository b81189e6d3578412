// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run.c - runs the scenarios of a suite and reports
 *
 * Each scenario runs in a sandbox of its own; this process only listens to
 * what is told from inside, and lives on whatever happens there.  A scenario
 * whose sandbox falls silent before its end has not passed: what it did not
 * tell is reported as an error.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/sandbox.h"
#include "options.h"
#include "report/event.h"
#include "report/tap.h"
#include "steps.h"
#include "suite.h"

/**
 * struct session - One call of labcheck, as it goes
 * @signals:	signalfd of what ends it
 * @caught:	The signal that ended it, or 0
 */
struct session {
	const struct options *options;
	struct tap tap;
	bool prefixes;
	int signals;
	int caught;
	bool failed, broken;
};

/** struct outside - A scenario as seen from outside its sandbox */
struct outside {
	struct session *session;
	const struct suite_file *file;
	uint32_t told;			/* steps reported so far */
	bool ended;
};

struct inside {
	const struct plan *plan;
	int event_fds[2];
	const sigset_t *mask;
};

static int inside_main(const struct sandbox *sandbox, void *arg)
{
	struct inside *in = arg;

	/* Only then does writing fail when the parent is gone */
	close(in->event_fds[0]);
	sigprocmask(SIG_SETMASK, in->mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	return steps_run(in->plan, sandbox, in->event_fds[1]);
}

/* With --must-run a skip is a failure: never `not ok ... # SKIP` */
static void skip_to_failure(struct lc_verdict *v)
{
	char *reason = lc_steal(v->reason);

	v->result = LC_PASS;
	lc_verdict_fail(v, "skipped, and --must-run is given");
	lc_verdict_note(v, "skip", "%s", reason ? reason : "");
	free(reason);
}

static void tell(struct outside *out, struct lc_verdict *v)
{
	const struct scenario *s = out->file->loaded.scenario;
	const struct step_said *step = &s->steps[out->told++];
	const char *path = out->file->loaded.source.path;
	struct session *session = out->session;
	lc_auto(lc_free) char *prefix = NULL;
	struct tap_line line = {
		.prefix = "",
		.title = step->title,
		.path = path,
		.at = step->at,
		.hint = step->hint.text,
		.todo = step->todo.text,
	};

	if (session->prefixes && asprintf(&prefix, "%s: ", path) > 0)
		line.prefix = prefix;
	if (v->result == LC_SKIP && session->options->must_run)
		skip_to_failure(v);
	if (v->result == LC_FAIL && !lc_given(&step->todo))
		session->failed = true;
	if (v->result == LC_ERROR)
		session->broken = true;
	tap_step(&session->tap, &line, v);
}

/* All that was not told yet ends alike */
static void tell_rest(struct outside *out, enum lc_result result,
		      const char *reason, uint32_t line, uint32_t column)
{
	uint32_t count = out->file->loaded.scenario->steps_count;

	while (out->told < count) {
		struct lc_verdict v;

		lc_verdict_init(&v);
		if (result == LC_SKIP)
			lc_verdict_skip(&v, "%s", reason);
		else
			lc_verdict_error(&v, "%s", reason);
		if (line)
			lc_verdict_note(&v, "because", "%s:%u:%u",
					out->file->loaded.source.path, line,
					column);
		tell(out, &v);
		lc_verdict_done(&v);
	}
	out->ended = true;
}

static void hear(struct outside *out, struct event *e)
{
	switch (e->kind) {
	case EVENT_BUILT:
		return;
	case EVENT_STEP:
		if (e->step == out->told)
			tell(out, &e->verdict);
		return;
	case EVENT_SKIP_ALL:
		tell_rest(out, LC_SKIP, e->verdict.reason, 0, 0);
		return;
	case EVENT_ERROR_ALL:
		tell_rest(out, LC_ERROR, e->verdict.reason, e->line,
			  e->column);
		return;
	case EVENT_END:
		out->ended = true;
		return;
	}
}

/* Listen until the sandbox is silent; false: a signal came first */
static bool listen_to(struct outside *out, int fd)
{
	struct event_reader reader;
	struct event event;
	bool silent = false;
	struct pollfd polls[2] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = out->session->signals, .events = POLLIN },
	};

	event_reader_init(&reader);
	while (!silent && !out->session->caught) {
		if (poll(polls, 2, -1) < 0 && errno != EINTR)
			break;
		if (polls[1].revents) {
			struct signalfd_siginfo info;

			if (read(polls[1].fd, &info, sizeof(info)) > 0)
				out->session->caught = (int)info.ssi_signo;
		}
		if (!polls[0].revents)
			continue;
		silent = event_reader_fill(&reader, fd) <= 0;
		while (event_next(&reader, &event) == 1) {
			hear(out, &event);
			event_done(&event);
		}
	}
	event_reader_done(&reader);
	return !out->session->caught;
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

/* Run one scenario; -errno with @err: no sandbox is to be had at all */
static int run_file(struct session *session, const struct suite_file *file,
		    const sigset_t *mask, struct lc_err *err)
{
	struct outside out = { .session = session, .file = file };
	struct inside in = { .plan = &file->plan, .mask = mask };
	lc_auto(lc_close) int pidfd = -1;
	char text[128];
	pid_t pid;
	int status = 0, r;

	if (pipe2(in.event_fds, O_CLOEXEC))
		return lc_err_set(err, -errno, "pipe: %s", strerror(errno));
	r = sandbox_spawn(session->options->privileged, inside_main, &in, &pid,
			  &pidfd, err);
	close(in.event_fds[1]);
	if (r) {
		close(in.event_fds[0]);
		return r;
	}
	if (!listen_to(&out, in.event_fds[0]))
		kill(pid, SIGKILL);
	close(in.event_fds[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!out.ended && !session->caught) {
		describe_end(status, text, sizeof(text));
		tell_rest(&out, LC_ERROR, text, 0, 0);
	}
	return 0;
}

static unsigned long count_steps(const struct suite *suite,
				 unsigned long repeat)
{
	unsigned long count = 0;

	for (size_t i = 0; i < suite->count; i++)
		if (suite->files[i].selected)
			count += suite->files[i].loaded.scenario->steps_count;
	return count * repeat;
}

static int session_status(const struct session *session)
{
	if (session->broken)
		return EXIT_BROKEN;
	return session->failed ? EXIT_FAILED : EXIT_PASSED;
}

static int interrupted(struct session *session)
{
	tap_bail_out(&session->tap, "interrupted by SIG%s",
		     sigabbrev_np(session->caught));
	fprintf(stderr,
		"labcheck: interrupted by SIG%s; the lab is gone, nothing is left\n",
		sigabbrev_np(session->caught));
	return 128 + session->caught;
}

/* A suite without a step has passed, unless it was told to run */
static int nothing_to_run(const struct options *options)
{
	if (!options->must_run)
		return EXIT_PASSED;
	fputs("labcheck: there is no step to run, and --must-run is given\n",
	      stderr);
	return EXIT_FAILED;
}

static int run_all(struct session *session, const struct suite *suite,
		   const sigset_t *mask)
{
	struct lc_err err = { "" };

	for (unsigned long n = 0; n < session->options->repeat; n++)
		for (size_t i = 0; i < suite->count; i++) {
			if (!suite->files[i].selected)
				continue;
			if (run_file(session, &suite->files[i], mask, &err)) {
				tap_bail_out(&session->tap, "%s", err.text);
				fprintf(stderr, "labcheck: %s\n", err.text);
				return EXIT_BROKEN;
			}
			if (session->caught)
				return interrupted(session);
			/* Nobody hears what more would be found */
			if (ferror(session->tap.out))
				return EXIT_BROKEN;
		}
	return session_status(session);
}

int suite_run(const struct suite *suite, const struct options *options)
{
	struct session session = {
		.options = options,
		.prefixes = options->operand_count > 1,
	};
	const char *says = getenv("NO_COLOR");
	const bool no_colour = says && *says;	/* see no-color.org */
	bool colour = isatty(STDOUT_FILENO) && !no_colour;
	sigset_t ends, mask;
	unsigned long count;
	int status;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, &mask);
	session.signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	if (session.signals < 0) {
		perror("labcheck: signalfd");
		return EXIT_BROKEN;
	}
	count = count_steps(suite, options->repeat);
	tap_begin(&session.tap, stdout, colour, count);
	status = count ? run_all(&session, suite, &mask) :
			 nothing_to_run(options);
	close(session.signals);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	/* A full disk must not look like a pass */
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "labcheck: writing the results: %s\n",
			strerror(errno));
		return EXIT_BROKEN;
	}
	return status;
}
