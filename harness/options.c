// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.c - the command line, read
 */
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/random.h>

#include <labcheck/err.h>

#include "options.h"
#include "report_files.h"
#include "scenario/suggestion.h"

static const char *const command_words[] = {
	[COMMAND_RUN] = "run",	   [COMMAND_LINT] = "lint",
	[COMMAND_DOUBT] = "doubt", [COMMAND_PLAN] = "plan",
	[COMMAND_SHELL] = "shell", [COMMAND_MERGE] = "merge",
	[COMMAND_HELP] = "help",   [COMMAND_VERSION] = "version",
};

enum { COMMANDS = sizeof(command_words) / sizeof(*command_words) };

enum {
	OPT_GITHUB = 256, OPT_JSON, OPT_JUNIT, OPT_LIST, OPT_MUST_RUN, OPT_PCAP,
	OPT_PRIVILEGED, OPT_REPEAT, OPT_SHARD, OPT_SHUFFLE, OPT_VERSION,
};

static const struct option long_options[] = {
	{ "github", no_argument, NULL, OPT_GITHUB },
	{ "help", no_argument, NULL, 'h' },
	{ "jobs", optional_argument, NULL, 'j' },
	{ "json", required_argument, NULL, OPT_JSON },
	{ "junit", required_argument, NULL, OPT_JUNIT },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "must-run", no_argument, NULL, OPT_MUST_RUN },
	{ "pcap", required_argument, NULL, OPT_PCAP },
	{ "privileged", no_argument, NULL, OPT_PRIVILEGED },
	{ "repeat", required_argument, NULL, OPT_REPEAT },
	{ "shard", required_argument, NULL, OPT_SHARD },
	{ "shuffle", optional_argument, NULL, OPT_SHUFFLE },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

#define SEED_MAX UINT32_MAX

enum { REPEAT_MAX = 1000000, JOBS_MAX = 1000, SHARDS_MAX = 100000 };

static int read_number(const char *option, const char *text, unsigned long max,
		       unsigned long *ret_number, struct lc_err *err)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*end || *text < '0' || *text > '9' || !number || number > max)
		return lc_err_set(err, -EINVAL,
				  "%s takes a number from 1 to %lu, not '%s'",
				  option, max, text);
	*ret_number = number;
	return 0;
}

/* Those that this process may use, which are not always all */
static unsigned long count_processors(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof(set), &set) ? 1 :
							      CPU_COUNT(&set);

	return count < JOBS_MAX ? (unsigned long)count : JOBS_MAX;
}

/* As for make: a number may stand apart, and is no operand then */
static int read_jobs(struct options *o, char **argv, struct lc_err *err)
{
	const char *text = optarg, *next = argv[optind];

	if (!text && next && *next && !next[strspn(next, "0123456789")]) {
		text = next;
		optind++;
	}
	if (text)
		return read_number("-j", text, JOBS_MAX, &o->jobs, err);
	o->jobs = count_processors();
	return 0;
}

static int read_shard(struct options *o, const char *text, struct lc_err *err)
{
	char *slash;

	o->part = strtoul(text, &slash, 10);
	o->parts = *slash == '/' ? strtoul(slash + 1, NULL, 10) : 0;
	if (text[strspn(text, "0123456789/")] || !o->part ||
	    o->part > o->parts || o->parts > SHARDS_MAX ||
	    strchr(slash + 1, '/'))
		return lc_err_set(err, -EINVAL,
				  "--shard takes K/N with K from 1 to N, such as 2/4, not '%s'",
				  text);
	return 0;
}

static int read_shuffle(struct options *o, const char *text,
			struct lc_err *err)
{
	uint32_t random = 0;

	o->shuffles = true;
	if (text)
		return read_number("--shuffle=", text, SEED_MAX, &o->seed, err);
	if (getrandom(&random, sizeof(random), 0) < 0)
		return lc_err_set(err, -errno, "--shuffle: %s",
				  strerror(errno));
	o->seed = random ?: 1;
	return 0;
}

static int read_select(struct options *o, const char *text,
		       struct lc_err *err)
{
	char why[128];
	int r;

	if (o->selects)
		regfree(&o->select);
	o->selects = false;
	r = regcomp(&o->select, text, REG_EXTENDED | REG_NOSUB);
	if (r) {
		regerror(r, &o->select, why, sizeof(why));
		return lc_err_set(err, -EINVAL, "-k '%s': %s", text, why);
	}
	o->selects = true;
	o->select_text = text;
	return 0;
}

static int read_report(const char **ret_path, const char *option,
		       const char *text, struct lc_err *err)
{
	if (!strcmp(text, "-") || !*text)
		return lc_err_set(err, -EINVAL,
				  "%s takes a file; standard output is for TAP",
				  option);
	*ret_path = text;
	return 0;
}

static int unknown_option(const char *word, struct lc_err *err)
{
	if (optopt >= OPT_GITHUB)
		return lc_err_set(err, -EINVAL, "option %.*s takes no value",
				  (int)strcspn(word, "="), word);
	if (optopt)
		return lc_err_set(err, -EINVAL, "unknown option -%c", optopt);
	return lc_err_set(err, -EINVAL, "unknown option %s", word);
}

