/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - have nf_tables tell what its rules do to a probe
 *
 * A packet that is marked for it (`meta nftrace set 1`) has every rule that decides
 * about it reported (nfnetlink, NFNLGRP_NFTRACE).
 */
#ifndef POSTMORTEM_TRACE_H
#define POSTMORTEM_TRACE_H

#include <stdbool.h>

struct lc_lab;
struct lc_node;
struct nlmsghdr;
struct sieve;
struct trace;

/** trace_begin() - Mark what may be of a probe on all nodes; NULL: no memory */
struct trace *trace_begin(struct lc_lab *lab, const struct sieve *sieve);

/** trace_begins() - Whether no other chain shows a packet before that one does */
bool trace_begins(const char *table, const char *chain);

typedef void (*trace_take)(void *arg, struct lc_node *node,
			   const struct nlmsghdr *message);

/**
 * trace_end() - Stop that, and leave nothing of it in the nodes
 * @take:	Gets all messages, node by node; NULL: they are of no interest
 *
 * Return: false if the kernel had no room for some of them
 */
bool trace_end(struct trace *trace, trace_take take, void *arg);

#endif
