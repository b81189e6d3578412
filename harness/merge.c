// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * merge.c - the reports of several calls as one
 *
 * Shards run on machines that fail in ways of their own: one of them may never
 * have started, or have lost its report.  So that all is well is believed only
 * if each shard is there, once, and says itself that it is whole, and all are
 * shards of the same list of files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "merge.h"
#include "options.h"
#include "report/json.h"
#include "telling.h"

/** struct part - A file, and what it says */
struct part {
	const char *path;
	struct record record;
};

/**
 * struct parts - Those that could be read
 * @why:	Why the whole is not whole, or ""
 */
struct parts {
	struct part *items;
	size_t count;
	char why[400];
};

static void cut_short(struct parts *p, const char *path, const char *why)
{
	if (!p->why[0])
		snprintf(p->why, sizeof(p->why), "%s%s%s", path,
			 *path ? ": " : "", why);
}

static void read_all(struct parts *p, const struct options *o)
{
	for (size_t i = 0; i < o->operand_count; i++) {
		struct part *part = &p->items[p->count];
		struct lc_err err = { "" };

		part->path = o->operands[i];
		record_init(&part->record);
		if (json_read(&part->record, part->path, &err)) {
			fprintf(stderr, "labcheck: %s\n", err.text);
			cut_short(p, "", err.text);
			record_done(&part->record);
		} else {
			p->count++;
		}
	}
}

static int differ(const struct part *a, const struct part *b, const char *what)
{
	fprintf(stderr, "labcheck: %s and %s are not of the same call: %s\n",
		a->path, b->path, what);
	return EXIT_WRONG;
}

static int compare(const struct part *a, const struct part *b)
{
	const struct record *one = &a->record, *other = &b->record;

	if (one->parts != other->parts)
		return differ(a, b, "another number of shards");
	if (!one->parts)
		return 0;
	if (one->list != other->list || one->given != other->given)
		return differ(a, b, "other scenarios");
	if (one->repeat != other->repeat)
		return differ(a, b, "another --repeat");
	if (one->part != other->part)
		return 0;
	fprintf(stderr, "labcheck: %s and %s are both shard %lu/%lu\n",
		a->path, b->path, one->part, one->parts);
	return EXIT_WRONG;
}

static int compare_all(const struct parts *p)
{
	int status = 0;

	for (size_t i = 0; i < p->count && !status; i++)
		for (size_t k = 0; k < i && !status; k++)
			status = compare(&p->items[k], &p->items[i]);
	return status;
}

static bool is_there(const struct parts *p, unsigned long number)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].record.part == number)
			return true;
	return false;
}

static void look_for_gaps(struct parts *p)
{
	unsigned long parts = p->count ? p->items[0].record.parts : 0;
	char text[80];

	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].record.ended)
			cut_short(p, p->items[i].path,
				  p->items[i].record.ended);
	for (unsigned long n = 1; n <= parts; n++)
		if (!is_there(p, n)) {
			snprintf(text, sizeof(text), "shard %lu/%lu is missing",
				 n, parts);
			fprintf(stderr, "labcheck: %s\n", text);
			cut_short(p, "", text);
		}
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

static void take_scenarios(struct record *whole, struct record *part)
{
	for (size_t i = 0; i < part->scenario_count; i++) {
		struct record_scenario *s = record_add_scenario(whole);

		if (!s)
			return;
		*s = part->scenarios[i];
		part->scenarios[i] = (struct record_scenario){ 0 };
	}
}

/* Shards stand as one call would have run them; calls that have nothing to do
 * with each other, one behind the other */
static void join(struct record *whole, struct parts *p)
{
	bool shards = p->count && p->items[0].record.parts;

	whole->repeat = 1;
	for (size_t i = 0; i < p->count; i++) {
		struct record *part = &p->items[i].record;

		if (!shards || !i) {
			whole->given += part->given;
			whole->list += part->list;
		}
		if (part->repeat > whole->repeat)
			whole->repeat = part->repeat;
		take_scenarios(whole, part);
	}
	if (shards && whole->scenario_count)
		qsort(whole->scenarios, whole->scenario_count,
		      sizeof(*whole->scenarios), by_place);
}

static int tell(const struct options *o, struct parts *p)
{
	struct telling telling;
	struct record *whole = &telling.reports.record;
	struct record_sums sums;
	int status = telling_open(&telling, o);

	if (status)
		return status;
	look_for_gaps(p);
	join(whole, p);
	record_sum(whole, &sums);
	telling_begin(&telling, sums.steps, whole->given > 1);
	telling_record(&telling);
	if (p->why[0])
		telling_stop(&telling, p->why);
	return telling_end(&telling);
}

int merge_reports(const struct options *o)
{
	struct parts parts = {
		.items = calloc(o->operand_count, sizeof(*parts.items)),
	};
	int status;

	if (!parts.items) {
		fputs("labcheck: out of memory\n", stderr);
		return EXIT_BROKEN;
	}
	read_all(&parts, o);
	status = compare_all(&parts);
	status = status ?: tell(o, &parts);
	for (size_t i = 0; i < parts.count; i++)
		record_done(&parts.items[i].record);
	free(parts.items);
	return status;
}
