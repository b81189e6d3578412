// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run.c - any program, in a node's namespaces, judged by what it says
 *
 * A command that ends with another status than 0 has failed unless the step
 * says which one it wants, whatever it printed: else a check of its output
 * would pass on half of it.
 */
#include <regex.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

#define LIMIT_NS 30000000000ULL

struct output {
	struct lc_at at;
	struct lc_value equals, contains, lacks, matches;
};

struct run {
	struct lc_at at;
	struct lc_value on, command, exit, limit;
	struct output *out, *err;
};

static const struct lc_field output_fields[] = {
	LC_SCALAR("equals", LC_WORDS, struct output, equals, 0,
		  "all of it, but for a line break at its end"),
	LC_SCALAR("contains", LC_TEXT, struct output, contains, 0,
		  "a text that is in it"),
	LC_SCALAR("lacks", LC_TEXT, struct output, lacks, 0,
		  "a text that is not in it"),
	LC_SCALAR("matches", LC_REGEX, struct output, matches, 0,
		  "a POSIX extended expression; ^ and $ are those of a line"),
	LC_FIELD_END
};

static const struct lc_field run_fields[] = {
	LC_SCALAR("on", LC_NODE, struct run, on, LC_REQUIRED, "where"),
	LC_SCALAR("command", LC_TEXT, struct run, command, LC_REQUIRED,
		  "a shell line"),
	LC_NUMBER_IN("exit", 0, 255, struct run, exit,
		     "its exit status, 128 + N if signal N ended it; default: 0"),
	LC_MAPPING_OF("stdout", output_fields, struct run, out, 0,
		      "what it writes to standard output"),
	LC_MAPPING_OF("stderr", output_fields, struct run, err, 0,
		      "what it writes to standard error"),
	LC_SCALAR("limit", LC_DURATION, struct run, limit, 0,
		  "when to kill it, and all that it started; default: 30s"),
	LC_FIELD_END
};

static void verify_output(const struct output *o, const char *key,
			  struct lc_problems *problems)
{
	if (o && !lc_given(&o->equals) && !lc_given(&o->contains) &&
	    !lc_given(&o->lacks) && !lc_given(&o->matches))
		lc_problem(problems, o->at, "`%s` asserts nothing", key);
}

static void run_verify(const void *params, struct lc_problems *problems)
{
	const struct run *p = params;

	verify_output(p->out, "stdout", problems);
	verify_output(p->err, "stderr", problems);
	if (lc_given(&p->limit) && !p->limit.ns)
		lc_problem(problems, p->limit.at,
			   "no command ends within no time");
}

static void run_title(const void *params, FILE *out)
{
	const struct run *p = params;
	const char *command = p->command.text;

	command += strspn(command, " \t\n");
	fprintf(out, "run on %s: %.*s", p->on.text,
		(int)strcspn(command, "\n"), command);
}

static size_t without_line_break(const char *text, size_t length)
{
	return length && text[length - 1] == '\n' ? length - 1 : length;
}

/* Programs end what they say with a line break, YAML texts as it happens */
static bool equals(const char *expected, const char *text, size_t length)
{
	size_t expected_length = without_line_break(expected, strlen(expected));

	length = without_line_break(text, length);
	return length == expected_length && !memcmp(text, expected, length);
}

static bool contains(const char *part, const char *text, size_t length)
{
	return memmem(text, length, part, strlen(part)) != NULL;
}

static int matches(const char *pattern, const char *text, size_t length,
		   bool *ret_matches)
{
	regmatch_t all = { .rm_so = 0, .rm_eo = (regoff_t)length };
	regex_t regex;
	int error;

	error = regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE);
	if (error)
		return error;
	/* The text may hold a '\0' */
	error = regexec(&regex, text, 1, &all, REG_STARTEND);
	regfree(&regex);
	*ret_matches = error == 0;
	return error == REG_NOMATCH ? 0 : error;
}

