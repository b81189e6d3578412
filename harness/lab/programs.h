/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * programs.h - whether the tools are here that a scenario is about
 */
#ifndef LAB_PROGRAMS_H
#define LAB_PROGRAMS_H

struct lc_err;

/** programs_docker() - What it takes to run a Docker daemon and containers.
 * Return: 0, or -EOPNOTSUPP with @err: which program is missing */
int programs_docker(struct lc_err *err);

/** programs_cni() - The CNI plugins that the manual speaks of */
int programs_cni(struct lc_err *err);

#endif
