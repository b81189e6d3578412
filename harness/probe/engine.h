/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.h - sends the probes of a batch in one event loop
 */
#ifndef PROBE_ENGINE_H
#define PROBE_ENGINE_H

#include <labcheck/probe.h>

struct lc_lab;
struct lc_node;

/** batch_new() - An empty batch for a lab */
struct lc_batch *batch_new(struct lc_lab *lab);
void batch_free(struct lc_batch *batch);

/** batch_count() - How many probes it holds; seen_count of those run */
size_t batch_count(const struct lc_batch *batch);

/**
 * batch_run() - Send all, wait until every one is settled
 *
 * Afterwards batch_seen() has as many entries as the batch has probes.
 *
 * Return: 0, or -errno with @err: the engine itself can't go on
 */
int batch_run(struct lc_batch *batch, struct lc_err *err);
const struct lc_seen *batch_seen(const struct lc_batch *batch);

/**
 * batch_mixes() - Whether all its probes can be under way together
 *
 * A probe without a server asks what is there, and must not find a server that
 * labcheck started for a neighbouring step: the two don't mix.
 */
bool batch_mixes(const struct lc_batch *batch);

/** batch_truncate() - Forget all probes but the first @count */
void batch_truncate(struct lc_batch *batch, size_t count);

/** lab_unwatch_gone() - Close what it keeps open in nodes that are there no
 * more; until then their namespaces stay */
void lab_unwatch_gone(struct lc_lab *lab);

/** lab_unwatch() - Close what the engine keeps open in a lab's nodes */
void lab_unwatch(struct lc_lab *lab);

/** node_unwatch() - The same in one node; between batches alone */
void node_unwatch(struct lc_node *node);

#endif
