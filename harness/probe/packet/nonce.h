/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nonce.h - what tells this run's packets from another's
 */
#ifndef PROBE_PACKET_NONCE_H
#define PROBE_PACKET_NONCE_H

#include <stdint.h>

/** probe_nonce() - Of this run; never 0 */
uint64_t probe_nonce(void);

#endif
