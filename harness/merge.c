// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * merge.c - the reports of several calls as one
 *
 * Shards run on machines that fail in ways of their own: one of them may never
 * have started, or have lost its report.  So that all is well is believed only
 * if each shard is there, once, and says itself that it is whole, and all are
 * shards of the same list of files.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "merge.h"
#include "options.h"
#include "report/json.h"
#include "telling.h"

static int complain(int status, const char *text)
{
	fprintf(stderr, "labcheck: %s\n", text);
	return status;
}

static int read_all(struct record *parts, const struct options *o)
{
	int status = 0;

	for (size_t i = 0; i < o->operand_count; i++) {
		struct lc_err err = { "" };

		record_init(&parts[i]);
		if (json_read(&parts[i], o->operands[i], &err))
			status = complain(EXIT_BROKEN, err.text);
	}
	return status;
}

static int differs(const struct options *o, size_t one, const char *what)
{
	fprintf(stderr, "labcheck: %s and %s are not of the same call: %s\n",
		o->operands[0], o->operands[one], what);
	return EXIT_WRONG;
}

static int compare(const struct record *parts, const struct options *o)
{
	for (size_t i = 1; i < o->operand_count; i++) {
		if (parts[i].parts != parts[0].parts)
			return differs(o, i, "another number of shards");
		if (!parts[i].parts)
			continue;
		if (parts[i].list != parts[0].list ||
		    parts[i].given != parts[0].given)
			return differs(o, i, "other scenarios");
		if (parts[i].repeat != parts[0].repeat)
			return differs(o, i, "another --repeat");
	}
	for (size_t i = 0; i < o->operand_count; i++)
		for (size_t k = 0; k < i && parts[i].parts; k++)
			if (parts[i].part == parts[k].part) {
				fprintf(stderr,
					"labcheck: %s and %s are both shard %lu/%lu\n",
					o->operands[k], o->operands[i],
					parts[i].part, parts[i].parts);
				return EXIT_WRONG;
			}
	return 0;
}

static bool is_there(const struct record *parts, size_t count,
		     unsigned long part)
{
	for (size_t i = 0; i < count; i++)
		if (parts[i].part == part)
			return true;
	return false;
}

/* Why the whole is not whole; false: it is */
static bool is_cut_short(const struct record *parts, const struct options *o,
			 char *why, size_t size)
{
	for (unsigned long part = 1; part <= parts[0].parts; part++)
		if (!is_there(parts, o->operand_count, part)) {
			snprintf(why, size, "shard %lu/%lu is missing", part,
				 parts[0].parts);
			return true;
		}
	for (size_t i = 0; i < o->operand_count; i++)
		if (parts[i].ended) {
			snprintf(why, size, "%s: %s", o->operands[i],
				 parts[i].ended);
			return true;
		}
	return false;
}

static int by_place(const void *one, const void *other)
{
	const struct record_scenario *a = one, *b = other;

	if (a->round != b->round)
		return a->round < b->round ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* Takes the scenarios.  Shards stand as one call would have run them; calls
 * that have nothing to do with each other, one behind the other */
static void join(struct record *whole, struct record *parts, size_t count)
{
	whole->repeat = 1;
	for (size_t i = 0; i < count; i++) {
		struct record *part = &parts[i];

		whole->given += parts[0].parts && i ? 0 : part->given;
		whole->list += parts[0].parts && i ? 0 : part->list;
		if (part->repeat > whole->repeat)
			whole->repeat = part->repeat;
		for (size_t k = 0; k < part->scenario_count; k++) {
			struct record_scenario *s = record_add_scenario(whole);

			if (!s)
				continue;
			*s = part->scenarios[k];
			part->scenarios[k] = (struct record_scenario){ 0 };
		}
	}
	if (parts[0].parts && whole->scenario_count)
		qsort(whole->scenarios, whole->scenario_count,
		      sizeof(*whole->scenarios), by_place);
}

static int tell(const struct options *o, struct record *parts)
{
	struct telling telling;
	struct record *whole = &telling.reports.record;
	struct record_sums sums;
	char why[300];
	int status = telling_open(&telling, o);

	if (status)
		return status;
	join(whole, parts, o->operand_count);
	record_sum(whole, &sums);
	telling_begin(&telling, sums.steps, whole->given > 1);
	telling_record(&telling);
	if (is_cut_short(parts, o, why, sizeof(why))) {
		telling_stop(&telling, why);
		complain(EXIT_BROKEN, why);
	}
	return telling_end(&telling);
}

int merge_reports(const struct options *o)
{
	struct record *parts = calloc(o->operand_count, sizeof(*parts));
	int status;

	if (!parts)
		return complain(EXIT_BROKEN, "out of memory");
	status = read_all(parts, o);
	status = status ?: compare(parts, o);
	status = status ?: tell(o, parts);
	for (size_t i = 0; i < o->operand_count; i++)
		record_done(&parts[i]);
	free(parts);
	return status;
}
