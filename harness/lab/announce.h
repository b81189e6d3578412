/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * announce.h - interfaces that tell their neighbours of themselves
 */
#ifndef LAB_ANNOUNCE_H
#define LAB_ANNOUNCE_H

struct lc_at;
struct lc_err;
struct lc_lab;

/** lab_announce() - Of the interfaces that have just come and of which the plan
 * says so: an unsolicited ARP request, or neighbour advertisement, for each
 * address.  They are ready */
int lab_announce(struct lc_lab *lab, struct lc_at *ret_at,
		 struct lc_err *err);

#endif
