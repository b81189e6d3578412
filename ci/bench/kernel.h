/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel.h - networks by system calls alone, for the floor of the benchmark */
#ifndef BENCH_KERNEL_H
#define BENCH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#define IP4(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (c) << 8 | (d))

/**
 * struct requests - rtnetlink requests that go to one namespace together
 * @socket:	Lives in that namespace
 */
struct requests {
	int socket;
	uint32_t last;
	size_t length, size;
	char *bytes;
};

/** struct end - One end of a cable */
struct end {
	const char *name;
	uint32_t ifindex;
	int netns;		/* -1: where the request goes */
	uint8_t mac[6];		/* 0: the kernel chooses */
};

__attribute__((noreturn)) void die(const char *what);

int netns_new(void);
int rtnetlink_open(void);
int echo_open(void);

void add_bridge(struct requests *r, const char *name, uint32_t ifindex);
void add_cable(struct requests *r, const struct end *end, uint32_t master,
	       const struct end *peer);
void add_quiet(struct requests *r, uint32_t ifindex);
void add_up(struct requests *r, uint32_t ifindex);
void add_look(struct requests *r, uint32_t ifindex);
void add_address(struct requests *r, uint32_t ifindex, uint32_t ip,
		 uint8_t length);
void add_route(struct requests *r, uint32_t to, uint8_t length, uint32_t via);
void add_neighbour(struct requests *r, uint32_t ifindex, uint32_t ip,
		   const uint8_t mac[6]);
void add_vouch(struct requests *r, uint32_t ifindex, uint32_t ip);
void send_requests(struct requests *r);
void wait_until_up(struct requests *r, const uint32_t *ifindexes,
		   size_t count);

void echo_send(int socket, uint32_t to, uint16_t id, uint16_t sequence);
size_t echo_answers(int socket, uint16_t id);

#endif
