// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rtnl.c - one rtnetlink socket: batches of changes, and dumps
 *
 * Theory of operation
 *
 * The kernel handles every message of a batch before sendmsg(2) returns, in
 * order, and queues an answer for each that failed.  So there is nothing to
 * wait for: errors are read with MSG_DONTWAIT until there are none.  Which
 * message failed, and with it the words of the scenario, is told by the
 * sequence number.
 *
 * A batch is sent in parts: one part must fit into the send buffer, and the
 * answers to all of its messages into the receive buffer, which an ordinary
 * user can't enlarge.  A part behind one that failed is not sent.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "message.h"
#include "netlink_error.h"
#include "rtnl.h"

enum {
	PART_BYTES	= 32 << 10,
	PART_CHANGES	= 64,		/* every second may be a question */
	PART_QUESTIONS	= 24,		/* 24 answers of 5 KiB at most */
	RECEIVE_BYTES	= 32 << 10,
	DUMP_TRIES	= 50,
};

/* A message that waits in the batch */
struct pending {
	struct lc_at at;
	uint32_t offset;
	bool overflow;
	int forgiven;			/* an error that does not matter */
	char what[80];
};

struct rtnl {
	int fd;
	uint32_t seq;			/* of the last message */
	char *buffer;
	size_t length, size;
	struct pending *pending;
	size_t count, capacity;
};

