/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.h - what of a sender keeps a probe from leaving
 */
#ifndef PROBE_SILENCE_GUARD_H
#define PROBE_SILENCE_GUARD_H

#include <stdbool.h>

struct probe;

/** guard_words() - "its own firewall", or "its own IPsec policy" where there is one
 * against a probe; of one of which it is known that it was kept */
const char *guard_words(const struct probe *probe);

/** guard_is_ipsec() - Whether IPsec has kept what did not leave, for want of keys.
 * @ret_wrapped: it has those, and may have sent it so that nobody knows it */
bool guard_is_ipsec(const struct probe *probe, bool *ret_wrapped);

#endif
