// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sysctl.c - a node's settings below /proc/sys
 *
 * Theory of operation
 *
 * Most of what a plan says is labcheck's baseline, the same for every node,
 * and most of that is what a new namespace has anyway.  So the first
 * namespace is read, and what has the value already is not written again: all
 * new namespaces inherit alike.  That holds until something else is written
 * that the kernel copies there (ip_forward sets every `forwarding`), so keys
 * whose last word was written on the same node are always written.  What is
 * below conf/default lo was born with (devconf.c): one message instead of a file
 * for each.
 *
 * The kernel keeps the entries of /proc/sys/net of all namespaces in one hash
 * chain of a mount: with thousands of nodes each access walks thousands of
 * entries.  A lab of many nodes therefore uses a procfs instance of its own,
 * and a fresh one every so often: 4,000 nodes take 5.4 s rather than 7.4.  Only
 * who owns its mount namespace may make one, and where part of the machine's
 * /proc is covered, nobody may.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "devconf.h"
#include "furnish.h"
#include "lab.h"
#include "sysctl.h"

enum {
	MANY_NODES	= 64,	/* from here on a private procfs pays off */
	NODES_PER_PROC	= 32,
	VALUE_SIZE	= 128,
	WRITTEN_MAX	= 64,
};

/* What a new namespace has, by key */
struct inherited {
	const char *key;
	char value[VALUE_SIZE];
	bool missing;
};

struct sysctl_writer {
	struct lc_lab *lab;
	int proc;			/* a procfs */
	bool own_proc;
	size_t nodes;			/* that have used it */
	struct devconf *devconf;	/* of the first namespace */
	struct inherited *inherited;
	size_t inherited_count;
	size_t cursor;			/* behind the last one found */
	/* Of the node at hand: the last words of keys that were written */
	const char *written[WRITTEN_MAX];
	size_t written_count;
};

static int proc_mount(void)
{
	lc_auto(lc_close) int fs = syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);

	if (fs < 0 ||
	    syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	return syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
}

static bool has_many(const struct lc_lab *lab)
{
	return lab->node_count >= MANY_NODES;
}

void sysctl_prepare(struct lc_lab *lab)
{
	if (has_many(lab))
		lab_furnish(lab, NULL);
}

/* For each node: see to it that there is a procfs to write to */
static int writer_next_node(struct sysctl_writer *w, struct lc_err *err)
{
	w->written_count = 0;
	if (w->proc >= 0 && (!w->own_proc || w->nodes++ < NODES_PER_PROC))
		return 0;
	lc_close(&w->proc);
	w->nodes = 0;
	if (has_many(w->lab))
		w->proc = proc_mount();
	w->own_proc = w->proc >= 0;
	if (w->proc < 0)
		w->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (w->proc < 0)
		return lc_err_set(err, -errno, "/proc: %s", strerror(errno));
	return 0;
}

