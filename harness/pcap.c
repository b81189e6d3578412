// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pcap.c - the files of --pcap
 *
 * What is inside the sandbox may see neither the caller's files nor his name, so
 * files are opened out here, and go in as descriptors.  Each run has one of its
 * own: that two scenarios have the same name, or one runs several times, must
 * not lose one of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <labcheck/auto.h>

#include "pcap.h"
#include "suite.h"

/* What needs no quoting in a shell */
static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789._-";

enum { NAME_BYTES = 200 };

/* The scenario's name, or what its file is called; fit for a file's name */
static char *base_of(const struct suite_file *file)
{
	const struct scenario *s = file->loaded.scenario;
	const char *path = file->loaded.source.path;
	const char *slash = strrchr(path, '/');
	const char *from = slash ? slash + 1 : path;
	size_t length = strcspn(from, ".");
	char *name;

	if (lc_given(&s->name) && *s->name.text) {
		from = s->name.text;
		length = strlen(from);
	}
	name = strndup(from, length < NAME_BYTES ? length : NAME_BYTES);
	for (char *p = name; p && *p; p++)
		if (!strchr(plain, *p) || (p == name && (*p == '.' ||
							 *p == '-')))
			*p = '_';
	return name;
}

static bool is_taken(const struct pcap_directory *d, const char *name)
{
	for (size_t i = 0; i < d->count; i++)
		if (!strcmp(d->taken[i], name))
			return true;
	return false;
}

/* NAME, NAME.2, NAME.3, ... */
static char *free_name(const struct pcap_directory *d, const char *base)
{
	char *name = strdup(base);

	for (unsigned int n = 2; name && is_taken(d, name); n++) {
		free(name);
		if (asprintf(&name, "%s.%u", base, n) < 0)
			name = NULL;
	}
	return name;
}

static bool take_name(struct pcap_directory *d, char *name)
{
	char **taken = reallocarray(d->taken, d->count + 1, sizeof(*taken));

	if (!taken)
		return false;
	d->taken = taken;
	taken[d->count++] = name;
	return true;
}

static int open_file(const char *directory, const char *path)
{
	/* A pipe that nobody reads must not hold us up */
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK;
	int fd = open(path, flags, 0666);

	if (fd < 0 && errno == ENOENT && !mkdir(directory, 0777))
		fd = open(path, flags, 0666);
	return fd;
}

struct pcap_file pcap_begin(struct pcap_directory *d,
			    const struct suite_file *file)
{
	struct pcap_file p = { .fd = -1 };
	lc_auto(lc_free) char *base = NULL;
	lc_auto(lc_free) char *name = NULL;

	if (!d->path)
		return p;
	base = base_of(file);
	name = base ? free_name(d, base) : NULL;
	if (!name || !take_name(d, name) ||
	    asprintf(&p.path, "%s/%s.pcapng", d->path, lc_steal(name)) < 0) {
		p.path = NULL;
		p.error = strdup("out of memory");
		return p;
	}
	p.fd = open_file(d->path, p.path);
	if (p.fd < 0)
		p.error = strdup(strerror(errno));
	return p;
}

void pcap_cancel(struct pcap_directory *d, struct pcap_file *p)
{
	if (p->path)
		free(d->taken[--d->count]);
	pcap_done(p);
}

void pcap_done(struct pcap_file *p)
{
	lc_close(&p->fd);
	free(p->path);
	free(p->error);
	*p = (struct pcap_file){ .fd = -1 };
}

void pcap_directory_done(struct pcap_directory *d)
{
	while (d->count)
		free(d->taken[--d->count]);
	free(d->taken);
	d->taken = NULL;
}
