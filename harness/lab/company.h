/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * company.h - who else lives in the sandbox
 */
#ifndef LAB_COMPANY_H
#define LAB_COMPANY_H

#include <stddef.h>

/**
 * company_count() - How many processes there are in the sandbox beside this one
 *
 * Commands, services, and what those left behind; the daemon is one of them.
 *
 * Return: 0, or -errno
 */
int company_count(size_t *ret_count);

#endif
