/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xml.h - an XML document, written by libxml2, which is opened when needed
 */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include <stdio.h>

struct lc_err;
struct xml;

/** xml_new() - Begin a document; -EOPNOTSUPP with @err: no libxml2 here */
int xml_new(struct xml **ret_xml, struct lc_err *err);

/*
 * What can't be written is noted, and told by xml_finish().  Any text may be
 * given: what XML can't hold is replaced (plain.h).
 */
void xml_begin(struct xml *xml, const char *element);
void xml_end(struct xml *xml);
void xml_text(struct xml *xml, const char *text);
void xml_attribute(struct xml *xml, const char *name, const char *text);
void xml_number(struct xml *xml, const char *name, unsigned long number);
void xml_seconds(struct xml *xml, const char *name, unsigned long long ns);

/** xml_finish() - Write what there is, and free it; 0, or -errno with @err */
int xml_finish(struct xml *xml, FILE *out, struct lc_err *err);

#endif
