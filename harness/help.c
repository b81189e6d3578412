// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * help.c - labcheck help
 *
 * Nothing about a key is written here: it all comes out of the tables that
 * the loader reads files with, so that the help can not be wrong about them.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <labcheck/check.h>

#include "help.h"
#include "scenario/language.h"
#include "scenario/suggestion.h"
#include "scenario/value.h"

enum { WIDTH = 78, KEY_WIDTH = 16 };

static const char usage[] =
	"Usage: labcheck [run] [OPTION]... FILE...\n"
	"       labcheck lint FILE...\n"
	"       labcheck doubt [OPTION]... FILE...\n"
	"       labcheck plan FILE\n"
	"       labcheck shell FILE [NODE]\n"
	"       labcheck merge [OPTION]... JSON...\n"
	"       labcheck help [TOPIC]\n"
	"\n"
	"  run      build the lab of each scenario, run its steps, report TAP\n"
	"  lint     errors and warnings of the files, at their line and column\n"
	"  doubt    break each lab in every way, and tell what no step notices\n"
	"  plan     the ip, iptables and nft commands that build the same lab by hand\n"
	"  shell    the lab, and a shell in it (on NODE)\n"
	"  merge    the JSON reports of several runs, such as shards, as one\n"
	"  help     this, or what is known of a topic\n"
	"\n"
	"  --github        annotations and a summary for GitHub Actions\n"
	"  --json FILE     a report in JSON, as well\n"
	"  --junit FILE    a report in JUnit's XML, as well\n"
	"  -j [N]          run N scenarios side by side (as many as processors)\n"
	"  -k REGEX        only scenarios whose name, file or tags match\n"
	"  --list          what would run: names, tags, descriptions, steps\n"
	"  --must-run      a scenario or step that is skipped counts as failed\n"
	"  --pcap DIR      all packets of each scenario, as DIR/NAME.pcapng\n"
	"  --privileged    use no user namespace of its own (root only)\n"
	"  --repeat N      run everything N times\n"
	"  --shard K/N     the K-th of N parts of the scenarios\n"
	"  --shuffle[=SEED] in a random order; without SEED one that is told\n"
	"  --version\n"
	"\n"
	"Exit status: 0 all passed or were skipped, 1 a check failed, 2 a scenario\n"
	"or the command line is wrong, 3 labcheck could not do its job.\n"
	"\n";

struct topic {
	const char *name;
	const char *summary;
	const struct lc_field *fields;	/* NULL: of its own */
	void (*print)(FILE *out);
};

static void print_checks(FILE *out);
static void print_requires(FILE *out);

static const struct topic topics[] = {
	{ "checks", "the verbs of steps", NULL, print_checks },
	{ "outcomes", "how a probe can end, and how each is told", NULL,
	  help_outcomes },
	{ "requires", "what a machine may lack", NULL, print_requires },
	{ "doubt", "what of a lab is broken, and how", NULL, help_doubt },
	{ "scenario", "the keys of a file", scenario_fields, NULL },
	{ "nodes", "hosts, containers, routers", lc_node_fields, NULL },
	{ "interfaces", "interfaces of a node", interface_fields, NULL },
	{ "links", "cables between nodes", link_fields, NULL },
	{ "networks", "Docker-like networks", network_fields, NULL },
	{ "steps", "the keys of a step beside its verb", step_fields, NULL },
};

enum { TOPICS = sizeof(topics) / sizeof(*topics) };

