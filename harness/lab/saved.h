/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * saved.h - what an interface loses when it goes down, to be put back
 */
#ifndef LAB_SAVED_H
#define LAB_SAVED_H

#include <stdint.h>

struct lc_err;
struct lc_node;

struct saved;

/** saved_read() - Note what the kernel will take from an interface */
int saved_read(struct lc_node *node, uint32_t ifindex,
	       struct saved **ret_saved, struct lc_err *err);

/** saved_restore() - Put it back, but for what is there again already */
int saved_restore(const struct saved *saved, struct lc_node *node,
		  struct lc_err *err);

void saved_free(struct saved *saved);

#endif