int rtnl_open(struct rtnl **ret_rtnl, struct lc_err *err)
{
	struct rtnl *rtnl = calloc(1, sizeof(*rtnl));
	int on = 1;

	if (!rtnl)
		return lc_err_set(err, -ENOMEM, "out of memory");
	rtnl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (rtnl->fd < 0) {
		int code = -errno;

		free(rtnl);
		return lc_err_set(err, code, "rtnetlink socket: %s",
				  strerror(-code));
	}
	/* Each is a convenience of newer kernels: the answers are parsed with
	 * or without */
	setsockopt(rtnl->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(rtnl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(rtnl->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on,
		   sizeof(on));
	*ret_rtnl = rtnl;
	return 0;
}

struct rtnl *rtnl_adopt(int fd)
{
	struct rtnl *rtnl = calloc(1, sizeof(*rtnl));

	if (rtnl)
		rtnl->fd = fd;
	return rtnl;
}

int rtnl_fd(const struct rtnl *rtnl)
{
	return rtnl->fd;
}

void rtnl_free(struct rtnl *rtnl)
{
	if (!rtnl)
		return;
	lc_close(&rtnl->fd);
	free(rtnl->buffer);
	free(rtnl->pending);
	free(rtnl);
}

int rtnl_netns(const struct rtnl *rtnl)
{
	int fd = ioctl(rtnl->fd, SIOCGSKNS);

	return fd < 0 ? -errno : fd;
}

void rtnl_ifname(const struct rtnl *rtnl, uint32_t ifindex,
		 char name[IFNAMSIZ])
{
	struct ifreq request = { .ifr_ifindex = ifindex };

	if (ioctl(rtnl->fd, SIOCGIFNAME, &request))
		request.ifr_name[0] = '\0';
	memcpy(name, request.ifr_name, IFNAMSIZ);
}

static void batch_clear(struct rtnl *rtnl)
{
	free(rtnl->buffer);
	free(rtnl->pending);
	rtnl->buffer = NULL;
	rtnl->pending = NULL;
	rtnl->length = rtnl->size = rtnl->count = rtnl->capacity = 0;
}

static void *grow(void *array, size_t *capacity, size_t needed, size_t size)
{
	size_t more = *capacity ? *capacity : 8 * 1024 / size + 1;

	if (needed <= *capacity)
		return array;
	while (more < needed)
		more *= 2;
	array = realloc(array, more * size);
	if (!array)
		abort();
	*capacity = more;
	return array;
}

void rtnl_add(struct rtnl *rtnl, const struct rtnl_msg *m, struct lc_at at,
	      const char *what, ...)
{
	size_t length = m->overflow ? 0 : MNL_ALIGN(m->header.nlmsg_len);
	struct pending *p;
	va_list args;

	rtnl->pending = grow(rtnl->pending, &rtnl->capacity, rtnl->count + 1,
			     sizeof(*rtnl->pending));
	rtnl->buffer = grow(rtnl->buffer, &rtnl->size, rtnl->length + length,
			    1);
	p = &rtnl->pending[rtnl->count++];
	p->at = at;
	p->offset = rtnl->length;
	p->overflow = m->overflow;
	p->forgiven = 0;
	va_start(args, what);
	vsnprintf(p->what, sizeof(p->what), what, args);
	va_end(args);
	if (!length)
		return;
	memcpy(rtnl->buffer + rtnl->length, m->bytes, length);
	rtnl->length += length;
}

void rtnl_forgive(struct rtnl *rtnl, int code)
{
	rtnl->pending[rtnl->count - 1].forgiven = code;
}

static int send_bytes(struct rtnl *rtnl, void *bytes, size_t length,
		      struct lc_err *err)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (sendto(rtnl->fd, bytes, length, 0, (struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		return lc_err_set(err, -errno, "rtnetlink: %s",
				  strerror(errno));
	return 0;
}

/* What goes through all that receive_all() does */
struct receiver {
	uint32_t first, last;		/* sequence numbers that are meant */
	const struct pending *pending;	/* from @first on; NULL: no batch */
	int (*each)(const struct nlmsghdr *answer, void *arg);
	void *arg;
	uint32_t failed;		/* which one, if @error */
	int error;
	bool done, interrupted;
};

/* The first error is the one that counts */
static void note_error(struct receiver *to, const struct nlmsghdr *answer,
		       struct lc_err *err)
{
	struct lc_err why;
	int code = netlink_error(answer, &why);

	if (!code || to->error)
		return;
	if (to->pending &&
	    to->pending[answer->nlmsg_seq - to->first].forgiven == code)
		return;
	to->error = lc_err_set(err, code, "%s", why.text);
	to->failed = answer->nlmsg_seq;
}

static int receive_one(struct receiver *to, const struct nlmsghdr *answer,
		       struct lc_err *err)
{
	/* An answer to what was asked before and given up */
	if (answer->nlmsg_seq - to->first > to->last - to->first)
		return 0;
	if (answer->nlmsg_flags & NLM_F_DUMP_INTR)
		to->interrupted = true;

	switch (answer->nlmsg_type) {
	case NLMSG_NOOP:
		return 0;
	case NLMSG_ERROR:
		to->done = true;
		note_error(to, answer, err);
		return 0;
	case NLMSG_DONE:
		to->done = true;
		if (mnl_nlmsg_get_payload_len(answer) >= sizeof(int)) {
			int code = *(int *)mnl_nlmsg_get_payload(answer);

			if (code < 0)
				to->error = lc_err_set(err, code, "%s",
						       strerror(-code));
		}
		return 0;
	default:
		return to->each ? to->each(answer, to->arg) : 0;
	}
}

/* Read all that the kernel has queued; what @each returns ends it */
static int receive_all(struct rtnl *rtnl, struct receiver *to,
		       struct lc_err *err)
{
	char bytes[RECEIVE_BYTES] __attribute__((aligned(8)));
	int r = 0;

	for (;;) {
		ssize_t n = recv(rtnl->fd, bytes, sizeof(bytes),
				 MSG_DONTWAIT | MSG_TRUNC);
		const struct nlmsghdr *answer = (void *)bytes;
		int left = n;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return r;
		if (n < 0)
			return lc_err_set(err, -errno, "rtnetlink: %s",
					  strerror(errno));
		if ((size_t)n > sizeof(bytes))
			return lc_err_set(err, -EMSGSIZE,
					  "rtnetlink: answer of %zd bytes", n);
		for (; mnl_nlmsg_ok(answer, left);
		     answer = mnl_nlmsg_next(answer, &left)) {
			int code = receive_one(to, answer, r ? NULL : err);

			if (!r)
				r = code;
		}
	}
}

/* One part of the batch: messages from @first on, @count of them */
static int send_part(struct rtnl *rtnl, size_t first, size_t count,
		     struct receiver *to, struct lc_at *ret_at,
		     struct lc_err *err)
{
	size_t from = rtnl->pending[first].offset;
	size_t end = first + count < rtnl->count ?
			     rtnl->pending[first + count].offset :
			     rtnl->length;
	const struct pending *p = &rtnl->pending[first];
	int r;

	to->first = rtnl->seq + 1;
	to->pending = p;
	for (size_t i = 0; i < count; i++) {
		struct nlmsghdr *m = (void *)(rtnl->buffer + p[i].offset);

		m->nlmsg_seq = ++rtnl->seq;
	}
	to->last = rtnl->seq;

	r = send_bytes(rtnl, rtnl->buffer + from, end - from, err);
	if (!r)
		r = receive_all(rtnl, to, err);
	if (r || !to->error)
		return r;
	p += to->failed - to->first;
	if (ret_at)
		*ret_at = p->at;
	return lc_err_prefix(err, to->error, "%s", p->what);
}

/* How many messages from @first on go in one part */
static size_t part_count(const struct rtnl *rtnl, size_t first, size_t most)
{
	const struct pending *p = &rtnl->pending[first];
	size_t count = 1;

	while (first + count < rtnl->count && count < most &&
	       p[count].offset - p->offset < PART_BYTES)
		count++;
	return count;
}

static int batch_send(struct rtnl *rtnl, size_t most, struct receiver *to,
		      struct lc_at *ret_at, struct lc_err *err)
{
	int r = 0;

	for (size_t i = 0; i < rtnl->count && !r; i++) {
		const struct pending *p = &rtnl->pending[i];

		if (!p->overflow)
			continue;
		if (ret_at)
			*ret_at = p->at;
		r = lc_err_set(err, -EMSGSIZE, "%s: too much for one request",
			       p->what);
	}
	for (size_t i = 0, n; i < rtnl->count && !r; i += n) {
		n = part_count(rtnl, i, most);
		r = send_part(rtnl, i, n, to, ret_at, err);
	}
	batch_clear(rtnl);
	return r;
}

int rtnl_commit(struct rtnl *rtnl, struct lc_at *ret_at, struct lc_err *err)
{
	struct receiver to = { 0 };

	return batch_send(rtnl, PART_CHANGES, &to, ret_at, err);
}

int rtnl_ask(struct rtnl *rtnl,
	     int (*each)(const struct nlmsghdr *answer, void *arg), void *arg,
	     struct lc_err *err)
{
	struct receiver to = { .each = each, .arg = arg };

	return batch_send(rtnl, PART_QUESTIONS, &to, NULL, err);
}

int rtnl_request(struct rtnl *rtnl, const struct rtnl_msg *m,
		 int (*each)(const struct nlmsghdr *answer, void *arg),
		 void (*reset)(void *arg), void *arg, struct lc_err *err)
{
	bool dump = (m->header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	if (m->overflow)
		return lc_err_set(err, -EMSGSIZE, "too much for one request");
	for (int i = 0; i < DUMP_TRIES; i++) {
		struct receiver to = { .each = each, .arg = arg };
		struct rtnl_msg question = *m;
		int r;

		if (i && reset)
			reset(arg);
		question.header.nlmsg_seq = to.first = to.last = ++rtnl->seq;
		r = send_bytes(rtnl, question.bytes, question.header.nlmsg_len,
			       err);
		if (!r)
			r = receive_all(rtnl, &to, err);
		if (r || to.error)
			return r ? r : to.error;
		if (dump && !to.done)
			return lc_err_set(err, -EIO,
					  "rtnetlink: the answer has no end");
		if (!to.interrupted)
			return 0;
	}
	return lc_err_set(err, -EAGAIN,
			  "the kernel's tables change while they are read");
}
