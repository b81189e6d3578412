/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cable.h - whether a sender's cable is out
 */
#ifndef PROBE_SILENCE_CABLE_H
#define PROBE_SILENCE_CABLE_H

#include <net/if.h>
#include <stdbool.h>

struct probe;

/** cable_is_out() - Whether the interface that a probe leaves by has no carrier;
 * its name */
bool cable_is_out(const struct probe *probe, char ret_name[static IFNAMSIZ]);

#endif
