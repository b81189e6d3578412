/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load_outcome.h - a text loaded, with all that is told of it, for tests of the
 * loader
 *
 * The verbs are a few of its own, so that only the loader is tested.  The tests
 * include it, behind cmocka's header.
 */
#ifndef LOAD_OUTCOME_H
#define LOAD_OUTCOME_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/check.h>

#include "scenario/load.h"
#include "scenario/problems.h"
#include "scenario/scenario.h"

/* Verbs */

static const char *const expect_words[] = { "reply", "drop", NULL };

struct probe_said {
	struct lc_at at;
	struct lc_value from, to, count, df, expect;
};

static const struct lc_field probe_fields[] = {
	LC_SCALAR("from", LC_NODE, struct probe_said, from, LC_REQUIRED, "h"),
	LC_SCALAR("to", LC_TARGET, struct probe_said, to, LC_REQUIRED, "h"),
	LC_NUMBER_IN("count", 1, 100, struct probe_said, count, "h"),
	LC_SCALAR("df", LC_BOOL, struct probe_said, df, 0, "h"),
	LC_CHOICE_OF("expect", expect_words, struct probe_said, expect, "h"),
	LC_FIELD_END
};

static inline void probe_verify(const void *params, struct lc_problems *problems)
{
	const struct probe_said *p = params;

	if (lc_given(&p->count) && p->count.number == 13)
		lc_problem(problems, p->count.at, "13 brings bad luck");
}

static inline bool probe_negative(const void *params)
{
	const struct probe_said *p = params;

	return lc_given(&p->expect) && p->expect.choice == 1;
}

static inline void probe_title(const void *params, FILE *out)
{
	const struct probe_said *p = params;

	fprintf(out, "ping %s -> %s", p->from.text, p->to.text);
}

static inline int probe_declare(const void *params, const struct lc_context *context,
			 struct lc_batch *batch, struct lc_err *err)
{
	(void)params;
	(void)context;
	(void)batch;
	(void)err;
	return 0;
}

static const struct lc_check check_ping = {
	.name = "ping",
	.params_size = sizeof(struct probe_said),
	.fields = probe_fields,
	.verify = probe_verify,
	.negative = probe_negative,
	.title = probe_title,
	.declare = probe_declare,
};

struct row_said {
	struct lc_at at;
	struct lc_value to, via;
};

struct look_said {
	struct lc_at at;
	struct lc_value on, mac;
	struct lc_list among;
	struct row_said *only;
	struct row_said *exactly;
	uint32_t exactly_count;
};

static const struct lc_field row_fields[] = {
	LC_SCALAR("to", LC_DESTINATION, struct row_said, to, LC_REQUIRED, "h"),
	LC_SCALAR("via", LC_ADDRESS, struct row_said, via, 0, "h"),
	LC_FIELD_END
};

static const struct lc_field look_fields[] = {
	LC_SCALAR("on", LC_PLACE, struct look_said, on, 0, "h"),
	LC_SCALAR("mac", LC_MAC_OF, struct look_said, mac, 0, "h"),
	LC_LIST_OF("among", LC_PATTERN, struct look_said, among, 0, "h"),
	LC_MAPPING_OF("only", row_fields, struct look_said, only, 0, "h"),
	LC_MAPPINGS_OF("exactly", row_fields, struct look_said, exactly, 0,
		       "h"),
	LC_FIELD_END
};

static const struct lc_check check_look = {
	.name = "look",
	.params_size = sizeof(struct look_said),
	.fields = look_fields,
};

struct do_said {
	struct lc_at at;
	struct lc_value on, command;
};

static const struct lc_field do_fields[] = {
	LC_SCALAR("on", LC_NODE, struct do_said, on, LC_REQUIRED, "h"),
	LC_SCALAR("command", LC_TEXT, struct do_said, command, LC_REQUIRED,
		  "h"),
	LC_FIELD_END
};

static inline int do_act(const void *params, const struct lc_context *context,
		  struct lc_err *err)
{
	(void)params;
	(void)context;
	(void)err;
	return 0;
}

static const struct lc_check check_do = {
	.name = "do",
	.params_size = sizeof(struct do_said),
	.fields = do_fields,
	.act = do_act,
};

extern const struct lc_check lc_check_create, lc_check_remove,
	lc_check_connect, lc_check_disconnect;

/* Those of steps that change the lab are the real ones: the loader knows them */
static const struct lc_check *const checks[] = {
	&check_ping, &check_look, &check_do,
	&lc_check_create, &lc_check_remove, &lc_check_connect,
	&lc_check_disconnect, NULL,
};

/* A file loaded, with all that is told of it */
struct outcome {
	struct loaded loaded;
	struct lc_problems problems;
	struct lc_err err;
	int r;
	char *told;
	size_t length;
};

static inline void outcome_take(struct outcome *o, struct source *source)
{
	FILE *out = open_memstream(&o->told, &o->length);

	problems_init(&o->problems);
	o->r = load_source(&o->loaded, source, checks, &o->problems, &o->err);
	problems_print(&o->problems, &o->loaded.source, out);
	fclose(out);
	if (o->r == 0 && o->problems.errors)
		fail_msg("errors, but 0: %s", o->told);
	if (o->r == -EINVAL && !o->problems.errors)
		fail_msg("no errors, but -EINVAL: %s", o->told);
	if (o->r && o->r != -EINVAL)
		fail_msg("%d: %s", o->r, o->err.text);
}

static inline void outcome_load(struct outcome *o, const void *text, size_t length)
{
	struct source source = { 0 };

	memset(o, 0, sizeof(*o));
	assert_int_equal(source_from_memory(&source, "t", text, length, NULL),
			 0);
	outcome_take(o, &source);
}

static inline void outcome_done(struct outcome *o)
{
	loaded_done(&o->loaded);
	problems_done(&o->problems);
	free(o->told);
}

#define LOAD(o, text) outcome_load(o, text, strlen(text))

/* A file that uses a little of everything */
static const char whole[] =
	"#!/usr/bin/env labcheck\n"
	"name: whole\n"
	"requires: [nftables, vxlan]\n"
	"nodes:\n"
	"  - name: red\n"
	"    interfaces:\n"
	"      - {name: veth-red, addresses: [192.168.15.1/24, fd00::1/64]}\n"
	"    routes: &routes\n"
	"      - {to: default, via: 192.168.15.5}\n"
	"    forward: true\n"
	"    nftables: |\n"
	"      table ip t {\n"
	"      }\n"
	"    services: [{run: 'x \"#\" \\', ready: {tcp: 53}, within: 5s}]\n"
	"  - {name: blue, routes: *routes}\n"
	"  - {name: c, count: 3}\n"
	"links:\n"
	"  - {endpoints: ['red:veth-red', 'blue:veth-blue'], loss: 0.5%}\n"
	"steps:\n"
	"  - ping: {from: red, to: 'blue:veth-blue', count: 3, df: true}\n"
	"  - name: \"two #2\\n\\u202e lines\"\n"
	"    look:\n"
	"      on: red\n"
	"      mac: blue:veth-blue\n"
	"      among: [red, 'c*']\n"
	"      only: {to: 10.0.0.0/8}\n"
	"      exactly: [{to: default}, {to: 10.1.0.0/16, via: 10.0.0.1}]\n"
	"    needs: ''\n";

#endif
