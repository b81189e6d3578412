/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - taps on every interface of a lab, for one probe
 */
#ifndef POSTMORTEM_WATCH_H
#define POSTMORTEM_WATCH_H

#include <stdbool.h>

struct lc_err;
struct lc_lab;
struct lc_node;
struct lc_probe;
struct probe;
struct sieve;
struct sightings;
struct watch_all;

/** node_can_be_watched() - It is there, and no other node stands for it */
bool node_can_be_watched(const struct lc_node *node);

/** watch_sieve() - How a probe is known before it is sent, and numbered */
struct sieve watch_sieve(const struct lc_probe *said);

/** watch_all_open() - Listen for a probe on every interface of every node */
int watch_all_open(struct lc_lab *lab, const struct sieve *sieve,
		   struct watch_all **ret_watch, struct lc_err *err);

/**
 * watch_all_collect() - What has been seen of it, now that it has ended
 * @ret_sightings: sightings_done() frees them
 */
int watch_all_collect(struct watch_all *watch, const struct probe *probe,
		      struct sightings *ret_sightings, struct lc_err *err);
void watch_all_free(struct watch_all *watch);

#endif
