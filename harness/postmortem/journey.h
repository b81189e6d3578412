/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journey.h - the way of a packet, told interface by interface
 */
#ifndef POSTMORTEM_JOURNEY_H
#define POSTMORTEM_JOURNEY_H

struct cause;
struct lc_verdict;
struct sightings;

/** journey_tell() - Who saw it, out and back, as notes `journey` */
void journey_tell(const struct sightings *seen, const struct cause *cause,
		  struct lc_verdict *v);

#endif
