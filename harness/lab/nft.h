/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nft.h - rule sets, loaded by libnftables
 */
#ifndef LAB_NFT_H
#define LAB_NFT_H

struct lc_at;
struct lc_err;
struct lc_lab;

/**
 * nft_load() - Load the rule sets of all nodes
 *
 * Return: 0; -EOPNOTSUPP: there is no libnftables, or no nf_tables in the
 * kernel; another -errno with what nft says about the first line it refused,
 * and *@ret_at, the place of the rule set
 */
int nft_load(struct lc_lab *lab, struct lc_at *ret_at, struct lc_err *err);

#endif
