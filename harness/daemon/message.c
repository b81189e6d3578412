// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * message.c - messages of the domain name system, by libldns
 *
 * The library is asked for bytes alone and never for a socket or a file.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "daemon/ldns.h"
#include "daemon/message.h"

static void packet_free(ldns_pkt **packet)
{
	if (*packet)
		ldns.pkt_free(*packet);
}

static void record_free(ldns_rr **record)
{
	if (*record)
		ldns.rr_free(*record);
}

static int packet_read(const uint8_t *bytes, size_t length,
		       ldns_pkt **ret_packet)
{
	return ldns.wire2pkt(ret_packet, bytes, length) == LDNS_STATUS_OK ?
		       0 :
		       -EBADMSG;
}

static ssize_t packet_write(const ldns_pkt *packet, uint8_t *bytes,
			    size_t size)
{
	lc_auto(lc_free) uint8_t *wire = NULL;
	size_t length;

	if (ldns.pkt2wire(&wire, packet, &length) != LDNS_STATUS_OK)
		return -ENOMEM;
	if (length > size)
		return -EMSGSIZE;
	memcpy(bytes, wire, length);
	return (ssize_t)length;
}

/* Names compare without regard to case, and the last dot is understood */
static int name_read(const ldns_rdf *from, char name[DNS_NAME_SIZE])
{
	lc_auto(lc_free) char *text = from ? ldns.rdf2str(from) : NULL;
	size_t length = text ? strlen(text) : DNS_NAME_SIZE;

	if (length >= DNS_NAME_SIZE)
		return -EBADMSG;
	if (length && text[length - 1] == '.')
		text[--length] = '\0';
	for (size_t i = 0; i <= length; i++)
		name[i] = (char)tolower((unsigned char)text[i]);
	return 0;
}

static int question_of(const ldns_pkt *packet, struct dns_question *ret)
{
	const ldns_rr_list *list = ldns.pkt_question(packet);
	const ldns_rr *question;

	if (ldns.rr_list_rr_count(list) != 1)
		return -EBADMSG;
	question = ldns.rr_list_rr(list, 0);
	ret->type = (uint16_t)ldns.rr_get_type(question);
	ret->class = (uint16_t)ldns.rr_get_class(question);
	ret->size = ldns.pkt_edns_udp_size(packet);
	if (ret->size < DNS_UDP_SIZE)
		ret->size = DNS_UDP_SIZE;
	return name_read(ldns.rr_owner(question), ret->name);
}

int dns_question_read(const uint8_t *bytes, size_t length,
		      struct dns_question *ret)
{
	lc_auto(packet_free) ldns_pkt *packet = NULL;
	int r = packet_read(bytes, length, &packet);

	if (!r && (ldns.pkt_qr(packet) ||
		   ldns.pkt_get_opcode(packet) != LDNS_PACKET_QUERY))
		r = -EBADMSG;
	return r ?: question_of(packet, ret);
}

static ldns_rdf *data_new(const struct dns_record *record)
{
	if (record->type == DNS_PTR)
		return ldns.dname_new_frm_str(record->name);
	if (record->type == DNS_A)
		return ldns.rdf_new_frm_data(LDNS_RDF_TYPE_A, 4,
					     record->ip.bytes);
	return ldns.rdf_new_frm_data(LDNS_RDF_TYPE_AAAA, 16, record->ip.bytes);
}

static int record_add(ldns_pkt *packet, const struct dns_record *record,
		      uint32_t ttl)
{
	const ldns_rr *question =
		ldns.rr_list_rr(ldns.pkt_question(packet), 0);
	lc_auto(record_free) ldns_rr *rr = ldns.rr_new();
	ldns_rdf *owner = ldns.rdf_clone(ldns.rr_owner(question));
	ldns_rdf *data = data_new(record);

	if (!rr || !owner || !data) {
		ldns.rdf_deep_free(owner);
		ldns.rdf_deep_free(data);
		return -ENOMEM;
	}
	ldns.rr_set_owner(rr, owner);
	ldns.rr_set_type(rr, (ldns_rr_type)record->type);
	ldns.rr_set_ttl(rr, ttl);
	if (!ldns.rr_push_rdf(rr, data)) {
		ldns.rdf_deep_free(data);
		return -ENOMEM;
	}
	if (!ldns.pkt_push_rr(packet, LDNS_SECTION_ANSWER, rr))
		return -ENOMEM;
	lc_steal(rr);
	return 0;
}

