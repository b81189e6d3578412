/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_refusal.h - whether nf_tables refuses a request, or can't do it
 */
#ifndef LAB_NETFILTER_REFUSAL_H
#define LAB_NETFILTER_REFUSAL_H

#include <stdint.h>

struct lc_err;
struct nlmsghdr;

/**
 * netfilter_refusal() - Tell a module that this kernel lacks from a mistake
 * @request:	What was refused
 * @offset:	The attribute in it that the kernel stumbled over; 0: unknown
 * @code:	Its -errno
 *
 * The kernel has no error of its own for an expression, a match, a target or a
 * type of chain that it does not know: to it, that is -ENOENT as is a chain
 * that is not there.
 *
 * Return: -EOPNOTSUPP, and what is lacking in @err; else @code, and @err is
 * left as it is
 */
int netfilter_refusal(const struct nlmsghdr *request, uint32_t offset,
		      int code, struct lc_err *err);

#endif
