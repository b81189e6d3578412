// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * table.c - the verbs of the language; the only list of them
 */
#include <string.h>

#include <labcheck/check.h>

/* clang-format off */
#define CHECKS(X)							\
	X(ping) X(reach) X(icc) X(tcp) X(udp) X(dns) X(nat) X(path) X(mtu) \
	X(arp) X(route) X(routes) X(lookup) X(link) X(address) X(fdb)	\
	X(conntrack)							\
	X(namespace) X(run)						\
	X(create) X(remove) X(connect) X(disconnect)			\
	X(set_link) X(unplug) X(plug) X(delete_link) X(do)
/* clang-format on */

#define DECLARE(name) extern const struct lc_check lc_check_##name;
#define ENTRY(name) &lc_check_##name,

CHECKS(DECLARE)

const struct lc_check *const lc_checks[] = { CHECKS(ENTRY) NULL };

_Static_assert(sizeof(lc_checks) / sizeof(*lc_checks) <= LC_CHECKS_MAX,
	       "struct step_said has room for LC_CHECKS_MAX verbs");

const struct lc_check *lc_check_find(const char *name)
{
	for (size_t i = 0; lc_checks[i]; i++)
		if (!strcmp(lc_checks[i]->name, name))
			return lc_checks[i];
	return NULL;
}