/* Words from a column on, in lines of WIDTH; @column is where it stands */
static void print_wrapped(FILE *out, const char *text, int indent, int column)
{
	while (*text) {
		int length = (int)strcspn(text, " ");

		if (column > indent && column + 1 + length > WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", length, text);
		column += length;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

/* "one of reply, drop, ..." */
static void describe_words(const char *const *words, char *text, size_t size)
{
	size_t length = (size_t)snprintf(text, size, "one of ");

	for (size_t i = 0; words[i] && length < size; i++)
		length += (size_t)snprintf(text + length, size - length,
					   "%s%s", i ? ", " : "", words[i]);
}

static void describe_type(const struct lc_field *field, char *text,
			  size_t size)
{
	switch ((int)field->type) {
	case LC_CHOICE:
		describe_words(field->words, text, size);
		return;
	case LC_LIST:
		snprintf(text, size, "a list; each is %s",
			 value_type_name(field->item));
		return;
	case LC_NUMBER:
		if (field->max)
			snprintf(text, size,
				 "a number from %" PRIu64 " to %" PRIu64,
				 field->min, field->max);
		else
			snprintf(text, size, "a number");
		return;
	}
	snprintf(text, size, "%s", value_type_name(field->type));
}

static bool has_topic(const struct lc_field *fields)
{
	for (size_t i = 0; i < TOPICS; i++)
		if (topics[i].fields == fields)
			return true;
	return false;
}

static void print_fields(FILE *out, const struct lc_field *fields, int indent);

static void print_field(FILE *out, const struct lc_field *field, int indent)
{
	const int text_column = indent + KEY_WIDTH;
	char type[700];
	int length;

	fprintf(out, "%*s%-*s ", indent, "", KEY_WIDTH - 1, field->key);
	print_wrapped(out, field->help ? field->help : "", text_column,
		      text_column);
	length = snprintf(type, sizeof(type), "(%s",
			  field->flags & LC_REQUIRED ? "required; " : "");
	describe_type(field, type + length,
		      sizeof(type) - (size_t)length - 1);
	strcat(type, ")");
	fprintf(out, "%*s", text_column, "");
	print_wrapped(out, type, text_column, text_column);
	if (!field->fields)
		return;
	if (has_topic(field->fields))
		fprintf(out, "%*ssee 'labcheck help %s'\n", text_column, "",
			field->key);
	else
		print_fields(out, field->fields, indent + 4);
}

static void print_fields(FILE *out, const struct lc_field *fields, int indent)
{
	for (; fields->key; fields++)
		print_field(out, fields, indent);
}

static void print_checks(FILE *out)
{
	for (int acts = 0; acts < 2; acts++) {
		fprintf(out, "%s:\n", acts ? "\nActions" : "Checks");
		for (size_t i = 0; lc_checks[i]; i++) {
			if (!!lc_checks[i]->act != acts)
				continue;
			fprintf(out, "  %-13s ", lc_checks[i]->name);
			print_wrapped(out, lc_checks[i]->summary, 16, 16);
		}
	}
	fputs("\n'labcheck help NAME' tells the keys of each.\n", out);
}

static void print_requires(FILE *out)
{
	fputs("What `requires` can name; where it is missing, the scenario is "
	      "skipped:\n\n", out);
	for (size_t i = 0; requirements[i].word; i++)
		fprintf(out, "  %-13s %s\n", requirements[i].word,
			requirements[i].help);
}

static void print_check(FILE *out, const struct lc_check *check)
{
	fprintf(out, "%s - %s\n\n", check->name, check->summary);
	if (check->fields == lc_node_fields)
		fputs("  The keys of a node: see 'labcheck help nodes'.\n",
		      out);
	else
		print_fields(out, check->fields, 2);
	if (check->example) {
		size_t length = strlen(check->example);

		fprintf(out, "\nExample:\n\n%s", check->example);
		if (!length || check->example[length - 1] != '\n')
			fputc('\n', out);
	}
	if (check->declare)
		fputs("\nSee 'labcheck help outcomes' for how a probe can "
		      "end.\n", out);
}

void help_general(FILE *out)
{
	fputs(usage, out);
	fputs("Topics of help, beside the name of each check:\n", out);
	for (size_t i = 0; i < TOPICS; i++)
		fprintf(out, "  %-13s %s\n", topics[i].name,
			topics[i].summary);
	fputs("\nOr any key, such as 'capture'.\n", out);
}

static const struct topic *find_topic(const char *name)
{
	for (size_t i = 0; i < TOPICS; i++)
		if (!strcmp(topics[i].name, name))
			return &topics[i];
	return NULL;
}

static int unknown_topic(const char *name)
{
	char maybe[SUGGESTION_SIZE];
	struct suggestion near;

	suggestion_begin(&near, name);
	for (size_t i = 0; i < TOPICS; i++)
		suggestion_try(&near, topics[i].name);
	for (size_t i = 0; lc_checks[i]; i++)
		suggestion_try(&near, lc_checks[i]->name);
	fprintf(stderr, "labcheck: no help on '%s'%s\n", name,
		suggestion_text(&near, maybe));
	return -ENOENT;
}

/* The key of that name at any depth, without what has help of its own */
static const struct lc_field *find_key(const struct lc_field *fields,
				       const char *name)
{
	for (; fields->key; fields++) {
		const struct lc_field *inner = NULL;

		if (!strcmp(fields->key, name))
			return fields;
		if (fields->fields && !has_topic(fields->fields))
			inner = find_key(fields->fields, name);
		if (inner)
			return inner;
	}
	return NULL;
}

static bool print_key_of(FILE *out, const char *owner,
			 const struct lc_field *fields, const char *name,
			 bool first)
{
	const struct lc_field *key = fields ? find_key(fields, name) : NULL;

	if (!key)
		return false;
	fprintf(out, "%s%s - a key of %s\n\n", first ? "" : "\n", name, owner);
	print_field(out, key, 2);
	return true;
}

/* Who looks for a key need not know whose it is */
static bool print_key(FILE *out, const char *name)
{
	bool found = false;

	for (size_t i = 0; i < TOPICS; i++)
		found |= print_key_of(out, topics[i].name, topics[i].fields,
				      name, !found);
	for (size_t i = 0; lc_checks[i]; i++)
		if (lc_checks[i]->fields != lc_node_fields)
			found |= print_key_of(out, lc_checks[i]->name,
					      lc_checks[i]->fields, name,
					      !found);
	return found;
}

int help_topic(const char *name, FILE *out)
{
	const struct lc_check *check = lc_check_find(name);
	const struct topic *topic = find_topic(name);

	if (check) {
		print_check(out, check);
		return 0;
	}
	if (!topic)
		return print_key(out, name) ? 0 : unknown_topic(name);
	if (topic->print) {
		topic->print(out);
		return 0;
	}
	fprintf(out, "%s - %s\n\n", topic->name, topic->summary);
	print_fields(out, topic->fields, 2);
	return 0;
}
