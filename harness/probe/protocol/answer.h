/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answer.h - what a server of ours says to a probe, and nobody else can
 */
#ifndef PROBE_PROTOCOL_ANSWER_H
#define PROBE_PROTOCOL_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/packet/packet.h"

struct probe;

enum { ANSWER_SIZE = COOKIE_SIZE + sizeof(uint64_t) };

/** answer_choose() - Anew for each time that the probe is sent */
void answer_choose(struct probe *probe);

/** answer_write() - What the server says */
void answer_write(const struct probe *probe,
		  uint8_t bytes[static ANSWER_SIZE]);

/** answer_is() - Whether it was the server that said this */
bool answer_is(const struct probe *probe, const uint8_t *bytes, size_t length);

#endif
