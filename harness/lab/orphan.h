/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * orphan.h - descriptors that the kernel closes on its own time
 */
#ifndef LAB_ORPHAN_H
#define LAB_ORPHAN_H

#include <stddef.h>

/**
 * orphan_fds() - Close descriptors without waiting for what that takes
 * @fds:	Nobody else has them; those that were taken are -1 then
 *
 * What could not be taken is left to the caller, which may be all of it.
 */
void orphan_fds(int *fds, size_t count);

#endif
