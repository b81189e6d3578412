/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_news.h - interfaces that come into a node, or are renamed
 */
#ifndef PROBE_LINK_NEWS_H
#define PROBE_LINK_NEWS_H

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

struct lc_err;
struct lc_node;

/** link_news_open() - A socket on which they are told */
int link_news_open(struct lc_node *node, struct lc_err *err);

/**
 * link_news_read() - All that was told since
 *
 * Return: 0, or -ENOBUFS: some of it was lost, and all must be asked for
 */
int link_news_read(int fd,
		   void (*each)(void *arg, uint32_t ifindex, const char *name),
		   void *arg);

#endif
