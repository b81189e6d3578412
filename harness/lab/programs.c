// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * programs.c - whether the tools are here that a scenario is about
 *
 * They are looked for where commands on a node would look: in the PATH that
 * these get.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/environment.h"
#include "lab/programs.h"

/* Where distributions, and the project itself, put the plugins */
static const char cni_folders[] =
	"/usr/lib/cni:/usr/libexec/cni:/opt/cni/bin";

static bool is_in(const char *folders, const char *program)
{
	char path[PATH_MAX];

	while (*folders) {
		int length = (int)strcspn(folders, ":");
		int n = snprintf(path, sizeof(path), "%.*s/%s", length,
				 folders, program);

		if (length && (size_t)n < sizeof(path) && !access(path, X_OK))
			return true;
		folders += length;
		folders += *folders == ':';
	}
	return false;
}

static int find_all(const char *folders, const char *const *programs,
		    struct lc_err *err)
{
	for (; *programs; programs++)
		if (!is_in(folders, *programs))
			return lc_err_set(err, -EOPNOTSUPP,
					  "there is no program %s", *programs);
	return 0;
}

static int find_in_path(const char *const *programs, struct lc_err *err)
{
	lc_auto(lc_free) char *path = environment_path();

	if (!path)
		return lc_err_set(err, -ENOMEM, "out of memory");
	return find_all(path, programs, err);
}

int programs_docker(struct lc_err *err)
{
	static const char *const programs[] = {
		"dockerd", "docker", "containerd", "containerd-shim-runc-v2",
		"runc", "iptables", NULL,
	};

	return find_in_path(programs, err);
}

int programs_cni(struct lc_err *err)
{
	static const char *const plugins[] = {
		"bridge", "host-local", "static", "loopback", "portmap",
		"ptp", "firewall", "macvlan", NULL,
	};
	static const char *const programs[] = { "iptables", NULL };
	int r = find_all(cni_folders, plugins, err);

	return r ?: find_in_path(programs, err);
}
