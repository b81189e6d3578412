// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tree.c - ends a process and all that descends from it
 *
 * A process group is not enough: whoever calls setsid() has left it.  But all
 * orphans below a minder become the minder's children, so that who descends
 * from it can be read from /proc at any time.  The minder is stopped first: if
 * it ended with its command, what is left would be the sandbox's and could be
 * told from nobody else's daemons.  Processes may be made while we look, so it
 * is done again until none is found alive.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/clone.h"
#include "lab/tree.h"

enum { ROUNDS_MAX = 1000 };	/* who makes processes faster than that? */

struct entry {
	pid_t pid, parent;
	bool dead;
};

struct table {
	struct entry *entries;
	size_t count, size;
};

static void table_done(struct table *table)
{
	free(table->entries);
}

/* proc_pid_stat(5): "pid (name) state ppid ...", the name may hold anything */
static bool read_entry(int proc, const char *name, struct entry *entry)
{
	lc_auto(lc_close) int fd = -1;
	char path[32], text[512], *p;
	ssize_t n;
	int parent;
	char state;

	snprintf(path, sizeof(path), "%.16s/stat", name);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return false;
	text[n] = '\0';
	p = strrchr(text, ')');
	if (!p || sscanf(p + 1, " %c %d", &state, &parent) != 2)
		return false;
	entry->pid = (pid_t)atoi(name);
	entry->parent = parent;
	entry->dead = state == 'Z' || state == 'X';
	return true;
}

static int table_add(struct table *table, const struct entry *entry)
{
	if (table->count == table->size) {
		size_t size = table->size ? 2 * table->size : 64;
		struct entry *entries = reallocarray(table->entries, size,
						     sizeof(*entries));

		if (!entries)
			return -ENOMEM;
		table->entries = entries;
		table->size = size;
	}
	table->entries[table->count++] = *entry;
	return 0;
}

static int table_read(struct table *table)
{
	DIR *proc = opendir("/proc");
	struct dirent *item;
	struct entry entry;
	int error = 0;

	if (!proc)
		return -errno;
	while (!error && (item = readdir(proc)))
		if (isdigit((unsigned char)*item->d_name) &&
		    read_entry(dirfd(proc), item->d_name, &entry))
			error = table_add(table, &entry);
	closedir(proc);
	return error;
}

static const struct entry *table_find(const struct table *table, pid_t pid)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->entries[i].pid == pid)
			return &table->entries[i];
	return NULL;
}

/* The depth is limited since a table read entry by entry may hold a circle */
static bool descends(const struct table *table, const struct entry *entry,
		     pid_t top)
{
	for (size_t depth = 0; entry && depth < table->count; depth++) {
		if (entry->parent == top)
			return true;
		entry = table_find(table, entry->parent);
	}
	return false;
}

/* Return: how many were found alive, or -errno */
static int kill_round(pid_t top)
{
	lc_auto(table_done) struct table table = { 0 };
	int alive = 0, error;

	error = table_read(&table);
	for (size_t i = 0; !error && i < table.count; i++) {
		const struct entry *entry = &table.entries[i];

		if (entry->dead || !descends(&table, entry, top))
			continue;
		alive++;
		error = process_end(entry->pid);
	}
	return error ?: alive;
}

/* Return: whether it stands still; if not, it has ended */
static bool stop(int pidfd)
{
	siginfo_t info = { 0 };

	pidfd_kill(pidfd, SIGSTOP);
	while (waitid(ID_PIDFD, (id_t)pidfd, &info,
		      WEXITED | WSTOPPED | WNOWAIT | __WALL) < 0)
		if (errno != EINTR)
			return false;
	return info.si_code == CLD_STOPPED;
}

int tree_kill(pid_t minder, int pidfd, int *ret_ended, struct lc_err *err)
{
	int alive = -1;

	if (!stop(pidfd))
		return clone_wait(pidfd, ret_ended);
	*ret_ended = -1;
	for (int round = 0; round < ROUNDS_MAX && alive != 0; round++) {
		alive = kill_round(minder);
		if (alive < 0)
			break;
	}
	pidfd_kill(pidfd, SIGKILL);
	clone_wait(pidfd, NULL);
	if (alive)
		return lc_err_set(err, alive < 0 ? alive : -EBUSY,
				  "a command's processes can't be ended: %s",
				  strerror(alive < 0 ? -alive : EBUSY));
	return 0;
}
