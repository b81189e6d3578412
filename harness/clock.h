/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.h - the time that all waiting is counted in
 */
#ifndef HARNESS_CLOCK_H
#define HARNESS_CLOCK_H

#include <stdint.h>
#include <time.h>

/** clock_ns() - Monotonic time in nanoseconds (CLOCK_MONOTONIC) */
static inline uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

#endif
