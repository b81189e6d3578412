// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * do.c - a command that changes the lab
 *
 * The scenario goes on only if it exits with 0: what comes after it would
 * judge a lab that nobody asked for.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/check.h>

#define LIMIT_NS 30000000000ULL

struct do_ {
	struct lc_at at;
	struct lc_value on, command, limit;
};

static const struct lc_field do_fields[] = {
	LC_SCALAR("on", LC_NODE, struct do_, on, LC_REQUIRED, "where"),
	LC_SCALAR("command", LC_TEXT, struct do_, command, LC_REQUIRED,
		  "a shell line that must exit with 0"),
	LC_SCALAR("limit", LC_DURATION, struct do_, limit, 0,
		  "when to kill it, and all that it started; default: 30s"),
	LC_FIELD_END
};

static void do_title(const void *params, FILE *out)
{
	const struct do_ *p = params;
	const char *command = p->command.text;

	command += strspn(command, " \t\n");
	fprintf(out, "do on %s: %.*s", p->on.text, (int)strcspn(command, "\n"),
		command);
}

static bool says_something(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (isalnum((unsigned char)line[i]) || line[i] & 0x80)
			return true;
	return false;
}

static bool is_error(const char *line, size_t length)
{
	return memmem(line, length, "Error: ", strlen("Error: ")) != NULL;
}

/* What it says last, complaints first.  Behind an error nft(8) shows the place,
 * and tc(8) has more to say, so the first that calls itself one is the one */
static void telling_line(const struct lc_run_result *r, char *line, size_t size)
{
	const char *text = r->err_length ? r->err : r->out;
	size_t left = r->err_length ? r->err_length : r->out_length;

	*line = '\0';
	while (left) {
		const char *stop = memchr(text, '\n', left);
		size_t length = stop ? (size_t)(stop - text) : left;
		bool error = is_error(text, length);

		if (error || says_something(text, length))
			snprintf(line, size, "%.*s", (int)length, text);
		if (error || !stop)
			return;
		text = stop + 1;
		left -= length + 1;
	}
}

static int do_act(const void *params, const struct lc_context *context,
		  struct lc_err *err)
{
	lc_auto(lc_run_result_done) struct lc_run_result result = { 0 };
	const struct do_ *p = params;
	struct lc_node *node;
	char line[300];
	int error;

	node = lc_lab_node(context->lab, p->on.node, err);
	if (!node)
		return -ENOENT;
	error = lc_node_run(node, p->command.text,
			    lc_given(&p->limit) ? p->limit.ns : LIMIT_NS,
			    &result, err);
	if (error)
		return error;
	telling_line(&result, line, sizeof(line));
	if (result.timed_out)
		return lc_err_set(err, -ETIMEDOUT, "killed after %s%s%s",
				  lc_given(&p->limit) ? p->limit.text : "30s",
				  *line ? ": " : "", line);
	if (result.status)
		return lc_err_set(err, -EIO, "exit %d%s%s", result.status,
				  *line ? ": " : "", line);
	return 0;
}

const struct lc_check lc_check_do = {
	.name		= "do",
	.summary	= "a command that changes the lab, and must exit with 0",
	.example	=
		"- do: {on: red, command: ip route add default via 192.168.15.5}\n",
	.params_size	= sizeof(struct do_),
	.fields		= do_fields,
	.title		= do_title,
	.act		= do_act,
};
