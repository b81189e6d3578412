// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * docker.c - which process a container of a Docker daemon is
 *
 * The daemon is asked over its own socket, as its command line client would:
 * one GET, in HTTP/1.0, whose answer ends with the connection and is never
 * sent in pieces.  Of the answer only State.Pid is of interest: the namespaces
 * of a container are those of its first process, whichever network it has.
 * (NetworkSettings.SandboxKey is a path in the daemon's own mount namespace,
 * and shared networks have none.)
 *
 * jansson is opened when first needed (dlopen), as few labs have containers of
 * Docker, and all would load it.  It is there wherever libnftables is.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>


#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "clock.h"
#include "json_library.h"
#include "lab/docker.h"
#include "lab/sandbox.h"

enum { ANSWER_MAX = 1 << 20 };

/* A daemon that is busy starting containers answers all the same */
static const uint64_t patience_ns = 10000000000;

/* The machine's /run is covered by ours, but was opened before */
static int socket_path(const struct sandbox *sandbox, const char *said,
		       bool outside, struct sockaddr_un *ret)
{
	static const char *const folders[] = { "/run/", "/var/run/" };
	int n = 0;

	ret->sun_family = AF_UNIX;
	for (size_t i = 0; outside && !n && i < 2; i++)
		if (!strncmp(said, folders[i], strlen(folders[i])))
			n = snprintf(ret->sun_path, sizeof(ret->sun_path),
				     "/proc/self/fd/%d/%s", sandbox->host_run,
				     said + strlen(folders[i]));
	if (!n)
		n = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s", said);
	return (size_t)n < sizeof(ret->sun_path) ? 0 : -ENAMETOOLONG;
}

/* Return: a socket, or -errno */
static int reach(const struct sandbox *sandbox, const char *said, bool outside)
{
	lc_auto(lc_close) int fd = -1;
	struct sockaddr_un address;
	int r = socket_path(sandbox, said, outside, &address);

	if (r)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (void *)&address, sizeof(address)))
		return -errno;
	return lc_steal_fd(&fd);
}

static int reach_any(const struct sandbox *sandbox, const char *said,
		     bool *ret_outside, struct lc_err *err)
{
	int fd = reach(sandbox, said, false), r = fd;

	*ret_outside = false;
	if (fd >= 0)
		return fd;
	if (sandbox->host_run >= 0) {
		*ret_outside = true;
		fd = reach(sandbox, said, true);
		if (fd >= 0)
			return fd;
	}
	if (r == -ENOENT && !sandbox->privileged)
		return lc_err_set(err, -EPERM,
				  "no Docker daemon listens at %s in the lab; "
				  "one outside of it needs --privileged", said);
	return lc_err_set(err, -ENOENT,
			  "no Docker daemon listens at %s: %s", said,
			  strerror(-r));
}

static int ask(int fd, const char *name, struct lc_err *err)
{
	char request[512];
	int n = snprintf(request, sizeof(request),
			 "GET /containers/%s/json HTTP/1.0\r\n"
			 "Host: docker\r\n\r\n", name);

	if ((size_t)n >= sizeof(request))
		return lc_err_set(err, -EINVAL, "the name is too long");
	if (send(fd, request, (size_t)n, MSG_NOSIGNAL) != n)
		return lc_err_set(err, -EIO, "ask the Docker daemon: %s",
				  strerror(errno));
	return 0;
}

/* All of it, up to the end of the connection; '\0' behind it */
static int listen_to(int fd, char **ret_answer, struct lc_err *err)
{
	lc_auto(lc_free) char *answer = malloc(ANSWER_MAX + 1);
	uint64_t until_ns = clock_ns() + patience_ns;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t length = 0;
	ssize_t n = 1;

	if (!answer)
		return lc_err_set(err, -ENOMEM, "out of memory");
	while (n && length < ANSWER_MAX) {
		uint64_t now = clock_ns();

		if (now >= until_ns)
			return lc_err_set(err, -ETIME,
					  "the Docker daemon does not answer");
		poll(&p, 1, (int)((until_ns - now) / 1000000) + 1);
		n = recv(fd, answer + length, ANSWER_MAX - length,
			 MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return lc_err_set(err, -EIO,
					  "hear the Docker daemon: %s",
					  strerror(errno));
		if (n > 0)
			length += (size_t)n;
	}
	answer[length] = '\0';
	*ret_answer = lc_steal(answer);
	return 0;
}

/* "HTTP/1.0 200 OK", header lines, an empty one, and the body */
static int take_apart(char *answer, int *ret_status, const char **ret_body,
		      struct lc_err *err)
{
	char *end = strstr(answer, "\r\n\r\n");

	if (!end || sscanf(answer, "HTTP/%*d.%*d %d", ret_status) != 1)
		return lc_err_set(err, -EPROTO,
				  "what listens there is no Docker daemon");
	*ret_body = end + 4;
	return 0;
}

static int read_pid(const char *body, int status, pid_t *ret_pid,
		    struct lc_err *err)
{
	struct jansson json;
	const char *message;
	json_t *root;
	int r = jansson_open(&json, err);

	if (r)
		return r;
	root = json.load_text(body, 0, NULL);
	if (!root)
		return lc_err_set(err, -EPROTO,
				  "the Docker daemon's answer (status %d) is "
				  "no JSON", status);
	message = json.text(json.get(root, "message"));
	*ret_pid = (pid_t)json.number(json.get(json.get(root, "State"),
						"Pid"));
	if (status == 404)
		r = lc_err_set(err, -ENOENT, "%s",
			       message ? message : "No such container");
	else if (status != 200)
		r = lc_err_set(err, -EIO, "the Docker daemon says: %s",
			       message ? message : "nothing");
	else if (*ret_pid <= 0)
		r = lc_err_set(err, -ENOENT, "the container does not run");
	json.delete(root);
	return r;
}

int docker_find(const struct sandbox *sandbox, const char *container,
		pid_t *ret_pid, bool *ret_outside, struct lc_err *err)
{
	const char *at = strchr(container, '@');
	lc_auto(lc_free) char *name = strndup(
		container, at ? (size_t)(at - container) : strlen(container));
	lc_auto(lc_free) char *answer = NULL;
	lc_auto(lc_close) int fd = -1;
	const char *body = "";
	int status = 0, r;

	if (!name)
		return lc_err_set(err, -ENOMEM, "out of memory");
	fd = reach_any(sandbox, at ? at + 1 : "/run/docker.sock", ret_outside,
		       err);
	if (fd < 0)
		return lc_steal_fd(&fd);
	r = ask(fd, name, err);
	if (!r)
		r = listen_to(fd, &answer, err);
	if (!r)
		r = take_apart(answer, &status, &body, err);
	return r ?: read_pid(body, status, ret_pid, err);
}
