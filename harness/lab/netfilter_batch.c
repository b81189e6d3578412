// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netfilter_batch.c - a transaction of nf_tables in a node
 *
 * Theory of operation
 *
 * As with rtnetlink, all is done inside sendmsg(2): when it returns, there is
 * an answer for each request that was refused, or, if none was, the new rules
 * with their handles.  Refused or not, the kernel tries every request of a
 * transaction before it gives the whole up, so one answer brings all that is
 * wrong with it.
 *
 * A transaction is one message to a socket and must fit into its send buffer,
 * and what comes back, rules or refusals, into its receive buffer, which an
 * ordinary user can't make larger than the machine's limit.  Longer batches are
 * cut.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab.h"
#include "message.h"
#include "netfilter_batch.h"
#include "netfilter_message.h"
#include "netfilter_refusal.h"
#include "netlink_error.h"
#include "scenario/rule_text.h"

enum {
	TRANSACTION_BYTES = 64 << 10,
	TRANSACTION_REQUESTS = 128,	/* all of which may be refused */
	SOCKET_BYTES	= 4 << 20,	/* or what the machine allows */
	RECEIVE_BYTES	= 32 << 10,
	TEXT_SIZE	= 512,
};

/* A request that waits in the batch */
struct request {
	struct netfilter_subject subject;
	size_t offset;
	bool overflow;
};

struct netfilter_batch {
	const char *where;		/* "": nobody's name */
	int fd;
	uint32_t seq;			/* of the last message */
	char *bytes;
	size_t length, size;
	struct request *requests;
	size_t count, capacity;
};

static int socket_open(struct lc_node *node, struct lc_err *err)
{
	int fd;

	if (node)
		return node_socket(node, AF_NETLINK, SOCK_RAW,
				   NETLINK_NETFILTER, err);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	return fd < 0 ? lc_err_set(err, -errno, "netfilter: %s",
				   strerror(errno)) : fd;
}

int netfilter_batch_open(struct lc_node *node,
			 struct netfilter_batch **ret_batch,
			 struct lc_err *err)
{
	const int size = SOCKET_BYTES, on = 1;
	struct netfilter_batch *batch;
	int fd = socket_open(node, err);

	if (fd == -EPROTONOSUPPORT)
		return lc_err_set(err, -EOPNOTSUPP,
				  "this kernel has no netfilter");
	if (fd < 0)
		return fd;
	batch = calloc(1, sizeof(*batch));
	if (!batch) {
		close(fd);
		return lc_err_set(err, -ENOMEM, "out of memory");
	}
	batch->where = node ? node->plan->name : "";
	batch->fd = fd;
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	*ret_batch = batch;
	return 0;
}

void netfilter_batch_free(struct netfilter_batch *batch)
{
	if (!batch)
		return;
	lc_close(&batch->fd);
	free(batch->bytes);
	free(batch->requests);
	free(batch);
}

static void *grow(void *array, size_t *capacity, size_t needed, size_t size)
{
	size_t more = *capacity ? *capacity : 4096 / size;

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

void netfilter_batch_add(struct netfilter_batch *batch,
			 const struct rtnl_msg *m,
			 const struct netfilter_subject *subject)
{
	size_t length = m->overflow ? 0 : MNL_ALIGN(m->header.nlmsg_len);

	batch->requests = grow(batch->requests, &batch->capacity,
			       batch->count + 1, sizeof(*batch->requests));
	batch->bytes = grow(batch->bytes, &batch->size,
			    batch->length + length, 1);
	batch->requests[batch->count++] = (struct request){
		.subject = *subject,
		.offset = batch->length,
		.overflow = m->overflow,
	};
	memcpy(batch->bytes + batch->length, m->bytes, length);
	batch->length += length;
}

/* "iptables -t nat -A POSTROUTING ... -j MASQUERADE on host: " */
static int refused(const struct netfilter_batch *batch,
		   const struct netfilter_subject *subject, int code,
		   struct lc_at *ret_at, struct lc_err *err)
{
	char text[TEXT_SIZE];

	if (subject->rule && ret_at)
		*ret_at = subject->rule->at;
	if (subject->rule)
		rule_text(subject->rule, text, sizeof(text));
	else
		chain_text(subject->chain, text, sizeof(text));
	return lc_err_prefix(err, code, "%s%s%s", text,
			     *batch->where ? " on " : "", batch->where);
}

/* One transaction: requests from @first on, @count of them, and what came
 * back */
struct transaction {
	struct netfilter_batch *batch;
	size_t first, count;
	uint32_t seq;			/* of the request at @first */
	bool stale;			/* see netfilter_batch_commit() */
	int error;
	const struct request *failed;	/* NULL: the transaction itself */
};

static struct request *request_of(const struct transaction *t,
				  const struct nlmsghdr *answer)
{
	size_t i = answer->nlmsg_seq - t->seq;

	return i < t->count ? &t->batch->requests[t->first + i] : NULL;
}

static const struct nlmsghdr *message_of(const struct transaction *t,
					 const struct request *request)
{
	return (const void *)(t->batch->bytes + request->offset);
}

/* Whether somebody else has deleted what a request depends on */
static bool note_gone(const struct request *request, int code)
{
	const struct netfilter_subject *subject = &request->subject;

	if (code != -ENOENT)
		return false;
	if (subject->handle && *subject->handle)
		*subject->handle = 0;
	else if (subject->before && *subject->before)
		*subject->before = 0;
	else
		return false;
	return true;
}

/* The first error is the one that counts */
static void note_error(struct transaction *t, const struct nlmsghdr *answer,
		       struct lc_err *err)
{
	const struct request *request = request_of(t, answer);
	struct lc_err why;
	int code = netlink_error(answer, &why);

	if (!code)
		return;
	if (request && note_gone(request, code)) {
		t->stale = true;
		return;
	}
	if (t->error)
		return;
	if (request)
		code = netfilter_refusal(message_of(t, request),
					 netlink_error_offset(answer), code,
					 &why);
	t->error = lc_err_set(err, code, "%s", why.text);
	t->failed = request;
}

static void note_rule(struct transaction *t, const struct nlmsghdr *answer)
{
	const struct request *request = request_of(t, answer);
	const struct nlattr *attr;
	uint64_t handle;

	if (!request || !request->subject.handle)
		return;
	mnl_attr_for_each(attr, answer, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attr) != NFTA_RULE_HANDLE ||
		    mnl_attr_get_payload_len(attr) != sizeof(handle))
			continue;
		memcpy(&handle, mnl_attr_get_payload(attr), sizeof(handle));
		*request->subject.handle = be64toh(handle);
	}
}

