// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ldns.c - libldns, opened when a lab first asks for a name
 *
 * It brings libcrypto along, and labs without names need neither: they are not
 * to wait for what they don't need, nor to need that it is installed.
 */
#include <errno.h>

#include <labcheck/err.h>

#include "daemon/ldns.h"
#include "daemon/message.h"
#include "library.h"

struct ldns_library ldns;

int dns_open(struct lc_err *err)
{
#define ENTRY(name) { "ldns_" #name, &ldns.name },
	static const char *const names[] = { "libldns.so.3", NULL };
	const struct library_symbol symbols[] = { LDNS_FUNCTIONS(ENTRY) };

	if (ldns.is_open)
		return 0;
	if (!library_open(names, LIBRARY_SYMBOLS(symbols)))
		return lc_err_set(err, -EOPNOTSUPP,
				  "names need libldns.so.3, which is not installed");
	ldns.is_open = true;
	return 0;
}
