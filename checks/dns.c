// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dns.c - what a name server says of a name
 *
 * The question goes to whom the node's programs would ask, unless the step
 * names another server.  "There is no such name", "the name has no address of
 * that kind" and "nobody answers" are three different things, and each is told
 * by its own evidence.
 */
#include <string.h>

#include "dns_records.h"

enum { PORT = 53, NAME_MAX_LENGTH = 253 };

enum { FOUND, NXDOMAIN, EMPTY, TIMEOUT, FAIL };
static const char *const expect_words[] = {
	[FOUND] = "found", [NXDOMAIN] = "nxdomain", [EMPTY] = "empty",
	[TIMEOUT] = "timeout", [FAIL] = "fail", NULL,
};

static const struct lc_field dns_fields[] = {
	LC_SCALAR("from", LC_NODE, struct dns, from, LC_REQUIRED, "who asks"),
	LC_SCALAR("name", LC_TEXT, struct dns, name, LC_REQUIRED,
		  "for which name; with PTR an address may stand for its name"),
	LC_CHOICE_OF("type", dns_type_words, struct dns, type,
		     "for records of which type; A, or AAAA if `address` is an "
		     "IPv6 one"),
	LC_SCALAR("server", LC_TARGET, struct dns, server, 0,
		  "whom: an address, a node, node:interface; those of the "
		  "node's resolv.conf, one after the other"),
	LC_SCALAR("address", LC_ADDRESS, struct dns, address, 0,
		  "the one address that is found"),
	LC_LIST_OF("addresses", LC_ADDRESS, struct dns, addresses, 0,
		   "all that are found, in whatever order"),
	LC_LIST_OF("answers", LC_TEXT, struct dns, answers, 0,
		   "the same for other types, as in a zone file: u5.my-net"),
	LC_CHOICE_OF("expect", expect_words, struct dns, expect,
		     "what comes of it; found"),
	LC_FIELD_END
};

static int expected(const struct dns *d)
{
	return lc_given(&d->expect) ? d->expect.choice : FOUND;
}

static int family_of(int type)
{
	return type == TYPE_A ? AF_INET : type == TYPE_AAAA ? AF_INET6 : 0;
}

static void verify_address(const struct dns *d, const struct lc_value *address,
			   struct lc_problems *problems)
{
	if (address->ip.family && address->ip.family != family_of(dns_type(d)))
		lc_problem(problems, address->at,
			   "no record of type %s has the address %s",
			   dns_types[dns_type(d)].word, address->text);
}

static void verify_said(const struct dns *d, struct lc_problems *problems)
{
	const struct lc_value *first = dns_first_address(d);

	if (!first && d->answers.items && d->answers.count)
		first = &d->answers.items[0];
	if (first && expected(d) != FOUND)
		lc_problem(problems, first->at,
			   "what is found goes with `expect: found`, and `expect` says %s",
			   d->expect.text);
	if (lc_given(&d->address) && d->addresses.count)
		lc_problem(problems, d->address.at,
			   "`address` and `addresses` exclude each other");
	if (d->answers.items && d->answers.count && family_of(dns_type(d)))
		lc_problem(problems, d->answers.items[0].at,
			   "of type %s, say `address` or `addresses`",
			   dns_types[dns_type(d)].word);
}

/* What can't be put into a question: RFC 1035, 2.3.4 */
static void verify_name(const struct dns *d, struct lc_problems *problems)
{
	const char *name = d->name.text, *dot;

	if (!name)
		return;
	if (strlen(name) > NAME_MAX_LENGTH || name[strcspn(name, " \t\\\n")])
		lc_problem(problems, d->name.at,
			   "'%.60s' is not a name: labels of at most 63 bytes with dots between them, 253 in all",
			   name);
	for (; *name; name = dot + (*dot == '.')) {
		dot = name + strcspn(name, ".");
		if (dot != name && dot - name <= 63)
			continue;
		lc_problem(problems, d->name.at,
			   "'%.60s' is not a name: each label between dots has 1 to 63 bytes",
			   d->name.text);
		return;
	}
}

static void dns_verify(const void *params, struct lc_problems *problems)
{
	const struct dns *d = params;

	verify_name(d, problems);
	verify_said(d, problems);
	verify_address(d, &d->address, problems);
	for (uint32_t i = 0; d->addresses.items && i < d->addresses.count; i++)
		verify_address(d, &d->addresses.items[i], problems);
	if (lc_given(&d->server) && d->server.kind == LC_TARGET_NAME)
		lc_problem(problems, d->server.at,
			   "a name server is not found by its name");
}

