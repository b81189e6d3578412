// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * floor.c - the jobs of the benchmark by system calls alone: the floor
 *
 *	floor nothing                       start and end
 *	floor star BRIDGES NODES [PINGS]    nodes on bridges; pings: none, both, all,
 *	                                    or asked: all, and neighbours by ARP
 *	floor tree LEVELS                   a binary tree of routers, two pings
 *	floor repeat COUNT ABREAST COMMAND...
 *	                                    a command, COUNT times, ABREAST at a time
 *
 * Nothing is read, planned, checked or told, nobody is kept from anything but
 * by one network namespace, and what fails ends it.  So it is the time that the
 * kernel takes for the job, and what a tool needs more is the tool's own.
 *
 * A ping that is not answered is told as a line `not ok`.
 */
#include <poll.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "kernel.h"

enum { LOOPBACK = 1, FIRST = 2, SECOND = 3, THIRD = 4, FIRST_PORT = 10 };

extern char **environ;

struct node {
	struct requests requests;
	int netns;
	int echo;
	uint32_t ip;
	uint8_t mac[6];
};

struct lab {
	struct requests host;
	struct node *nodes;
	size_t count;
};

static void lab_begin(struct lab *lab, size_t count, int echo)
{
	struct rlimit files = { 16 + 4 * count, 16 + 4 * count };

	/* As many as there may be, where we may not have as many as we like */
	if (setrlimit(RLIMIT_NOFILE, &files)) {
		getrlimit(RLIMIT_NOFILE, &files);
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	netns_new();
	lab->host.socket = rtnetlink_open();
	lab->count = count;
	lab->nodes = calloc(count, sizeof(*lab->nodes));
	if (!lab->nodes)
		die("nodes");
	for (size_t i = 0; i < count; i++) {
		struct node *n = &lab->nodes[i];

		n->netns = netns_new();
		n->requests.socket = rtnetlink_open();
		n->echo = echo ? echo_open() : -1;
		n->ip = IP4(10, 1, 0, 1) + (uint32_t)i;
		memcpy(n->mac, (uint8_t[]){ 2, 0, 0, 0, (uint8_t)(i >> 8),
					    (uint8_t)i }, sizeof(n->mac));
	}
}

/* Last, and all together, so that the kernel's link watch has little to do; it
 * has looked at the other ends while they were down (build_nodes.c) */
static void ports_up(struct lab *lab, size_t ports)
{
	for (size_t i = 0; i < ports; i++) {
		add_up(&lab->host, FIRST_PORT + (uint32_t)i);
		if (i % 64 == 63)
			send_requests(&lab->host);
	}
	send_requests(&lab->host);
}

static void wait_for_bridges(struct lab *lab, size_t ports)
{
	uint32_t *ifindexes = calloc(ports, sizeof(*ifindexes));

	if (!ifindexes)
		die("ports");
	for (size_t i = 0; i < ports; i++)
		ifindexes[i] = FIRST_PORT + (uint32_t)i;
	wait_until_up(&lab->host, ifindexes, ports);
	free(ifindexes);
}

static void wait_for_nodes(struct lab *lab)
{
	for (size_t i = 0; i < lab->count; i++)
		wait_until_up(&lab->nodes[i].requests,
			      (const uint32_t[]){ FIRST }, 1);
}

static void build_star(struct lab *lab, size_t bridges)
{
	char name[32];

	for (size_t i = 0; i < bridges; i++) {
		snprintf(name, sizeof(name), "br%zu", i);
		add_bridge(&lab->host, name, FIRST + (uint32_t)i);
		add_quiet(&lab->host, FIRST + (uint32_t)i);
	}
	for (size_t i = 0; i < lab->count; i++) {
		struct node *n = &lab->nodes[i];
		struct end port = { name, FIRST_PORT + (uint32_t)i, -1, { 0 } };
		struct end own = { "eth0", FIRST, n->netns, { 0 } };

		memcpy(own.mac, n->mac, sizeof(own.mac));
		snprintf(name, sizeof(name), "v%zu", i);
		add_cable(&lab->host, &port, FIRST + (uint32_t)(i % bridges),
			  &own);
		if (i % 64 == 63)
			send_requests(&lab->host);
	}
	send_requests(&lab->host);
	for (size_t i = 0; i < lab->count; i++) {
		struct requests *r = &lab->nodes[i].requests;

		add_up(r, LOOPBACK);
		add_quiet(r, FIRST);
		add_look(r, FIRST);
		add_up(r, FIRST);
		add_address(r, FIRST, lab->nodes[i].ip, 16);
		send_requests(r);
	}
	ports_up(lab, lab->count);
	wait_for_bridges(lab, lab->count);
	wait_for_nodes(lab);
}

/* The kernel's table of neighbours is one for the machine and has 1024 entries;
 * permanent ones are not counted */
static void introduce(struct lab *lab)
{
	for (size_t i = 0; i < lab->count; i++) {
		struct requests *r = &lab->nodes[i].requests;

		for (size_t k = 0; k < lab->count; k++)
			if (i != k)
				add_neighbour(r, FIRST, lab->nodes[k].ip,
					      lab->nodes[k].mac);
		send_requests(r);
	}
}

/* Or those whom a node has just met are vouched for, on both sides */
static void vouch(struct lab *lab, size_t node)
{
	struct requests *r = &lab->nodes[node].requests;

	for (size_t i = node + 1; i < lab->count; i++) {
		struct requests *other = &lab->nodes[i].requests;

		add_vouch(r, FIRST, lab->nodes[i].ip);
		add_vouch(other, FIRST, lab->nodes[node].ip);
		send_requests(other);
	}
	send_requests(r);
}

/* Return: how many were not answered */
static size_t ping(struct lab *lab, size_t from, size_t first, size_t count)
{
	enum { PATIENCE_MS = 1000 };
	int socket = lab->nodes[from].echo;
	uint16_t id = (uint16_t)from;
	size_t sent = 0, heard = 0;

	for (size_t i = first; i < first + count; i++) {
		if (i == from)
			continue;
		echo_send(socket, lab->nodes[i].ip, id, (uint16_t)i);
		heard += echo_answers(socket, id);
		sent++;
	}
	for (int i = 0; i < PATIENCE_MS && heard < sent; i++) {
		poll(NULL, 0, 1);
		heard += echo_answers(socket, id);
	}
	return sent - heard;
}

static size_t star(size_t bridges, size_t nodes, const char *pings)
{
	struct lab lab = { 0 };
	size_t lost = 0;

	lab_begin(&lab, nodes, *pings != 'n');
	build_star(&lab, bridges);
	if (!strcmp(pings, "all") || !strcmp(pings, "asked")) {
		if (pings[1] == 'l')
			introduce(&lab);
		for (size_t i = 0; i < nodes; i++) {
			lost += ping(&lab, i, 0, nodes);
			if (pings[1] == 's')
				vouch(&lab, i);
		}
	} else if (*pings == 'b') {
		lost = ping(&lab, 0, 1, 1) + ping(&lab, 1, 0, 1);
	}
	return lost;
}

/*
 * The routers of a binary tree are numbered from left to right, from 1.  The
 * number's lowest set bit tells how high one stands: its children, of half that
 * bit, are that far to both sides, and all below are numbers of one prefix.
 * Each number is a subnet of four addresses: the cable to the parent.
 */
static uint32_t tree_subnet(uint32_t number)
{
	return IP4(10, 0, 0, 0) + 4 * number;
}

static uint32_t tree_height(uint32_t number)
{
	return (uint32_t)__builtin_ctz(number);
}

static void hang_below(struct lab *lab, uint32_t parent, uint32_t child,
		       uint32_t ifindex)
{
	struct node *above = &lab->nodes[parent - 1];
	struct node *below = &lab->nodes[child - 1];
	struct requests *r = &above->requests;
	uint32_t subnet = tree_subnet(child);
	uint32_t half = 1u << tree_height(child);
	struct end a = { ifindex == FIRST ? "left" : "right", ifindex, -1,
			 { 0 } };
	struct end b = { "up", THIRD, below->netns, { 0 } };

	add_cable(r, &a, 0, &b);
	add_quiet(r, ifindex);
	add_up(r, ifindex);
	add_address(r, ifindex, subnet + 1, 30);
	send_requests(r);

	r = &below->requests;
	add_quiet(r, THIRD);
	add_up(r, THIRD);
	add_address(r, THIRD, subnet + 2, 30);
	add_route(r, 0, 0, subnet + 1);
	send_requests(r);

	if (half == 1)
		return;
	add_route(&above->requests, tree_subnet(child - half),
		  (uint8_t)(30 - tree_height(child) - 1), subnet + 2);
	send_requests(&above->requests);
}

static void forward(const struct node *node)
{
	FILE *file;

	if (setns(node->netns, CLONE_NEWNET))
		die("setns");
	file = fopen("/proc/sys/net/ipv4/ip_forward", "we");
	if (!file || fputs("1", file) < 0 || fclose(file))
		die("ip_forward");
}

static size_t tree(uint32_t levels)
{
	uint32_t count = (1u << levels) - 1;
	struct lab lab = { 0 };

	lab_begin(&lab, count, 1);
	for (uint32_t i = 1; i <= count; i++) {
		struct requests *r = &lab.nodes[i - 1].requests;

		lab.nodes[i - 1].ip = tree_subnet(i) + 2;
		forward(&lab.nodes[i - 1]);
		add_up(r, LOOPBACK);
		send_requests(r);
	}
	for (uint32_t i = 1; i <= count; i++) {
		uint32_t half = (1u << tree_height(i)) / 2;

		if (!half)
			continue;
		hang_below(&lab, i, i - half, FIRST);
		hang_below(&lab, i, i + half, SECOND);
	}
	for (uint32_t i = 1; i <= count; i++) {
		static const uint32_t up[] = { THIRD, FIRST, SECOND };
		size_t root = i == 1u << (levels - 1);
		size_t leaf = i % 2;

		wait_until_up(&lab.nodes[i - 1].requests, up + root,
			      (leaf ? 1 : 3) - root);
	}
	return ping(&lab, 0, count - 1, 1) + ping(&lab, count - 1, 0, 1);
}

static size_t repeat(size_t times, size_t abreast, char **argv)
{
	size_t started = 0, ended = 0, failed = 0;
	int status;
	pid_t pid;

	while (ended < times) {
		if (started < times && started - ended < abreast) {
			if (posix_spawnp(&pid, *argv, NULL, NULL, argv, environ))
				die(*argv);
			started++;
			continue;
		}
		if (waitpid(-1, &status, 0) < 0)
			die(*argv);
		ended++;
		failed += status != 0;
	}
	return failed;
}

static size_t number(const char *text, size_t most)
{
	size_t value = strtoul(text, NULL, 10);

	if (!value || value > most) {
		fprintf(stderr, "floor: %s: not from 1 to %zu\n", text, most);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	size_t lost = 0;

	if (argc == 2 && !strcmp(argv[1], "nothing")) {
		lost = 0;
	} else if (argc > 3 && !strcmp(argv[1], "star")) {
		lost = star(number(argv[2], 8), number(argv[3], 8000),
			    argc > 4 ? argv[4] : "none");
	} else if (argc == 3 && !strcmp(argv[1], "tree")) {
		lost = tree((uint32_t)number(argv[2], 12));
	} else if (argc > 4 && !strcmp(argv[1], "repeat")) {
		lost = repeat(number(argv[2], 10000), number(argv[3], 64),
			      argv + 4);
	} else {
		fprintf(stderr, "usage: floor nothing | star | tree | repeat\n");
		return 2;
	}
	for (size_t i = 0; i < lost; i++)
		puts("not ok");
	return lost != 0;
}
