// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * etc.c - what programs of a node find in /etc about names
 *
 * The files lie in the sandbox's own /run, one folder a node, and are mounted
 * over those of the machine in the mount namespace of the node's commands.  So
 * writing to them is enough when the lab changes, as it is with Docker.
 *
 * A mount needs something to stand on.  resolv.conf is a link into /run on
 * many machines, which leads nowhere in a sandbox: so the mount is put on the
 * link itself.  Where a file is missing, or links can't carry mounts, /etc is
 * first made anew, out of mounts of all that is in it.
 *
 * nsswitch.conf is the machine's, but for what it says of hosts: whom a program
 * asks for names is the scenario's to say, not the machine's.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/etc.h"
#include "lab/lab.h"

#define FOLDER "/run/labcheck"

static const char *const files[] = {
	"hosts", "resolv.conf", "nsswitch.conf",
};

enum { FILES = sizeof(files) / sizeof(*files) };

static void file_close(FILE **file)
{
	if (*file)
		fclose(*file);
}

static void dir_close(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* A name may be that of another node later, but not its number */
void etc_path(const struct plan_node *node, const char *name,
	      char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, FOLDER "/%s-%u/%s", node->name, node->number,
		 name);
}

static int write_file(const struct plan_node *node, const char *name,
		      const char *text)
{
	char path[PATH_MAX];
	FILE *file;
	int r;

	etc_path(node, name, path);
	file = fopen(path, "we");
	if (!file)
		return -errno;
	r = fputs(text, file) < 0 ? -errno : 0;
	return fclose(file) && !r ? -errno : r;
}

/* The machine's, with another line for hosts; free() it */
static char *nsswitch_conf(void)
{
	lc_auto(file_close) FILE *from = fopen("/etc/nsswitch.conf", "re");
	lc_auto(lc_free) char *line = NULL;
	char *text = NULL;
	size_t size = 0, length;
	FILE *to = open_memstream(&text, &length);

	if (!to)
		return NULL;
	while (from && getline(&line, &size, from) > 0)
		if (strncmp(line + strspn(line, " \t"), "hosts:", 6))
			fputs(line, to);
	fputs("\nhosts: files dns\n", to);
	fclose(to);
	return text;
}

static int etc_write(const struct lc_node *node, struct lc_err *err)
{
	const struct plan_node *plan = node->plan->owner;
	lc_auto(lc_free) char *nsswitch = NULL;
	char path[PATH_MAX];
	int r = 0;

	if (!plan->files)
		return 0;
	etc_path(plan, "", path);
	if ((mkdir(FOLDER, 0755) && errno != EEXIST) ||
	    (mkdir(path, 0755) && errno != EEXIST))
		r = -errno;
	nsswitch = nsswitch_conf();
	if (!r)
		r = nsswitch ? write_file(plan, "nsswitch.conf", nsswitch) :
			       -ENOMEM;
	if (!r)
		r = write_file(plan, "hosts", plan->files->hosts);
	if (!r)
		r = write_file(plan, "resolv.conf",
			       plan->files->resolv_conf);
	return r ? lc_err_set(err, -EIO, "files of %s in %s: %s", plan->name,
			      FOLDER, strerror(-r)) :
		   0;
}

static bool is_written(const struct lc_node *node)
{
	char path[PATH_MAX];

	etc_path(node->plan->owner, "resolv.conf", path);
	return !access(path, F_OK);
}

/* Who shares a namespace may have written there already */
int etc_make(const struct lc_node *node, struct lc_err *err)
{
	return is_written(node) ? 0 : etc_write(node, err);
}

/* Over the file itself, or the link, whatever that leads to */
static int mount_over(const char *source, const char *target)
{
	lc_auto(lc_close) int fd = open(target, O_PATH | O_NOFOLLOW |
						O_CLOEXEC);
	char path[64];

	if (fd < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return mount(source, path, NULL, MS_BIND, NULL) ? -errno : 0;
}

static int mount_files(const struct plan_node *node)
{
	char source[PATH_MAX], target[PATH_MAX];
	int r = 0;

	for (size_t i = 0; i < FILES && !r; i++) {
		etc_path(node, files[i], source);
		snprintf(target, sizeof(target), "/etc/%s", files[i]);
		r = mount_over(source, target);
	}
	return r;
}

static bool is_ours(const char *name)
{
	for (size_t i = 0; i < FILES; i++)
		if (!strcmp(files[i], name))
			return true;
	return false;
}

static int make_empty(const char *path)
{
	lc_auto(lc_close) int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC,
					0644);

	return fd < 0 ? -errno : 0;
}

/* What stood in the old /etc stands in the new one */
static int keep(int old, const char *name)
{
	char to[PATH_MAX], from[PATH_MAX];
	struct stat stat;
	ssize_t length;
	int r;

	snprintf(to, sizeof(to), "/etc/%s", name);
	if (fstatat(old, name, &stat, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (S_ISLNK(stat.st_mode)) {
		length = readlinkat(old, name, from, sizeof(from) - 1);
		if (length < 0)
			return -errno;
		from[length] = '\0';
		return symlink(from, to) ? -errno : 0;
	}
	r = !S_ISDIR(stat.st_mode) ? make_empty(to) :
	    mkdir(to, 0755)	   ? -errno :
				     0;
	if (r)
		return r;
	snprintf(from, sizeof(from), "/proc/self/fd/%d/%s", old, name);
	return mount(from, to, NULL, MS_BIND | MS_REC, NULL) ? -errno : 0;
}

static int remake_etc(void)
{
	lc_auto(lc_close) int old = open("/etc", O_PATH | O_DIRECTORY |
						 O_CLOEXEC);
	lc_auto(dir_close) DIR *dir = opendir("/etc");
	const struct dirent *entry;
	int r = 0;

	if (old < 0 || !dir ||
	    mount("tmpfs", "/etc", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"))
		return -errno;
	while (!r && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    !is_ours(entry->d_name))
			r = keep(old, entry->d_name);
	for (size_t i = 0; i < FILES && !r; i++) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "/etc/%s", files[i]);
		r = make_empty(path);
	}
	return r;
}

int etc_mount(const struct lc_node *node, const char **ret_what)
{
	const struct plan_node *plan = node->plan->owner;
	int r;

	if (!plan->files)
		return 0;
	*ret_what = "mount /etc/resolv.conf";
	r = mount_files(plan);
	if (!r)
		return 0;
	*ret_what = "mount /etc";
	r = remake_etc();
	return r ? r : mount_files(plan);
}

static bool differ(const struct plan_names *a, const struct plan_names *b)
{
	if (!a || !b)
		return b != NULL;
	return strcmp(a->hosts, b->hosts) ||
	       strcmp(a->resolv_conf, b->resolv_conf);
}

int etc_advance(struct lc_lab *lab, const struct plan *before,
		struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < lab->node_count && !r; i++) {
		const struct lc_node *node = &lab->nodes[i];

		if (node->plan->kind == NODE_OWN && is_written(node) &&
		    differ(before->nodes[i].files, node->plan->files))
			r = etc_write(node, err);
	}
	return r;
}
