/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netfilter_try.h - whether this kernel can do what iptables-nft asks of it
 */
#ifndef LAB_NETFILTER_TRY_H
#define LAB_NETFILTER_TRY_H

struct lc_err;

/**
 * netfilter_try() - Have the kernel make every kind of chain and rule
 *
 * In the namespace where the caller is, and where they stay: it must be one that
 * nobody uses.
 *
 * Return: 0, -EOPNOTSUPP, or another -errno, with the rule in @err
 */
int netfilter_try(struct lc_err *err);

#endif
