/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patience.h - how long nodes ask for a neighbour before they give up
 */
#ifndef LAB_PATIENCE_H
#define LAB_PATIENCE_H

struct lc_lab;

/**
 * lab_follow_shapers() - Give neighbours their usual time where packets wait
 *
 * To be called when something may have put a shaper somewhere.
 */
void lab_follow_shapers(struct lc_lab *lab);

#endif
