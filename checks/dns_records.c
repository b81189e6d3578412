// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dns_records.c - the records that a name has, as they should be and as found
 *
 * They compare as sets: name servers give several in turns.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dns_records.h"

/* RFC 1035, 3.2.2; RFC 3596 */
const struct dns_type dns_types[] = {
	{ "A", 1 }, { "AAAA", 28 }, { "PTR", 12 }, { "MX", 15 }, { "TXT", 16 },
	{ "CNAME", 5 }, { "NS", 2 }, { "SRV", 33 },
};

const char *const dns_type_words[] = {
	"A", "AAAA", "PTR", "MX", "TXT", "CNAME", "NS", "SRV", NULL,
};

_Static_assert(sizeof(dns_types) / sizeof(*dns_types) + 1 ==
		       sizeof(dns_type_words) / sizeof(*dns_type_words),
	       "a word for every type, then NULL");

const struct lc_value *dns_first_address(const struct dns *d)
{
	if (lc_given(&d->address))
		return &d->address;
	return d->addresses.items && d->addresses.count ?
		       &d->addresses.items[0] :
		       NULL;
}

int dns_type(const struct dns *d)
{
	const struct lc_value *first = dns_first_address(d);

	if (lc_given(&d->type))
		return d->type.choice;
	return first && first->ip.family == AF_INET6 ? TYPE_AAAA : TYPE_A;
}

static const struct lc_record *record_next(const struct dns *d,
					   const struct lc_answer *answer,
					   size_t *i)
{
	while (*i < answer->count)
		if (answer->records[(*i)++].type == dns_types[dns_type(d)].type)
			return &answer->records[*i - 1];
	return NULL;
}

size_t dns_record_count(const struct dns *d, const struct lc_answer *answer)
{
	size_t i = 0, count = 0;

	while (record_next(d, answer, &i))
		count++;
	return count;
}

/* A dot at the end of a name, and quotes around a single text, need not be
 * written */
static bool same_text(const char *wanted, const char *found)
{
	size_t m = strlen(wanted), n = strlen(found);

	if (*wanted != '"' && n > 1 && *found == '"' && found[n - 1] == '"') {
		found++;
		n -= 2;
	}
	m -= m && wanted[m - 1] == '.';
	n -= n && found[n - 1] == '.';
	return m == n && !strncasecmp(wanted, found, n);
}

static bool same_address(const struct lc_ip *ip, const char *text)
{
	uint8_t bytes[16];

	return inet_pton(ip->family, text, bytes) == 1 &&
	       !memcmp(bytes, ip->bytes, ip->family == AF_INET ? 4 : 16);
}

static bool is_wanted(const struct dns *d, const char *text)
{
	if (lc_given(&d->address))
		return same_address(&d->address.ip, text);
	for (uint32_t i = 0; i < d->addresses.count; i++)
		if (same_address(&d->addresses.items[i].ip, text))
			return true;
	for (uint32_t i = 0; i < d->answers.count; i++)
		if (same_text(d->answers.items[i].text, text))
			return true;
	return false;
}

/* As sets: which were found, and how many of those that should be */
static bool records_hold(const struct dns *d, const struct lc_answer *answer)
{
	size_t wanted = (lc_given(&d->address) ? 1 : 0) + d->addresses.count +
			d->answers.count;
	const struct lc_record *record;
	size_t i = 0, count = 0;

	if (!wanted)
		return true;
	while ((record = record_next(d, answer, &i))) {
		if (!is_wanted(d, record->text))
			return false;
		count++;
	}
	return count == wanted;
}

static void print_records(const struct dns *d, const struct lc_answer *answer,
			  FILE *out)
{
	const struct lc_record *record;
	size_t i = 0, count = 0;

	while ((record = record_next(d, answer, &i)))
		fprintf(out, "%s%s", count++ ? ", " : "", record->text);
}

static void print_wanted(const struct dns *d, FILE *out)
{
	const char *comma = "";

	if (lc_given(&d->address))
		fputs(d->address.text, out);
	for (uint32_t i = 0; i < d->addresses.count; i++, comma = ", ")
		fprintf(out, "%s%s", comma, d->addresses.texts[i]);
	for (uint32_t i = 0; i < d->answers.count; i++, comma = ", ")
		fprintf(out, "%s%s", comma, d->answers.texts[i]);
}

void dns_judge_records(const struct dns *d, const struct lc_answer *answer,
		       struct lc_verdict *v)
{
	char *wanted = NULL, *got = NULL;
	size_t size;
	FILE *out;

	if (records_hold(d, answer))
		return;
	out = open_memstream(&wanted, &size);
	if (out) {
		print_wanted(d, out);
		fclose(out);
	}
	out = open_memstream(&got, &size);
	if (out) {
		print_records(d, answer, out);
		fclose(out);
	}
	lc_verdict_expect(v, wanted ?: "", got ?: "");
	free(wanted);
	free(got);
}
