/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nft_library.h - what is used of libnftables
 */
#ifndef LAB_NFT_LIBRARY_H
#define LAB_NFT_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

struct nft_ctx;

struct nft_library {
	struct nft_ctx *(*ctx_new)(uint32_t flags);
	void (*ctx_free)(struct nft_ctx *ctx);
	int (*buffer_error)(struct nft_ctx *ctx);
	int (*buffer_output)(struct nft_ctx *ctx);
	const char *(*error_text)(struct nft_ctx *ctx);
	const char *(*output_text)(struct nft_ctx *ctx);
	void (*set_flags)(struct nft_ctx *ctx, unsigned int flags);
	int (*run_text)(struct nft_ctx *ctx, const char *text);
	int (*run_file)(struct nft_ctx *ctx, const char *path);
};

/** nft_library_open() - Open it (dlopen); false: it is not installed
 *
 * It may end the process: so only in a child, see nft.c.
 */
bool nft_library_open(struct nft_library *library);

#endif
