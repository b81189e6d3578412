/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dns.h - a question to a name server, and what it says
 */
#ifndef PROBE_PROTOCOL_DNS_H
#define PROBE_PROTOCOL_DNS_H

#include <stdbool.h>
#include <stdint.h>

struct exchange;
struct lc_batch;
struct lc_err;
struct lc_probe;
struct probe;

/** dns_prepare() - Make the question */
int dns_prepare(struct probe *probe, struct lc_err *err);
void dns_send(struct lc_batch *batch, struct probe *probe);

/** dns_name_begins() - The first four bytes of the name, as a question has it */
uint32_t dns_name_begins(const struct lc_probe *said);

/** dns_next_server() - Ready to ask another one, if the answer was none and there
 * is one */
bool dns_next_server(struct probe *probe);

void exchange_free(struct exchange *exchange);

#endif