/* The head of an answer to @query, with its question */
static int reply_begin(const ldns_pkt *query, ldns_pkt **ret_packet)
{
	lc_auto(packet_free) ldns_pkt *packet = ldns.pkt_new();
	const ldns_rr_list *questions = ldns.pkt_question(query);
	lc_auto(record_free) ldns_rr *question = NULL;

	if (!ldns.rr_list_rr_count(questions))
		return -EBADMSG;
	question = ldns.rr_clone(ldns.rr_list_rr(questions, 0));
	if (!packet || !question)
		return -ENOMEM;
	ldns.pkt_set_id(packet, ldns.pkt_id(query));
	ldns.pkt_set_qr(packet, true);
	ldns.pkt_set_rd(packet, ldns.pkt_rd(query));
	ldns.pkt_set_ra(packet, true);
	if (!ldns.pkt_push_rr(packet, LDNS_SECTION_QUESTION, question))
		return -ENOMEM;
	lc_steal(question);
	*ret_packet = lc_steal(packet);
	return 0;
}

static ssize_t reply_write(const ldns_pkt *query,
			   const struct dns_reply *reply, size_t count,
			   uint8_t *bytes, size_t size)
{
	lc_auto(packet_free) ldns_pkt *packet = NULL;
	int r = reply_begin(query, &packet);

	for (size_t i = 0; i < count && !r; i++)
		r = record_add(packet, &reply->records[i], reply->ttl);
	if (r)
		return r;
	ldns.pkt_set_tc(packet, count < reply->count);
	return packet_write(packet, bytes, size);
}

ssize_t dns_reply_write(const uint8_t *query, size_t query_length,
			const struct dns_reply *reply, uint8_t *bytes,
			size_t size)
{
	lc_auto(packet_free) ldns_pkt *packet = NULL;
	ssize_t n = packet_read(query, query_length, &packet);
	size_t count = reply->count;

	if (n)
		return n;
	/* Names are compressed, so how many fit is seen by trying; they are
	 * all of about one size */
	while ((n = reply_write(packet, reply, count, bytes, size)) ==
		       -EMSGSIZE && count)
		count -= count > 64 ? count / 8 : 1;
	return n;
}

/* RFC 1035, 3.5; an IPv6 address goes digit by digit, RFC 3596, 2.5 */
const char *dns_reverse_name(const struct lc_ip *ip,
			     char name[DNS_REVERSE_SIZE])
{
	const uint8_t *b = ip->bytes;
	char *at = name;

	if (ip->family == AF_INET) {
		snprintf(name, DNS_REVERSE_SIZE, "%u.%u.%u.%u.in-addr.arpa",
			 b[3], b[2], b[1], b[0]);
		return name;
	}
	for (int i = 15; i >= 0; i--)
		at += sprintf(at, "%x.%x.", b[i] & 0xf, b[i] >> 4);
	strcpy(at, "ip6.arpa");
	return name;
}

ssize_t dns_query_write(uint16_t id, const char *name, uint16_t type,
			uint8_t *bytes, size_t size)
{
	lc_auto(packet_free) ldns_pkt *packet = NULL;
	ldns_rdf *rdf = ldns.dname_new_frm_str(name);

	if (!rdf)
		return -EINVAL;
	packet = ldns.pkt_query_new(rdf, (ldns_rr_type)type,
				    LDNS_RR_CLASS_IN, LDNS_RD);
	if (!packet) {
		ldns.rdf_deep_free(rdf);
		return -ENOMEM;
	}
	ldns.pkt_set_id(packet, id);
	return packet_write(packet, bytes, size);
}