static void judge_output(const struct output *o, const char *key,
			 const char *text, size_t length,
			 struct lc_verdict *verdict)
{
	bool fails = false, found = true;

	if (!o)
		return;
	if (lc_given(&o->equals) && !equals(o->equals.text, text, length)) {
		lc_verdict_fail(verdict, "%s is not `%s`", key, o->equals.text);
		fails = true;
	}
	if (lc_given(&o->contains) &&
	    !contains(o->contains.text, text, length)) {
		lc_verdict_fail(verdict, "%s lacks `%s`", key,
				o->contains.text);
		fails = true;
	}
	if (lc_given(&o->lacks) && contains(o->lacks.text, text, length)) {
		lc_verdict_fail(verdict, "%s contains `%s`", key,
				o->lacks.text);
		fails = true;
	}
	if (lc_given(&o->matches) &&
	    matches(o->matches.text, text, length, &found))
		lc_verdict_error(verdict, "the expression `%s` can't be matched",
				 o->matches.text);
	if (!found) {
		lc_verdict_fail(verdict, "%s does not match `%s`", key,
				o->matches.text);
		fails = true;
	}
	if (fails)
		lc_verdict_lines(verdict, key, text, length);
}

/* What was cut off can't be judged */
static bool is_cut(const struct run *p, const struct lc_run_result *r)
{
	return (p->out && r->out_cut) || (p->err && r->err_cut);
}

static void tell_failure(const struct lc_run_result *r,
			 struct lc_verdict *verdict)
{
	if (r->err_length)
		lc_verdict_lines(verdict, "stderr", r->err, r->err_length);
	if (r->out_length)
		lc_verdict_lines(verdict, "stdout", r->out, r->out_length);
}

static void judge_result(const struct run *p, const struct lc_run_result *r,
			 struct lc_verdict *verdict)
{
	int expected = lc_given(&p->exit) ? (int)p->exit.number : 0;
	char want[32], got[64];

	if (r->status != expected || r->timed_out) {
		snprintf(want, sizeof(want), "exit %d", expected);
		if (r->timed_out)
			snprintf(got, sizeof(got), "killed after %s",
				 lc_given(&p->limit) ? p->limit.text : "30s");
		else
			snprintf(got, sizeof(got), "exit %d", r->status);
		lc_verdict_expect(verdict, want, got);
		tell_failure(r, verdict);
		return;
	}
	if (is_cut(p, r)) {
		lc_verdict_error(verdict, "it said more than 1 MiB, which is "
					  "too much to be judged");
		return;
	}
	judge_output(p->out, "stdout", r->out, r->out_length, verdict);
	judge_output(p->err, "stderr", r->err, r->err_length, verdict);
}

static void run_judge(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t count,
		      struct lc_verdict *verdict)
{
	lc_auto(lc_run_result_done) struct lc_run_result result = { 0 };
	const struct run *p = params;
	struct lc_err err = { "" };
	struct lc_node *node;
	int error;

	(void)seen;
	(void)count;
	node = lc_lab_node(context->lab, p->on.node, &err);
	if (!node) {
		lc_verdict_error(verdict, "%s", err.text);
		return;
	}
	error = lc_node_run(node, p->command.text,
			    lc_given(&p->limit) ? p->limit.ns : LIMIT_NS,
			    &result, &err);
	if (error)
		lc_verdict_refused(verdict, error, &err);
	else
		judge_result(p, &result, verdict);
}

const struct lc_check lc_check_run = {
	.name		= "run",
	.summary	= "a program in the node's namespaces says and ends as expected",
	.example	=
		"- run:\n"
		"    on: red\n"
		"    command: ip route get 192.168.1.3\n"
		"    exit: 2\n"
		"    stderr: {contains: Network is unreachable}\n",
	.params_size	= sizeof(struct run),
	.fields		= run_fields,
	.verify		= run_verify,
	.title		= run_title,
	.judge		= run_judge,
};
