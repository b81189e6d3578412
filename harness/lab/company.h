/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * company.h - who else lives in the sandbox
 */
#ifndef LAB_COMPANY_H
#define LAB_COMPANY_H

#include <stdbool.h>

struct lc_lab;

/**
 * lab_is_alone() - No process of a scenario is in the sandbox
 *
 * Commands, services, and what those left behind; the daemon is none of them.
 * False if it can't be known.
 */
bool lab_is_alone(const struct lc_lab *lab);

#endif
