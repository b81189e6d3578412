// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * resolver.c - the embedded name server of containers
 *
 * At 127.0.0.11 in each container that has one: sockets of the daemon's own
 * with ports of the kernel's choice, and rules in the container's nat table
 * that lead port 53 to them, so that the container itself may use that port.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "daemon/resolver.h"
#include "lab/netfilter.h"

static const struct lc_ip own_address = {
	.family = AF_INET, .bytes = { 127, 0, 0, 11 },
};

enum { BACKLOG = 128 };

static bool has_server(const struct plan *plan, size_t node)
{
	const struct plan_node *n = &plan->nodes[node];

	return n->kind == NODE_OWN && !n->absent && n->files &&
	       n->files->embedded;
}

static bool resolver_needed(const struct plan *plan)
{
	for (size_t i = 0; plan->names && i < plan->node_count; i++)
		if (has_server(plan, i))
			return true;
	return false;
}

static ino_t netns_of(const struct lc_node *node)
{
	struct stat s;

	return node->netns >= 0 && !fstat(node->netns, &s) ? s.st_ino : 0;
}

/* Return: the socket, and its port, or -errno */
static int bind_somewhere(struct lc_node *node, int type, uint16_t *ret_port,
			  struct lc_err *err)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
				  .sin_addr = own_address.v4 };
	socklen_t size = sizeof(sa);
	lc_auto(lc_close) int fd = node_socket(node, AF_INET, type, 0, err);

	if (fd < 0)
		return fd;
	if (bind(fd, (void *)&sa, sizeof(sa)) ||
	    getsockname(fd, (void *)&sa, &size) ||
	    (type == SOCK_STREAM && listen(fd, BACKLOG)))
		return lc_err_set(err, -errno, "name server of %s: %s",
				  lc_node_name(node), strerror(errno));
	*ret_port = ntohs(sa.sin_port);
	return lc_steal_fd(&fd);
}

/* To port 53 of 127.0.0.11 is to @port there, and back */
static void port_rules(struct plan_rule rules[2], uint8_t protocol,
		       uint16_t port)
{
	const struct rule_prefix own = { .ip = own_address, .length = 32 };

	rules[0] = (struct plan_rule){
		.table = RULE_NAT, .chain = "DOCKER_OUTPUT",
		.destination = own, .protocol = protocol,
		.first = DNS_PORT, .last = DNS_PORT,
		.verdict = RULE_DNAT, .to = own_address,
		.to_first = port, .to_last = port,
	};
	rules[1] = (struct plan_rule){
		.table = RULE_NAT, .chain = "DOCKER_POSTROUTING",
		.source = own, .protocol = protocol, .first_source = port,
		.verdict = RULE_SNAT,
		.to_first = DNS_PORT, .to_last = DNS_PORT,
	};
}

static int load_rules(struct lc_node *node, uint16_t udp, uint16_t tcp,
		      struct lc_err *err)
{
	static const struct plan_chain chains[] = {
		{ RULE_NAT, "OUTPUT", RULE_ACCEPT },
		{ RULE_NAT, "POSTROUTING", RULE_ACCEPT },
		{ RULE_NAT, "DOCKER_OUTPUT", -1 },
		{ RULE_NAT, "DOCKER_POSTROUTING", -1 },
	};
	struct plan_rule rules[6] = {
		{ .table = RULE_NAT, .chain = "OUTPUT",
		  .destination = { .ip = own_address, .length = 32 },
		  .verdict = RULE_JUMP, .jump = "DOCKER_OUTPUT" },
		{ .table = RULE_NAT, .chain = "POSTROUTING",
		  .destination = { .ip = own_address, .length = 32 },
		  .verdict = RULE_JUMP, .jump = "DOCKER_POSTROUTING" },
	};

	port_rules(&rules[2], IPPROTO_TCP, tcp);
	port_rules(&rules[4], IPPROTO_UDP, udp);
	return netfilter_add(node, chains, sizeof(chains) / sizeof(*chains),
			     rules, sizeof(rules) / sizeof(*rules), err);
}

static int server_open(struct name_server *s, struct lc_node *node,
		       struct lc_err *err)
{
	struct daemon_loop *loop = s->resolver->loop;
	uint16_t udp, tcp;
	int r;

	s->netns = netns_of(node);
	s->udp.fd = bind_somewhere(node, SOCK_DGRAM, &udp, err);
	if (s->udp.fd < 0)
		return s->udp.fd;
	s->listener.fd = bind_somewhere(node, SOCK_STREAM, &tcp, err);
	if (s->listener.fd < 0)
		return s->listener.fd;
	r = load_rules(node, udp, tcp, err);
	if (!r)
		r = daemon_watch(loop, &s->udp, EPOLLIN, err);
	if (!r)
		r = daemon_watch(loop, &s->listener, EPOLLIN, err);
	return r;
}

