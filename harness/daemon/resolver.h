/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolver.h - the embedded name server of containers, inside of it
 *
 * resolver.c opens one in each container and closes it; resolver_serve.c hears
 * questions and answers them; resolver_forward.c passes on what is for others
 * to know.
 */
#ifndef DAEMON_RESOLVER_H
#define DAEMON_RESOLVER_H

#include <netinet/in.h>
#include <sys/types.h>

#include "daemon/message.h"
#include "daemon/part.h"
#include "lab/lab.h"

enum resolver_watch {
	RESOLVER_UDP, RESOLVER_LISTEN,	/* in a struct name_server */
	RESOLVER_CLIENT,		/* struct name_client */
	RESOLVER_QUESTION,		/* struct question */
};

/** struct name_server - That of one container */
struct name_server {
	struct resolver *resolver;
	uint32_t node;
	ino_t netns;			/* where its sockets are */
	struct daemon_watch udp, listener;
	struct name_server *next;
};

/**
 * struct name_client - A TCP connection to one
 * @bytes:	What has come of its next message: two bytes of length first
 * @asks:	It waits for an answer, and is not read meanwhile
 */
struct name_client {
	struct daemon_watch watch;
	struct name_server *server;
	uint8_t *bytes;
	size_t length;
	bool asks;
	struct name_client *next;
};

/**
 * struct question - One that was passed on
 * @client:	By TCP: who asked; else @from
 * @query:	As it came
 * @upstream:	Which of the name servers is being asked
 * @answer:	What the last one said, unless that is the last word
 * @bytes:	By TCP: what has come of the answer
 * @written:	By TCP: how much of the query has gone out
 */
struct question {
	struct daemon_watch watch;
	struct name_server *server;
	struct name_client *client;
	struct sockaddr_in from;
	uint8_t *query;
	size_t query_length;
	size_t upstream;
	uint8_t *answer;
	size_t answer_length;
	uint8_t *bytes;
	size_t length, written;
	uint64_t asked_ns, until_ns;
	struct question *next;
};

/** struct resolver - All of them */
struct resolver {
	struct daemon_loop *loop;
	struct name_server *servers;
	struct name_client *clients;
	struct question *questions;
	unsigned int turn;
};

extern const struct daemon_part resolver_part;

/* resolver_serve.c */
void server_hear(struct name_server *server);
void server_accept(struct name_server *server);
void client_ready(struct name_client *client);
/* Send a message to who asked; @client NULL: by UDP */
void server_send(struct name_server *server, struct name_client *client,
		 const struct sockaddr_in *to, const uint8_t *bytes,
		 size_t length);
void client_free(struct name_client *client);

/* resolver_forward.c */
void question_forward(struct name_server *server, struct name_client *client,
		      const struct sockaddr_in *from, const uint8_t *query,
		      size_t length);
void question_ready(struct question *question, uint32_t events);
/* Its time is up: ask the next one, or nobody */
void question_expire(struct question *question);
void question_free(struct question *question);

#endif