static void read_answer(struct transaction *t, const struct nlmsghdr *answer,
			struct lc_err *err)
{
	if (answer->nlmsg_type == NLMSG_ERROR)
		note_error(t, answer, err);
	else if (answer->nlmsg_type ==
		 (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE))
		note_rule(t, answer);
}

static int receive_all(struct transaction *t, struct lc_err *err)
{
	char bytes[RECEIVE_BYTES] __attribute__((aligned(8)));

	for (;;) {
		ssize_t n = recv(t->batch->fd, bytes, sizeof(bytes),
				 MSG_DONTWAIT | MSG_TRUNC);
		const struct nlmsghdr *answer = (void *)bytes;
		int left = n;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n < 0)
			return lc_err_set(err, -errno, "netfilter: %s",
					  strerror(errno));
		if ((size_t)n > sizeof(bytes))
			return lc_err_set(err, -EMSGSIZE,
					  "netfilter: answer of %zd bytes", n);
		for (; mnl_nlmsg_ok(answer, left);
		     answer = mnl_nlmsg_next(answer, &left))
			read_answer(t, answer, err);
	}
}

static size_t request_end(const struct netfilter_batch *batch, size_t i)
{
	return i + 1 < batch->count ? batch->requests[i + 1].offset :
				      batch->length;
}

static int transaction_send(struct transaction *t, struct lc_err *err)
{
	struct netfilter_batch *batch = t->batch;
	size_t from = batch->requests[t->first].offset;
	size_t end = request_end(batch, t->first + t->count - 1);
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct rtnl_msg begin, finish;
	struct iovec parts[] = {
		{ begin.bytes, 0 },
		{ batch->bytes + from, end - from },
		{ finish.bytes, 0 },
	};
	const struct msghdr message = {
		.msg_name = &kernel, .msg_namelen = sizeof(kernel),
		.msg_iov = parts, .msg_iovlen = 3,
	};

	netfilter_build_begin(&begin);
	begin.header.nlmsg_seq = ++batch->seq;
	t->seq = batch->seq + 1;
	for (size_t i = 0; i < t->count; i++) {
		const struct request *r = &batch->requests[t->first + i];

		((struct nlmsghdr *)(batch->bytes + r->offset))->nlmsg_seq =
			++batch->seq;
	}
	netfilter_build_end(&finish);
	finish.header.nlmsg_seq = ++batch->seq;
	parts[0].iov_len = begin.header.nlmsg_len;
	parts[2].iov_len = finish.header.nlmsg_len;
	if (sendmsg(batch->fd, &message, 0) < 0)
		return lc_err_set(err, -errno, "netfilter%s%s: %s",
				  *batch->where ? " on " : "", batch->where,
				  strerror(errno));
	return 0;
}

/* What was deleted has no handle any more */
static void note_deleted(const struct transaction *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct request *r = &t->batch->requests[t->first + i];

		if (message_of(t, r)->nlmsg_type ==
		    (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_DELRULE))
			*r->subject.handle = 0;
	}
}

static int transaction_do(struct transaction *t, struct lc_at *ret_at,
			  struct lc_err *err)
{
	int r = transaction_send(t, err);

	if (!r)
		r = receive_all(t, err);
	if (r)
		return r;
	if (t->error && t->failed)
		return refused(t->batch, &t->failed->subject, t->error, ret_at,
			       err);
	if (t->error)
		return lc_err_prefix(err, t->error, "netfilter%s%s",
				     *t->batch->where ? " on " : "",
				     t->batch->where);
	if (t->stale)
		return -ESTALE;
	note_deleted(t);
	return 0;
}

static int check_overflow(const struct netfilter_batch *batch,
			  struct lc_at *ret_at, struct lc_err *err)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (!batch->requests[i].overflow)
			continue;
		lc_err_set(err, -EMSGSIZE, "too much for one request");
		return refused(batch, &batch->requests[i].subject, -EMSGSIZE,
			       ret_at, err);
	}
	return 0;
}

/* How many requests from @first on go in one transaction */
static size_t transaction_count(const struct netfilter_batch *batch,
				size_t first)
{
	size_t end = first + 1;

	while (end < batch->count && end - first < TRANSACTION_REQUESTS &&
	       request_end(batch, end) - batch->requests[first].offset <=
		       TRANSACTION_BYTES)
		end++;
	return end - first;
}

int netfilter_batch_commit(struct netfilter_batch *batch, struct lc_at *ret_at,
			   struct lc_err *err)
{
	int r = check_overflow(batch, ret_at, err);

	for (size_t i = 0, n; i < batch->count && !r; i += n) {
		struct transaction t = { .batch = batch, .first = i };

		t.count = n = transaction_count(batch, i);
		r = transaction_do(&t, ret_at, err);
	}
	batch->count = batch->length = 0;
	return r;
}