static int sysctl_open(const struct sysctl_writer *w, const char *key,
		       int flags)
{
	char path[256];

	if ((size_t)snprintf(path, sizeof(path), "sys/%s", key) >=
	    sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return openat(w->proc, path, flags | O_CLOEXEC);
}

/* The kernel writes tabs between numbers where people write spaces */
static void normalize(char *text)
{
	char *to = text;

	for (char *from = text; *from; from++) {
		bool space = strchr(" \t\n", *from);

		if (space && (to == text || to[-1] == ' '))
			continue;
		*to++ = space ? ' ' : *from;
	}
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

/* What the node at hand has, which is new */
static void read_value(struct sysctl_writer *w, const struct lc_node *node,
		       struct inherited *i)
{
	lc_auto(lc_close) int fd = -1;
	uint32_t value;
	ssize_t n;

	if (!w->devconf)
		w->devconf = devconf_read(node->rtnl);
	i->missing = false;
	if (devconf_default(w->devconf, i->key, &value)) {
		snprintf(i->value, sizeof(i->value), "%" PRIu32, value);
		return;
	}
	fd = sysctl_open(w, i->key, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, i->value, sizeof(i->value) - 1);
	i->missing = n < 0;
	i->value[n < 0 ? 0 : n] = '\0';
	normalize(i->value);
}

static const struct inherited *inherited_value(struct sysctl_writer *w,
					       const struct lc_node *node,
					       const char *key)
{
	struct inherited *i;

	/* Nodes have the same list in the same order: look behind the last */
	for (size_t k = 0; k < w->inherited_count; k++) {
		i = &w->inherited[(w->cursor + k) % w->inherited_count];
		if (i->key != key && strcmp(i->key, key) != 0)
			continue;
		w->cursor += k + 1;
		return i;
	}

	i = realloc(w->inherited, (w->inherited_count + 1) * sizeof(*i));
	if (!i)
		abort();
	w->inherited = i;
	i += w->inherited_count++;
	i->key = key;
	read_value(w, node, i);
	return i;
}

static const char *last_word(const char *key)
{
	const char *slash = strrchr(key, '/');
	const char *word = slash ? slash + 1 : key;

	/* Another name for conf/all/forwarding */
	return strcmp(word, "ip_forward") ? word : "forwarding";
}

static bool was_touched(const struct sysctl_writer *w, const char *key)
{
	const char *word = last_word(key);

	if (w->written_count == WRITTEN_MAX)
		return true;
	for (size_t i = 0; i < w->written_count; i++)
		if (!strcmp(w->written[i], word))
			return true;
	return false;
}

static int not_written(const struct plan_node *node,
		       const struct plan_sysctl *s, int error,
		       struct lc_err *err)
{
	char key[128];

	/* As people write it */
	snprintf(key, sizeof(key), "%s", s->key);
	for (char *p = key; *p; p++)
		if (*p == '/')
			*p = '.';
	if (error == ENOENT)
		return lc_err_set(err, -ENOENT,
				  "sysctl %s on %s: this kernel has no such "
				  "setting in a namespace", key, node->name);
	return lc_err_set(err, -error, "sysctl %s=%s on %s: %s", key, s->value,
			  node->name, strerror(error));
}

static int sysctl_write(struct sysctl_writer *w, const struct plan_node *node,
			const struct plan_sysctl *s, struct lc_err *err)
{
	lc_auto(lc_close) int fd = sysctl_open(w, s->key, O_WRONLY);
	size_t length = strlen(s->value);

	if (w->written_count < WRITTEN_MAX)
		w->written[w->written_count++] = last_word(s->key);
	if (fd >= 0 && write(fd, s->value, length) == (ssize_t)length)
		return 0;
	if (fd < 0 && errno == ENOENT && s->optional)
		return 0;
	return not_written(node, s, errno, err);
}

/* net/ipv4/conf/eth0/..., net/ipv6/neigh/eth0/...: an interface's own; NULL */
static const char *interface_of(const char *key)
{
	static const char *const folders[] = { "/conf/", "/neigh/", "/mpls/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		const char *name = strstr(key, folders[i]);

		if (!name)
			continue;
		name += strlen(folders[i]);
		return strncmp(name, "all/", 4) &&
				       strncmp(name, "default/", 8) ?
			       name :
			       NULL;
	}
	return NULL;
}

static bool names_interface(const char *key)
{
	return interface_of(key);
}

static bool names_new_interface(const struct lc_node *node, const char *key)
{
	const char *name = interface_of(key);

	for (size_t i = 0; name && i < node->plan->interface_count; i++) {
		const struct plan_interface *f = &node->plan->interfaces[i];
		size_t length = strlen(f->name);

		if (!strncmp(name, f->name, length) && name[length] == '/')
			return interface_is_new(node, f);
	}
	return false;
}

static int node_begin(struct sysctl_writer *w, struct lc_node *node,
		      struct lc_err *err)
{
	int r = node_enter(node, err);

	return r ?: writer_next_node(w, err);
}

/* Whether the node at hand has a value already: a new one, that is */
static bool is_inherited(struct sysctl_writer *w, const struct lc_node *node,
			 const struct plan_sysctl *s)
{
	const struct inherited *old;

	if (!node_is_new(node) || was_touched(w, s->key))
		return false;
	old = inherited_value(w, node, s->key);
	return old->missing ? s->optional : !strcmp(old->value, s->value);
}

/* Whether the plan before said it already; of an interface's own it must have
 * had the interface */
static bool was_said(const struct lc_node *node, const struct plan_sysctl *s)
{
	const struct plan *before = node->lab->before;
	const struct plan_node *old;

	if (!before || node_is_new(node))
		return false;
	old = &before->nodes[node->index];
	if (old->sysctls == node->plan->sysctls)
		return true;
	for (size_t i = 0; i < old->sysctl_count; i++)
		if (!strcmp(old->sysctls[i].key, s->key) &&
		    !strcmp(old->sysctls[i].value, s->value))
			return !names_new_interface(node, s->key);
	return false;
}

struct sysctl_writer *sysctl_begin(struct lc_lab *lab)
{
	struct sysctl_writer *w = calloc(1, sizeof(*w));

	if (!w)
		abort();
	w->lab = lab;
	w->proc = -1;
	return w;
}

/* From one node to the next there is no need to come home */
int sysctl_apply(struct sysctl_writer *w, struct lc_node *node,
		 bool interfaces, struct lc_at *ret_at, struct lc_err *err)
{
	const struct plan_node *plan = node->plan;
	bool inside = false;
	int r = 0;

	if (!node_stands(node))
		return 0;
	for (size_t i = 0; i < plan->sysctl_count && !r; i++) {
		const struct plan_sysctl *s = &plan->sysctls[i];

		if (names_interface(s->key) != interfaces ||
		    was_said(node, s))
			continue;
		if (!inside)
			r = node_begin(w, node, err);
		inside = true;
		if (!r && (interfaces || !is_inherited(w, node, s)))
			r = sysctl_write(w, plan, s, err);
		if (r)
			*ret_at = s->at;
	}
	return r;
}

void sysctl_end(struct sysctl_writer *w)
{
	lab_leave(w->lab);
	lc_close(&w->proc);
	free(w->inherited);
	free(w->devconf);
	free(w);
}
