/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * advance.h - from the lab of one plan to that of the next
 */
#ifndef LAB_ADVANCE_H
#define LAB_ADVANCE_H

struct lc_err;
struct lc_lab;

/**
 * lab_advance() - Make the lab what lab->plan->next says, and that its plan
 *
 * Only what differs is touched; an interface is the same if it has the same
 * ifindex.  What a removed node ran is ended; its namespace goes, unless a node
 * that shared it lives on in it.  What the kernel keeps of what is gone (a
 * neighbour's ARP entry) stays as stale as it would anywhere.
 *
 * It returns when everything can be used, as lab_build() does.
 */
int lab_advance(struct lc_lab *lab, struct lc_err *err);

#endif
