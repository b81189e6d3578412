/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * order.h - in which order packets were seen at different nodes
 */
#ifndef POSTMORTEM_ORDER_H
#define POSTMORTEM_ORDER_H

struct sightings;

/**
 * sightings_order() - Put them in order
 *
 * Those of one node must be in theirs already.  Return: 0 or -ENOMEM
 */
int sightings_order(struct sightings *sightings);

#endif
