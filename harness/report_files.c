// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report_files.c - whether reports may be written where they are to be
 *
 * Reports are emptied at the start.  Where FILE was left out behind --json, the
 * word that follows is a scenario, which would be gone.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <labcheck/err.h>

#include "options.h"
#include "report_files.h"

/* Whoever writes to a device may do so twice */
static bool is_same(const char *path, const char *other)
{
	struct stat one, two;

	if (stat(path, &one) || stat(other, &two))
		return !strcmp(path, other);
	return S_ISREG(one.st_mode) && one.st_dev == two.st_dev &&
	       one.st_ino == two.st_ino;
}

static bool ends_in(const char *path, const char *ending)
{
	size_t length = strlen(path), end = strlen(ending);

	return length > end && !strcmp(path + length - end, ending);
}

static int check(const struct options *o, const char *option,
		 const char *path, struct lc_err *err)
{
	if (!path)
		return 0;
	if (ends_in(path, ".yaml") || ends_in(path, ".yml"))
		return lc_err_set(err, -EINVAL,
				  "%s takes the file that is to be written, and '%s' is named like a scenario",
				  option, path);
	for (size_t i = 0; i < o->operand_count; i++)
		if (is_same(path, o->operands[i]))
			return lc_err_set(err, -EINVAL,
					  "%s %s would be written over what is to be read",
					  option, path);
	return 0;
}

int report_files_check(const struct options *o, struct lc_err *err)
{
	int r = check(o, "--json", o->json, err);

	r = r ? r : check(o, "--junit", o->junit, err);
	if (!r && o->json && o->junit && is_same(o->json, o->junit))
		return lc_err_set(err, -EINVAL,
				  "--json and --junit need a file each");
	return r;
}
