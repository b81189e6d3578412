/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * auto.h - what a block owns goes with the block
 *
 *	lc_auto(lc_close) int fd = -1;
 *	lc_auto(lc_free) char *text = NULL;
 *
 * A clean-up function takes a pointer to the variable.
 */
#ifndef LABCHECK_AUTO_H
#define LABCHECK_AUTO_H

#include <stdlib.h>
#include <unistd.h>

#define lc_auto(done)	__attribute__((cleanup(done)))

/* Hand a pointer on: the block no longer owns it */
#define lc_steal(p)				\
	__extension__ ({			\
		__typeof__(p) lc_stolen = (p);	\
		(p) = NULL;			\
		lc_stolen;			\
	})

/* Hand a file descriptor on */
static inline int lc_steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

static inline void lc_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static inline void lc_free(void *p)
{
	free(*(void **)p);
	*(void **)p = NULL;
}

#endif