static bool dns_negative(const void *params)
{
	return expected(params) != FOUND;
}

static void dns_title(const void *params, FILE *out)
{
	const struct dns *d = params;

	fprintf(out, "dns of %s: %s", d->from.text, d->name.text);
	if (lc_given(&d->type))
		fprintf(out, " %s", d->type.text);
	if (lc_given(&d->server))
		fprintf(out, " asked of %s", d->server.text);
	if (lc_given(&d->address))
		fprintf(out, " is %s", d->address.text);
	for (uint32_t i = 0; i < d->addresses.count; i++)
		fprintf(out, "%s%s", i ? ", " : " is ", d->addresses.texts[i]);
	for (uint32_t i = 0; i < d->answers.count; i++)
		fprintf(out, "%s%s", i ? ", " : " is ", d->answers.texts[i]);
	if (lc_given(&d->expect))
		fprintf(out, " is %s", d->expect.text);
}

static int dns_declare(const void *params, const struct lc_context *context,
		       struct lc_batch *batch, struct lc_err *err)
{
	const struct dns *d = params;
	struct lc_probe probe = {
		.protocol = LC_DNS,
		.from = d->from.node,
		.to = lc_given(&d->server) ? &d->server : NULL,
		.family = context->family,
		.port = PORT,
		.name = d->name.text,
		.type = dns_types[dns_type(d)].type,
		.negative = expected(d) != FOUND,
	};

	return lc_batch_add(batch, &probe, err);
}

/* FOUND, ... TIMEOUT; FAIL: none of these, in the words of @ret_got */
static int outcome_of(const struct dns *d, const struct lc_seen *seen,
		      const char **ret_got)
{
	int outcome = FAIL;

	if (seen->outcome == LC_DROP)
		outcome = TIMEOUT;
	if (seen->outcome == LC_REPLY && seen->said->code == 0)
		outcome = dns_record_count(d, seen->said) ? FOUND : EMPTY;
	else if (seen->outcome == LC_REPLY && seen->said->code == 3)
		outcome = NXDOMAIN;
	if (outcome != FAIL)
		*ret_got = expect_words[outcome];
	else if (seen->outcome == LC_REPLY)
		*ret_got = seen->said->code_name;
	else
		*ret_got = lc_outcome_name(seen->outcome, LC_UDP);
	return outcome;
}

/* Its failure says nothing of any name server, see lc_seen_is() */
static bool is_mute(const struct lc_seen *seen)
{
	return seen->outcome != LC_REPLY && !lc_seen_is(LC_EXPECT_FAIL, seen);
}

static void dns_judge(const void *params, const struct lc_context *context,
		      const struct lc_seen *seen, size_t count,
		      struct lc_verdict *v)
{
	const struct dns *d = params;
	char text[LC_IP_TEXT];
	const char *got;
	int outcome;

	(void)count;
	if (lc_judge_error(v, seen))
		return;
	outcome = outcome_of(d, seen, &got);
	if (expected(d) == FAIL ? outcome == FOUND || is_mute(seen) :
				  outcome != expected(d))
		lc_verdict_expect(v, expect_words[expected(d)], got);
	else if (outcome == FOUND)
		dns_judge_records(d, seen->said, v);
	if (v->result == LC_FAIL) {
		/* Of what is found, only not as expected, nothing has died */
		if (outcome != FOUND)
			v->about = seen;
		lc_verdict_note(v, "server", "%s",
				lc_ip_format(&seen->address, text));
		lc_verdict_note(v, "evidence", "%s", seen->detail);
	}
	lc_judge_arrival(v, context, seen);
}

const struct lc_check lc_check_dns = {
	.name = "dns",
	.summary = "a name server says of a name what is expected",
	.example = "- dns: {from: u4, name: u5, address: 172.18.0.3}\n"
		   "- dns: {from: u4, name: 172.18.0.3, type: PTR, answers: [u5.my-net]}\n"
		   "- dns: {from: u4, name: nobody, expect: nxdomain}\n",
	.params_size = sizeof(struct dns),
	.fields = dns_fields,
	.verify = dns_verify,
	.negative = dns_negative,
	.title = dns_title,
	.declare = dns_declare,
	.judge = dns_judge,
};