static int server_add(struct resolver *resolver, uint32_t node,
		      struct lc_err *err)
{
	struct lc_node *n = &resolver->loop->lab->nodes[node];
	struct name_server *s = calloc(1, sizeof(*s));

	if (!s)
		return lc_err_set(err, -ENOMEM, "out of memory");
	*s = (struct name_server){
		.resolver = resolver, .node = node,
		.udp = { &resolver_part, RESOLVER_UDP, -1 },
		.listener = { &resolver_part, RESOLVER_LISTEN, -1 },
		.next = resolver->servers,
	};
	resolver->servers = s;
	return server_open(s, n, err);
}

static void server_free(struct name_server *s)
{
	struct resolver *resolver = s->resolver;
	struct question *q, *next_question;
	struct name_client *c, *next_client;
	struct name_server **at = &resolver->servers;

	for (q = resolver->questions; q; q = next_question) {
		next_question = q->next;
		if (q->server == s)
			question_free(q);
	}
	for (c = resolver->clients; c; c = next_client) {
		next_client = c->next;
		if (c->server == s)
			client_free(c);
	}
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	daemon_unwatch(resolver->loop, &s->udp);
	daemon_unwatch(resolver->loop, &s->listener);
	free(s);
}

static struct name_server *server_find(const struct resolver *resolver,
				       uint32_t node)
{
	struct name_server *s = resolver->servers;

	while (s && s->node != node)
		s = s->next;
	return s;
}

/* What is there against what there should be */
static int servers_renew(struct resolver *resolver, struct lc_at *at,
			 struct lc_err *err)
{
	const struct lc_lab *lab = resolver->loop->lab;
	const struct plan *plan = lab->plan;
	int r = 0;

	for (uint32_t i = 0; i < plan->node_count && !r; i++) {
		struct name_server *s = server_find(resolver, i);
		bool wanted = plan->names && has_server(plan, i);

		if (s && (!wanted || s->netns != netns_of(&lab->nodes[i]))) {
			server_free(s);
			s = NULL;
		}
		if (s || !wanted)
			continue;
		r = server_add(resolver, i, err);
		if (r && at)
			*at = plan->nodes[i].at;
	}
	return r;
}

static int resolver_open(struct daemon_loop *loop, struct lc_at *at,
			 struct lc_err *err)
{
	int r = dns_open(err);

	if (r)
		return r;
	loop->resolver = calloc(1, sizeof(*loop->resolver));
	if (!loop->resolver)
		return lc_err_set(err, -ENOMEM, "out of memory");
	loop->resolver->loop = loop;
	return servers_renew(loop->resolver, at, err);
}

static int resolver_advance(struct daemon_loop *loop,
			    const struct plan *before, struct lc_err *err)
{
	(void)before;
	return servers_renew(loop->resolver, NULL, err);
}

#define HOLDER(watch, type, member)					\
	((type *)((char *)(watch) - offsetof(type, member)))

static void resolver_ready(struct daemon_loop *loop, struct daemon_watch *w,
			   uint32_t events)
{
	(void)loop;
	switch ((enum resolver_watch)w->kind) {
	case RESOLVER_UDP:
		server_hear(HOLDER(w, struct name_server, udp));
		return;
	case RESOLVER_LISTEN:
		server_accept(HOLDER(w, struct name_server, listener));
		return;
	case RESOLVER_CLIENT:
		client_ready(HOLDER(w, struct name_client, watch));
		return;
	case RESOLVER_QUESTION:
		question_ready(HOLDER(w, struct question, watch), events);
		return;
	}
}

static bool resolver_busy(const struct daemon_loop *loop, uint64_t since_ns)
{
	const struct question *q = loop->resolver ?
					   loop->resolver->questions :
					   NULL;

	for (; q; q = q->next)
		if (q->asked_ns >= since_ns)
			return true;
	return false;
}

static uint64_t resolver_wake_ns(const struct daemon_loop *loop)
{
	const struct question *q = loop->resolver ?
					   loop->resolver->questions :
					   NULL;
	uint64_t next = UINT64_MAX;

	for (; q; q = q->next)
		if (q->until_ns < next)
			next = q->until_ns;
	return next;
}

static void resolver_expire(struct daemon_loop *loop, uint64_t now_ns)
{
	struct question *q = loop->resolver ? loop->resolver->questions : NULL;
	struct question *next;

	for (; q; q = next) {
		next = q->next;
		if (q->until_ns <= now_ns)
			question_expire(q);
	}
}

static void resolver_close(struct daemon_loop *loop)
{
	while (loop->resolver && loop->resolver->servers)
		server_free(loop->resolver->servers);
	free(loop->resolver);
	loop->resolver = NULL;
}

const struct daemon_part resolver_part = {
	.needed		= resolver_needed,
	.open		= resolver_open,
	.advance	= resolver_advance,
	.ready		= resolver_ready,
	.busy		= resolver_busy,
	.wake_ns	= resolver_wake_ns,
	.expire		= resolver_expire,
	.close		= resolver_close,
};
