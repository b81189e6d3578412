/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_link.h - the interfaces of a plan as commands
 */
#ifndef SCENARIO_SCRIPT_LINK_H
#define SCENARIO_SCRIPT_LINK_H

#include <stdio.h>

struct plan;

/** script_links() - Make all interfaces: in their places, not up yet */
void script_links(const struct plan *plan, FILE *out);

#endif
