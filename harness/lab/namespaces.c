// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * namespaces.c - which namespaces a node lives in
 *
 * The network namespace is the node's own.  As for the others, a node is the
 * processes that run on it: those of the lab, or the process that was adopted.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <labcheck/err.h>

#include "lab/furnish.h"
#include "lab/lab.h"

const char *const lc_namespace_words[] = {
	[LC_NS_NET]	= "net",
	[LC_NS_PID]	= "pid",
	[LC_NS_UTS]	= "uts",
	[LC_NS_MNT]	= "mnt",
	[LC_NS_IPC]	= "ipc",
	[LC_NS_USER]	= "user",
	NULL,
};

/* All namespaces live on one file system, whose inodes have 32 bits */
static uint64_t identity(const struct stat *stat)
{
	return (uint64_t)stat->st_dev << 32 | (uint32_t)stat->st_ino;
}

static int stat_of_process(const struct lc_node *node, const char *word,
			   struct stat *ret)
{
	char path[64];

	if (node->process >= 0) {
		snprintf(path, sizeof(path), "ns/%s", word);
		return fstatat(node->process, path, ret, 0);
	}
	snprintf(path, sizeof(path), "/proc/self/ns/%s", word);
	return stat(path, ret);
}

int lc_node_namespace(struct lc_node *node, enum lc_namespace kind,
		      uint64_t *ret_id, struct lc_err *err)
{
	const char *word = lc_namespace_words[kind];
	struct stat stat;
	int r;

	r = node_open(node, err);
	if (!r && kind != LC_NS_NET)
		r = lab_furnish(node->lab, err);
	if (r)
		return r;
	if (kind == LC_NS_NET)
		r = fstat(node->netns, &stat);
	else if (kind == LC_NS_MNT && node->mntns >= 0)
		r = fstat(node->mntns, &stat);
	else
		r = stat_of_process(node, word, &stat);
	if (r) {
		r = -errno;
		return lc_err_set(err, r, "%s namespace of %s: %s", word,
				  lc_node_name(node), strerror(-r));
	}
	*ret_id = identity(&stat);
	return 0;
}

int lc_node_same_netns(struct lc_node *a, struct lc_node *b, bool *ret_same,
		       struct lc_err *err)
{
	uint64_t id_a, id_b;
	int r;

	r = lc_node_namespace(a, LC_NS_NET, &id_a, err);
	if (!r)
		r = lc_node_namespace(b, LC_NS_NET, &id_b, err);
	if (!r)
		*ret_same = id_a == id_b;
	return r;
}
