// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft_library.c - libnftables, opened when it is needed
 *
 * Most labs have no rules, and linking it doubles the time to start.
 */
#include <stddef.h>

#include "lab/nft_library.h"
#include "library.h"

bool nft_library_open(struct nft_library *library)
{
	static const char *const names[] = { "libnftables.so.1", NULL };
	const struct library_symbol symbols[] = {
		{ "nft_ctx_new", &library->ctx_new },
		{ "nft_ctx_free", &library->ctx_free },
		{ "nft_ctx_buffer_error", &library->buffer_error },
		{ "nft_ctx_buffer_output", &library->buffer_output },
		{ "nft_ctx_get_error_buffer", &library->error_text },
		{ "nft_ctx_get_output_buffer", &library->output_text },
		{ "nft_ctx_output_set_flags", &library->set_flags },
		{ "nft_run_cmd_from_buffer", &library->run_text },
		{ "nft_run_cmd_from_filename", &library->run_file },
	};

	return library_open(names, LIBRARY_SYMBOLS(symbols));
}
