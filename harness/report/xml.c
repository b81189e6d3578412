// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xml.c - an XML document, written by libxml2, which is opened when needed
 *
 * It takes longer to load than a lab to build, so only who asks for XML has it.
 * It escapes what has to be escaped, but writes characters that no document may
 * hold as they are.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xmlwriter.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "library.h"
#include "report/plain.h"
#include "report/xml.h"

/** struct libxml - What is used of the library */
struct libxml {
	xmlBuffer *(*buffer)(void);
	const xmlChar *(*content)(const xmlBuffer *buffer);
	void (*buffer_free)(xmlBuffer *buffer);
	xmlTextWriter *(*writer)(xmlBuffer *buffer, int compression);
	void (*writer_free)(xmlTextWriter *writer);
	int (*indent)(xmlTextWriter *writer, int indent);
	int (*start)(xmlTextWriter *writer, const char *version,
		     const char *encoding, const char *standalone);
	int (*finish)(xmlTextWriter *writer);
	int (*begin)(xmlTextWriter *writer, const xmlChar *name);
	int (*end)(xmlTextWriter *writer);
	int (*attribute)(xmlTextWriter *writer, const xmlChar *name,
			 const xmlChar *text);
	int (*text)(xmlTextWriter *writer, const xmlChar *text);
};

/** struct xml - A document; @failed is sticky */
struct xml {
	struct libxml library;
	xmlBuffer *buffer;
	xmlTextWriter *writer;
	bool failed;
};

static int libxml_open(struct libxml *l, struct lc_err *err)
{
	/* The one that programs of these years link with, and its successor */
	static const char *const names[] = { "libxml2.so.2", "libxml2.so.16",
					     NULL };
	const struct library_symbol symbols[] = {
		{ "xmlBufferCreate", &l->buffer },
		{ "xmlBufferContent", &l->content },
		{ "xmlBufferFree", &l->buffer_free },
		{ "xmlNewTextWriterMemory", &l->writer },
		{ "xmlFreeTextWriter", &l->writer_free },
		{ "xmlTextWriterSetIndent", &l->indent },
		{ "xmlTextWriterStartDocument", &l->start },
		{ "xmlTextWriterEndDocument", &l->finish },
		{ "xmlTextWriterStartElement", &l->begin },
		{ "xmlTextWriterEndElement", &l->end },
		{ "xmlTextWriterWriteAttribute", &l->attribute },
		{ "xmlTextWriterWriteString", &l->text },
	};

	if (library_open(names, LIBRARY_SYMBOLS(symbols)))
		return 0;
	return lc_err_set(err, -EOPNOTSUPP,
			  "this machine lacks libxml2 (libxml2.so.2)");
}

static void note(struct xml *xml, int written)
{
	xml->failed |= written < 0;
}

static void xml_free(struct xml *xml)
{
	if (xml->writer)
		xml->library.writer_free(xml->writer);
	if (xml->buffer)
		xml->library.buffer_free(xml->buffer);
	free(xml);
}

int xml_new(struct xml **ret_xml, struct lc_err *err)
{
	struct xml *xml = calloc(1, sizeof(*xml));
	int r = xml ? libxml_open(&xml->library, err) :
		      lc_err_set(err, -ENOMEM, "out of memory");

	if (r) {
		free(xml);
		return r;
	}
	xml->buffer = xml->library.buffer();
	if (xml->buffer)
		xml->writer = xml->library.writer(xml->buffer, 0);
	if (!xml->writer) {
		xml_free(xml);
		return lc_err_set(err, -ENOMEM, "out of memory");
	}
	note(xml, xml->library.indent(xml->writer, 1));
	note(xml, xml->library.start(xml->writer, NULL, "UTF-8", NULL));
	*ret_xml = xml;
	return 0;
}

void xml_begin(struct xml *xml, const char *element)
{
	note(xml, xml->library.begin(xml->writer, (const xmlChar *)element));
}

void xml_end(struct xml *xml)
{
	note(xml, xml->library.end(xml->writer));
}

void xml_text(struct xml *xml, const char *text)
{
	lc_auto(lc_free) char *plain = plain_text(text, true);

	note(xml, plain ? xml->library.text(xml->writer,
					    (const xmlChar *)plain) : -1);
}

void xml_attribute(struct xml *xml, const char *name, const char *text)
{
	lc_auto(lc_free) char *plain = plain_text(text, true);

	note(xml, plain ? xml->library.attribute(xml->writer,
						 (const xmlChar *)name,
						 (const xmlChar *)plain) : -1);
}

void xml_number(struct xml *xml, const char *name, unsigned long number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu", number);
	xml_attribute(xml, name, text);
}

void xml_seconds(struct xml *xml, const char *name, unsigned long long ns)
{
	char text[40];

	snprintf(text, sizeof(text), "%llu.%06llu", ns / 1000000000,
		 ns % 1000000000 / 1000);
	xml_attribute(xml, name, text);
}

int xml_finish(struct xml *xml, FILE *out, struct lc_err *err)
{
	int r = 0;

	note(xml, xml->library.finish(xml->writer));
	if (xml->failed)
		r = lc_err_set(err, -ENOMEM, "out of memory");
	else if (fputs((const char *)xml->library.content(xml->buffer), out) < 0)
		r = lc_err_set(err, -EIO, "%s", strerror(errno));
	xml_free(xml);
	return r;
}
