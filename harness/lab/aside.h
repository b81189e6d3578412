/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aside.h - a network namespace apart from all nodes
 */
#ifndef LAB_ASIDE_H
#define LAB_ASIDE_H

struct lc_err;

/**
 * aside_enter() - From home into a network namespace that is no node's
 *
 * It has nothing but lo, which is up.  Come back by aside_leave().
 *
 * Return: 0; -errno with @err, and this process is at home
 */
int aside_enter(struct lc_err *err);
void aside_leave(void);

#endif
