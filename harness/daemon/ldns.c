// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ldns.c - libldns, opened when a lab first asks for a name
 *
 * It brings libcrypto along, and labs without names need neither: they are not
 * to wait for what they don't need, nor to need that it is installed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include <labcheck/err.h>

#include "daemon/ldns.h"
#include "daemon/message.h"

struct ldns_library ldns;

int dns_open(struct lc_err *err)
{
#define ENTRY(name) { "ldns_" #name, &ldns.name },
	const struct {
		const char *name;
		void *to;
	} symbols[] = { LDNS_FUNCTIONS(ENTRY) };
	void *handle;

	if (ldns.is_open)
		return 0;
	handle = dlopen("libldns.so.3", RTLD_NOW);
	for (size_t i = 0; handle && i < sizeof(symbols) / sizeof(*symbols);
	     i++) {
		void *symbol = dlsym(handle, symbols[i].name);

		if (!symbol)
			handle = NULL;
		memcpy(symbols[i].to, &symbol, sizeof(symbol));
	}
	if (!handle)
		return lc_err_set(err, -EOPNOTSUPP,
				  "names need libldns.so.3, which is not installed");
	ldns.is_open = true;
	return 0;
}
