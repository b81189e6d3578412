// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * environment.c - the environment of programs that run in a node
 *
 * A verdict must not hang on who runs labcheck: a German locale would change
 * what `ip` says, ENV what the shell does, and an ordinary user's PATH has no
 * nft.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "lab/environment.h"
#include "lab/lab.h"
#include "scenario/script_openvswitch.h"

static const char *const folders[] = {
	"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin",
	"/sbin", "/bin",
};

static bool has_folder(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	for (; path; path = strchr(path, ':')) {
		path += *path == ':';
		if (!strncmp(path, folder, length) &&
		    (path[length] == ':' || !path[length]))
			return true;
	}
	return false;
}

char *environment_path(void)
{
	const char *said = getenv("PATH");
	char *path = strdup(said ? said : "");

	for (size_t i = 0; path && i < sizeof(folders) / sizeof(*folders);
	     i++) {
		char *longer = NULL;

		if (has_folder(path, folders[i]))
			continue;
		if (asprintf(&longer, "%s%s%s", path, *path ? ":" : "",
			     folders[i]) < 0)
			longer = NULL;
		free(path);
		path = longer;
	}
	return path;
}

void environment_free(char ***environment)
{
	for (char **line = *environment; line && *line; line++)
		free(*line);
	free(*environment);
	*environment = NULL;
}

char *environment_openvswitch(const struct lc_node *node)
{
	const struct plan_node *owner = node->plan->owner;
	char *folder = NULL;

	if (!openvswitch_wanted(owner) ||
	    asprintf(&folder, "%s/%s", OPENVSWITCH_RUN, owner->name) < 0)
		return NULL;
	return folder;
}

/* The folder of the scenario's file: tools that it brings along are there */
static char *scenario_folder(const struct lc_node *node)
{
	const char *path = node->lab->plan->scenario->path;
	const char *slash = path ? strrchr(path, '/') : NULL;
	char *folder = slash == path ? strdup("/") :
		       slash	     ? strndup(path, (size_t)(slash - path)) :
				       strdup(".");
	char *resolved = folder ? realpath(folder, NULL) : NULL;

	if (!resolved)
		return folder;
	free(folder);
	return resolved;
}

char **environment_make(const struct lc_node *node)
{
	lc_auto(lc_free) char *path = environment_path();
	lc_auto(lc_free) char *beside = scenario_folder(node);
	lc_auto(lc_free) char *folder = environment_openvswitch(node);
	const struct {
		const char *name, *value;
	} set[] = {
		{ "PATH", path },
		{ "HOME", getenv("HOME") ?: "/" },
		{ "TERM", getenv("TERM") ?: "dumb" },
		{ "LC_ALL", "C.UTF-8" },
		{ "TMPDIR", "/run/tmp" },
		{ "LABCHECK_NODE", lc_node_name(node) },
		{ "LABCHECK_FOLDER", beside },
		{ "OVS_RUNDIR", folder },
		{ "OVS_DBDIR", folder },
		{ "OVS_LOGDIR", folder },
	};
	const size_t count = sizeof(set) / sizeof(*set) - (folder ? 0 : 3);
	char **environment = calloc(count + 1, sizeof(*environment));

	for (size_t i = 0; environment && i < count; i++)
		if (!set[i].value || asprintf(&environment[i], "%s=%s",
					      set[i].name, set[i].value) < 0) {
			environment[i] = NULL;
			environment_free(&environment);
		}
	return environment;
}
