/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pcap.h - the files of --pcap
 */
#ifndef HARNESS_PCAP_H
#define HARNESS_PCAP_H

#include <stddef.h>

struct suite_file;

/**
 * struct pcap_directory - Where they go
 * @path:	NULL: nothing is recorded
 * @taken:	Names of those that were begun
 */
struct pcap_directory {
	const char *path;
	char **taken;
	size_t count;
};

void pcap_directory_done(struct pcap_directory *d);

/**
 * struct pcap_file - What one run of a scenario records
 * @path:	DIR/NAME.pcapng, or NULL
 * @fd:		-1: it is not open
 * @error:	Why it is not what it should be, or NULL
 */
struct pcap_file {
	char *path, *error;
	int fd;
};

/** pcap_begin() - Open a file of its own for a run */
struct pcap_file pcap_begin(struct pcap_directory *d,
			    const struct suite_file *file);

/** pcap_cancel() - That run did not begin: its name is free again */
void pcap_cancel(struct pcap_directory *d, struct pcap_file *p);

void pcap_done(struct pcap_file *p);

#endif