static int read_option(struct options *o, int option, char **argv,
		       const char *word, struct lc_err *err)
{
	switch (option) {
	case 'j':
		return read_jobs(o, argv, err);
	case 'k':
		return read_select(o, optarg, err);
	case OPT_GITHUB:
		o->github = true;
		return 0;
	case OPT_JSON:
		return read_report(&o->json, "--json", optarg, err);
	case OPT_JUNIT:
		return read_report(&o->junit, "--junit", optarg, err);
	case OPT_LIST:
		o->list = true;
		return 0;
	case OPT_MUST_RUN:
		o->must_run = true;
		return 0;
	case OPT_PCAP:
		o->pcap = optarg;
		return *optarg ? 0 : lc_err_set(err, -EINVAL,
						"--pcap takes a directory");
	case OPT_PRIVILEGED:
		o->privileged = true;
		return 0;
	case OPT_REPEAT:
		return read_number("--repeat", optarg, REPEAT_MAX,
				   &o->repeat, err);
	case OPT_SHARD:
		return read_shard(o, optarg, err);
	case OPT_SHUFFLE:
		return read_shuffle(o, optarg, err);
	case 'h':
		o->command = COMMAND_HELP;
		return 0;
	case OPT_VERSION:
		o->command = COMMAND_VERSION;
		return 0;
	case ':':
		return lc_err_set(err, -EINVAL, "option %s needs a value",
				  word);
	}
	return unknown_option(word, err);
}

/* Else a misspelt command would be a scenario that is missing */
static int misspelt_command(const char *word, struct lc_err *err)
{
	char maybe[SUGGESTION_SIZE];
	struct suggestion near;

	if (!strcmp(word, "-") || strpbrk(word, "./") || !access(word, F_OK))
		return 0;
	suggestion_begin(&near, word);
	for (int i = 0; i < COMMANDS; i++)
		suggestion_try(&near, command_words[i]);
	return lc_err_set(err, -EINVAL, "'%s' is neither a command nor a file%s",
			  word, suggestion_text(&near, maybe));
}

/* The first operand may be a command; a file of that name wins with ./ */
static int read_command(struct options *o, struct lc_err *err)
{
	if (o->command != COMMAND_RUN || !o->operand_count)
		return 0;
	for (int i = 0; i < COMMANDS; i++)
		if (!strcmp(o->operands[0], command_words[i])) {
			o->command = (enum command)i;
			o->operands++;
			o->operand_count--;
			return 0;
		}
	return misspelt_command(o->operands[0], err);
}

static int check_operands(const struct options *o, struct lc_err *err)
{
	if (o->parts && o->command != COMMAND_RUN && o->command != COMMAND_LINT)
		return lc_err_set(err, -EINVAL, "--shard is for run and lint");
	if ((o->json || o->junit || o->github) &&
	    (o->list || (o->command != COMMAND_RUN &&
			 o->command != COMMAND_MERGE)))
		return lc_err_set(err, -EINVAL,
				  "--json, --junit and --github are for run and merge");
	switch (o->command) {
	case COMMAND_RUN:
	case COMMAND_LINT:
	case COMMAND_DOUBT:
		if (!o->operand_count)
			return lc_err_set(err, -EINVAL,
					  "which scenario? Give at least one file");
		return 0;
	case COMMAND_MERGE:
		if (!o->operand_count)
			return lc_err_set(err, -EINVAL,
					  "which reports? Give at least one JSON file");
		return 0;
	case COMMAND_PLAN:
		if (o->operand_count != 1)
			return lc_err_set(err, -EINVAL, "plan takes one file");
		return 0;
	case COMMAND_SHELL:
		if (o->operand_count != 1 && o->operand_count != 2)
			return lc_err_set(err, -EINVAL,
					  "shell takes a file, and perhaps a node");
		return 0;
	case COMMAND_HELP:
	case COMMAND_VERSION:
		return 0;
	}
	return 0;
}

int options_read(struct options *o, int argc, char **argv, struct lc_err *err)
{
	int option, r = 0;

	memset(o, 0, sizeof(*o));
	o->repeat = 1;
	opterr = 0;
	while (!r) {
		int at = optind;

		option = getopt_long(argc, argv, ":hj::k:", long_options, NULL);
		if (option < 0)
			break;
		r = read_option(o, option, argv,
				argv[optind > at ? optind - 1 : at], err);
	}
	if (r)
		return r;
	o->operands = argv + optind;
	o->operand_count = (size_t)(argc - optind);
	r = read_command(o, err);
	if (!o->jobs)
		o->jobs = o->command == COMMAND_DOUBT ? count_processors() : 1;
	r = r ? r : check_operands(o, err);
	return r ? r : report_files_check(o, err);
}

void options_done(struct options *o)
{
	if (o->selects)
		regfree(&o->select);
	o->selects = false;
}
