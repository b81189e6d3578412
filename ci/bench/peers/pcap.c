// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pcap.c - live handles of libpcap, opened one after the other and closed
 *
 *	pcap COUNT
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT_MAX = 1000, SNAPLEN = 65535 };

int main(int argc, char **argv)
{
	static pcap_t *handles[COUNT_MAX];
	char reason[PCAP_ERRBUF_SIZE];
	int count = argc > 1 ? atoi(argv[1]) : 0;

	for (int i = 0; i < count && i < COUNT_MAX; i++) {
		handles[i] = pcap_open_live("lo", SNAPLEN, 0, 1, reason);
		if (!handles[i]) {
			fprintf(stderr, "pcap: %s\n", reason);
			return 1;
		}
	}
	for (int i = 0; i < count && i < COUNT_MAX; i++)
		pcap_close(handles[i]);
	return 0;
}
