/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doubt.h - whether the steps of scenarios would see what is wrong
 */
#ifndef HARNESS_DOUBT_H
#define HARNESS_DOUBT_H

struct options;
struct suite;

/**
 * doubt_run() - Break the labs of all chosen scenarios, and tell what no step
 * noticed
 *
 * Return: an exit status, EXIT_PASSED only if all was noticed or is excused
 */
int doubt_run(const struct suite *suite, const struct options *options);

#endif
