// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * company.c - who else lives in the sandbox
 *
 * While no other process does, all that happens in the lab's own nodes is on
 * account of what this one does, and on its processor.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>

#include "lab/company.h"

int company_count(size_t *ret_count)
{
	const struct dirent *entry;
	DIR *proc = opendir("/proc");
	size_t count = 0;

	if (!proc)
		return -errno;
	while ((entry = readdir(proc)))
		count += isdigit((unsigned char)entry->d_name[0]) != 0;
	closedir(proc);
	if (!count)
		return -ENOENT;
	*ret_count = count - 1;
	return 0;
}
