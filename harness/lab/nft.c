// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft.c - rule sets, loaded by libnftables
 *
 * Theory of operation
 *
 * The library is a compiler with a netlink socket: it looks interface names up
 * in the namespace where it runs, takes memory that it does not give back,
 * and ends the program when a socket fails.  So it is opened (dlopen: most
 * labs have no rules, and linking it doubles the time to start) in a child
 * that goes from namespace to namespace.  The child tells in a fixed record
 * what became of it; a child that dies without one has run into the library's
 * exit(), and what it wrote to stderr says why.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <nftables/libnftables.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab.h"
#include "nft.h"
#include "nft_library.h"
#include "scenario/difference.h"

/* What the child reports: all went well, or the first rule set that did not */
struct nft_report {
	int code;
	struct lc_at at;
	char text[1024];
};

/*
 * nft's first complaint, with the line of the rule set that it is about:
 *
 *	/dev/stdin:3:7-16: Error: syntax error, unexpected string
 *
 * becomes "line 3, `masquerad`: syntax error, unexpected string".
 */
static void complaint(const char *errors, const char *rules, char *text,
		      size_t size)
{
	const char *message = strstr(errors, "Error: ");
	unsigned int line = 0;
	int length;

	if (sscanf(errors, "%*[^:\n]:%u:", &line) != 1)
		line = 0;
	message = message ? message + strlen("Error: ") : errors;
	length = strcspn(message, "\n");
	for (unsigned int i = 1; rules && i < line; i++) {
		rules = strchr(rules, '\n');
		rules = rules ? rules + 1 : NULL;
	}
	if (!line || !rules) {
		snprintf(text, size, "%.*s", length, message);
		return;
	}
	rules += strspn(rules, " \t");
	snprintf(text, size, "line %u, `%.*s`: %.*s", line,
		 (int)strcspn(rules, "\n"), rules, length, message);
}

/* Kernels without nf_tables refuse every netlink message that speaks of it */
static bool lacks_support(const char *errors)
{
	return strstr(errors, "Operation not supported") ||
	       strstr(errors, "Protocol not supported") ||
	       strstr(errors, "cache initialization failed");
}

/* Only of what it reads from a file does the library tell the line */
static int rules_to_stdin(const char *rules)
{
	lc_auto(lc_close) int fd = memfd_create("rules", MFD_CLOEXEC);
	size_t length = strlen(rules);

	if (fd < 0 || write(fd, rules, length) != (ssize_t)length ||
	    lseek(fd, 0, SEEK_SET) || dup2(fd, STDIN_FILENO) < 0)
		return -errno;
	return 0;
}

static void load_one(const struct nft_library *library,
		     const struct plan_node *node, size_t which,
		     struct nft_report *report)
{
	const char *rules = node->nftables[which];
	struct nft_ctx *ctx = library->ctx_new(NFT_CTX_DEFAULT);
	char text[600];

	report->at = node->nftables_at[which];
	report->code = ctx ? rules_to_stdin(rules) : -ENOMEM;
	if (report->code) {
		snprintf(report->text, sizeof(report->text),
			 "nftables on %s: %s", node->name,
			 strerror(-report->code));
		return;
	}
	library->buffer_error(ctx);
	library->buffer_output(ctx);
	if (library->run_file(ctx, "-")) {
		const char *errors = library->error_text(ctx);

		report->code = lacks_support(errors) ? -EOPNOTSUPP : -EINVAL;
		complaint(errors, rules, text, sizeof(text));
		snprintf(report->text, sizeof(report->text),
			 "nftables on %s: %s", node->name, text);
	}
	library->ctx_free(ctx);
}

/* Rule sets are loaded once: the plan before may have had it */
static bool is_loaded(const struct lc_node *node, size_t which)
{
	const struct plan *before = node->lab->before;

	return before && !node_is_new(node) &&
	       node_has_rules(&before->nodes[node->index],
			      node->plan->nftables[which]);
}