/* Its fields with a blank between them, as in a zone file */
static char *record_text(const ldns_rr *record)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < ldns.rr_rd_count(record); i++) {
		lc_auto(lc_free) char *field =
			ldns.rdf2str(ldns.rr_rdf(record, i));

		fprintf(out, "%s%s", i ? " " : "", field ?: "");
	}
	fclose(out);
	return text;
}

/* Mark the records of @name; a CNAME among them puts another in its place */
static bool mark_records(const ldns_rr_list *list,
			 const struct dns_question *asked,
			 char name[DNS_NAME_SIZE], bool *marks)
{
	char owner[DNS_NAME_SIZE], next[DNS_NAME_SIZE];
	bool leads_on = false;

	for (size_t i = 0; i < ldns.rr_list_rr_count(list); i++) {
		const ldns_rr *record = ldns.rr_list_rr(list, i);

		if (marks[i] || ldns.rr_get_class(record) != asked->class ||
		    name_read(ldns.rr_owner(record), owner) ||
		    strcmp(owner, name) != 0)
			continue;
		marks[i] = true;
		if (ldns.rr_get_type(record) == LDNS_RR_TYPE_CNAME &&
		    asked->type != LDNS_RR_TYPE_CNAME)
			leads_on |= ldns.rr_rd_count(record) == 1 &&
				    !name_read(ldns.rr_rdf(record, 0), next);
	}
	if (leads_on)
		strcpy(name, next);
	return leads_on;
}

/* As programs do: what is said of a name that was not asked for, nor is one
 * that it stands for, is no answer (RFC 2181, 5.4.1) */
static int records_read(const ldns_pkt *packet, struct dns_answer *answer)
{
	enum { ALIASES_MAX = 16 };
	const ldns_rr_list *list = ldns.pkt_answer(packet);
	size_t count = ldns.rr_list_rr_count(list);
	lc_auto(lc_free) bool *marks = calloc(count + 1, sizeof(*marks));
	char name[DNS_NAME_SIZE];

	answer->found = calloc(count + 1, sizeof(*answer->found));
	if (!answer->found || !marks)
		return -ENOMEM;
	strcpy(name, answer->question.name);
	for (int i = 0; i < ALIASES_MAX; i++)
		if (!mark_records(list, &answer->question, name, marks))
			break;
	for (size_t i = 0; i < count; i++) {
		const ldns_rr *record = ldns.rr_list_rr(list, i);
		struct dns_found *found = &answer->found[answer->count];

		if (!marks[i])
			continue;
		answer->count++;
		found->type = (uint16_t)ldns.rr_get_type(record);
		found->text = record_text(record);
		if (!found->text)
			return -ENOMEM;
	}
	return 0;
}

int dns_answer_read(const uint8_t *bytes, size_t length,
		    struct dns_answer *ret)
{
	lc_auto(packet_free) ldns_pkt *packet = NULL;
	lc_auto(dns_answer_done) struct dns_answer answer = { 0 };
	int r = packet_read(bytes, length, &packet);

	if (!r && !ldns.pkt_qr(packet))
		r = -EBADMSG;
	if (!r)
		r = question_of(packet, &answer.question);
	if (!r)
		r = records_read(packet, &answer);
	if (r)
		return r;
	answer.id = ldns.pkt_id(packet);
	answer.code = (uint8_t)ldns.pkt_get_rcode(packet);
	answer.truncated = ldns.pkt_tc(packet);
	*ret = answer;
	answer = (struct dns_answer){ 0 };
	return 0;
}

void dns_answer_done(struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		free(answer->found[i].text);
	free(answer->found);
	answer->found = NULL;
	answer->count = 0;
}

const char *dns_code_name(uint8_t code)
{
	static const char *const names[] = {
		"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",
		"REFUSED",
	};

	return code < sizeof(names) / sizeof(*names) ? names[code] : NULL;
}
