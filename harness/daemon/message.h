/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.h - messages of the domain name system (RFC 1035)
 *
 * Read and written by libldns.  The functions are pure; dns_open() must have
 * been called before any of them.
 */
#ifndef DAEMON_MESSAGE_H
#define DAEMON_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <labcheck/value.h>

struct lc_err;

enum {
	DNS_PORT	= 53,
	DNS_MESSAGE_MAX	= 65535,
	DNS_UDP_SIZE	= 512,		/* of who does not say EDNS */
	DNS_NAME_SIZE	= 1024,		/* as text, with all its escapes */
};

/* RFC 1035, 3.2.2 and 4.1.1; RFC 3596 */
enum {
	DNS_A = 1, DNS_CNAME = 5, DNS_PTR = 12, DNS_MX = 15, DNS_TXT = 16,
	DNS_AAAA = 28,
};
enum {
	DNS_NOERROR = 0, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3, DNS_NOTIMP = 4,
	DNS_REFUSED = 5,
};

/**
 * dns_open() - Load the library
 *
 * Labs without names don't pay for it.  Return: 0 (also if it is there already),
 * or -EOPNOTSUPP with @err: it is not installed
 */
int dns_open(struct lc_err *err);

/**
 * struct dns_question - What a query asks
 * @name:	In lower case, without a dot at its end
 * @size:	What its sender takes by UDP (EDNS, RFC 6891)
 */
struct dns_question {
	char name[DNS_NAME_SIZE];
	uint16_t type, class, size;
};

/** dns_question_read() - 0, or -EBADMSG: no query with one question */
int dns_question_read(const uint8_t *bytes, size_t length,
		      struct dns_question *ret);

/**
 * struct dns_record - A record to answer with; its owner is the name asked for
 * @ip:		DNS_A, DNS_AAAA
 * @name:	DNS_PTR: with a dot at its end
 */
struct dns_record {
	uint16_t type;
	struct lc_ip ip;
	char name[256];
};

struct dns_reply {
	struct dns_record *records;
	size_t count;
	uint32_t ttl;
};

/**
 * dns_reply_write() - Answer a query: NOERROR, recursion available
 * @size:	Of @bytes: what does not fit is left out, and TC says so
 *
 * Return: the length, or -errno
 */
ssize_t dns_reply_write(const uint8_t *query, size_t query_length,
			const struct dns_reply *reply, uint8_t *bytes,
			size_t size);

enum { DNS_REVERSE_SIZE = 80 };

/** dns_reverse_name() - Under which name an address has its PTR records */
const char *dns_reverse_name(const struct lc_ip *ip,
			     char name[DNS_REVERSE_SIZE]);

/** dns_query_write() - Ask for records of a name; the length, or -errno */
ssize_t dns_query_write(uint16_t id, const char *name, uint16_t type,
			uint8_t *bytes, size_t size);

/** struct dns_found - A record of an answer: its data as in a zone file */
struct dns_found {
	uint16_t type;
	char *text;
};

/**
 * struct dns_answer - A message that came back
 * @question:	Which it repeats
 * @found:	Its answer section, as far as it is about the name asked for and
 *		those that this stands for (CNAME)
 */
struct dns_answer {
	uint16_t id;
	uint8_t code;
	bool truncated;
	struct dns_question question;
	struct dns_found *found;
	size_t count;
};

/** dns_answer_read() - 0, or -EBADMSG: it is no answer */
int dns_answer_read(const uint8_t *bytes, size_t length,
		    struct dns_answer *ret);
void dns_answer_done(struct dns_answer *answer);

/** dns_code_name() - "SERVFAIL", ...; NULL: it has none */
const char *dns_code_name(uint8_t code);

#endif
