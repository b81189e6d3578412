// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * company.c - who else lives in the sandbox
 *
 * While no other process does, all that happens in the lab's own nodes is on
 * account of what this one does, and on its processor.
 */
#include <ctype.h>
#include <dirent.h>

#include "lab/company.h"
#include "lab/lab.h"

bool lab_is_alone(const struct lc_lab *lab)
{
	const size_t own = lab->daemon ? 2 : 1;
	const struct dirent *entry;
	size_t count = 0;
	DIR *proc;

	/* Until then no program has run, nor is /proc that of the sandbox */
	if (!lab->furnished)
		return true;
	proc = opendir("/proc");
	if (!proc)
		return false;
	while ((entry = readdir(proc)))
		count += isdigit((unsigned char)entry->d_name[0]) != 0;
	closedir(proc);
	return count == own;
}
