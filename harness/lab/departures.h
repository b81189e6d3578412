/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * departures.h - what leaves a lab that goes on
 */
#ifndef LAB_DEPARTURES_H
#define LAB_DEPARTURES_H

struct lc_err;
struct lc_lab;

/**
 * departures_clear() - End what removed nodes run, delete links that are no more
 *
 * lab->plan is the plan before, lab->plan->next the one after.
 */
int departures_clear(struct lc_lab *lab, struct lc_err *err);

/**
 * departures_close() - Let go of the namespaces of those that have left
 *
 * lab->before is the plan before, lab->plan the one after.
 */
void departures_close(struct lc_lab *lab);

#endif