static bool has_due(const struct lc_node *node)
{
	for (size_t i = 0; i < node->plan->nftables_count; i++)
		if (!is_loaded(node, i))
			return true;
	return false;
}

static void load_all(struct lc_lab *lab, struct nft_report *report)
{
	struct nft_library library;
	struct lc_err err;

	if (!nft_library_open(&library)) {
		report->code = -EOPNOTSUPP;
		snprintf(report->text, sizeof(report->text),
			 "`nftables` needs libnftables.so.1, which is not "
			 "installed");
		return;
	}
	for (size_t i = 0; i < lab->node_count && !report->code; i++) {
		const struct plan_node *node = lab->nodes[i].plan;

		if (!has_due(&lab->nodes[i]))
			continue;
		report->code = node_enter(&lab->nodes[i], &err);
		if (report->code)
			snprintf(report->text, sizeof(report->text), "%s",
				 err.text);
		for (size_t k = 0; k < node->nftables_count && !report->code;
		     k++)
			if (!is_loaded(&lab->nodes[i], k))
				load_one(&library, node, k, report);
	}
}

/* In the child: stdout and stderr are the library's, to complain to */
static _Noreturn void child_main(struct lc_lab *lab, int report_fd,
				 int complaints_fd)
{
	struct nft_report report = { 0 };

	if (dup2(complaints_fd, STDOUT_FILENO) < 0 ||
	    dup2(complaints_fd, STDERR_FILENO) < 0)
		_exit(1);
	load_all(lab, &report);
	if (write(report_fd, &report, sizeof(report)) != sizeof(report))
		_exit(1);
	_exit(0);
}

/* Read until the end; what does not fit is read all the same */
static size_t read_all(int fd, void *buffer, size_t size)
{
	char rest[256];
	size_t length = 0;

	for (;;) {
		bool full = length == size;
		ssize_t n = read(fd, full ? rest : (char *)buffer + length,
				 full ? sizeof(rest) : size - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return length;
		if (!full)
			length += n;
	}
}

static int child_result(int report_fd, int complaints_fd,
			struct lc_at *ret_at, struct lc_err *err)
{
	struct nft_report report;
	char complaints[512];
	size_t length;

	/* A library that talks more than a pipe holds would be stuck: so this
	 * comes first, and the report, one write of less than PIPE_BUF, after */
	length = read_all(complaints_fd, complaints, sizeof(complaints) - 1);
	complaints[length] = '\0';
	if (read_all(report_fd, &report, sizeof(report)) != sizeof(report)) {
		int code = lacks_support(complaints) ? -EOPNOTSUPP : -EIO;

		complaints[strcspn(complaints, "\n")] = '\0';
		return lc_err_set(err, code, "nftables: %s", *complaints ?
				  complaints : "libnftables ended the program");
	}
	if (report.code && ret_at)
		*ret_at = report.at;
	return report.code ? lc_err_set(err, report.code, "%s", report.text) :
			     0;
}

static bool has_rules(const struct lc_lab *lab)
{
	for (size_t i = 0; i < lab->node_count; i++)
		if (has_due(&lab->nodes[i]))
			return true;
	return false;
}

int nft_load(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err)
{
	int report[2], complaints[2], r;
	pid_t pid;

	if (!has_rules(lab))
		return 0;
	if (pipe2(report, O_CLOEXEC))
		return lc_err_set(err, -errno, "pipe: %s", strerror(errno));
	if (pipe2(complaints, O_CLOEXEC)) {
		r = lc_err_set(err, -errno, "pipe: %s", strerror(errno));
		close(report[0]);
		close(report[1]);
		return r;
	}
	fflush(NULL);
	pid = fork();
	if (!pid)
		child_main(lab, report[1], complaints[1]);
	r = pid < 0 ? lc_err_set(err, -errno, "fork: %s", strerror(errno)) : 0;
	close(report[1]);
	close(complaints[1]);
	if (!r) {
		r = child_result(report[0], complaints[0], ret_at, err);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(report[0]);
	close(complaints[0]);
	return r;
}
