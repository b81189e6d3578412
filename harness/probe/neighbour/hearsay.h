/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hearsay.h - whether what a node hears of another proves what asking would
 */
#ifndef PROBE_HEARSAY_H
#define PROBE_HEARSAY_H

#include <stdbool.h>

struct lc_lab;
struct plan;

/** lab_hears_alike() - Whether nothing in a lab tells one ARP packet from another */
bool lab_hears_alike(const struct lc_lab *lab);

/** plan_hears_alike() - The same of a lab as it is planned; pure */
bool plan_hears_alike(const struct plan *plan);

#endif
