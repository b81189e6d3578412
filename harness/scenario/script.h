/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script.h - a plan as the ip and nft commands that would build it by hand
 */
#ifndef SCENARIO_SCRIPT_H
#define SCENARIO_SCRIPT_H

#include <stdio.h>

struct plan;

/** script_print() - A /bin/sh script that runs as it stands, as root */
void script_print(const struct plan *plan, FILE *out);

#endif
