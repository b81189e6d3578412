// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * value_name.c - names, and what names name
 */
#include <errno.h>
#include <string.h>

#include <labcheck/err.h>

#include "scenario/arena.h"
#include "scenario/value.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

enum {
	NAME_MAX_LENGTH = 63,		/* a node's name is its host name */
	IFNAME_MAX_LENGTH = 15,
};

static int check_name(const char *text, size_t length, struct lc_err *err)
{
	if (!length)
		return lc_err_set(err, -EINVAL, "a name is missing");
	if (!memchr(LETTERS, *text, sizeof(LETTERS) - 1) ||
	    strspn(text, LETTERS DIGITS "_-") < length)
		return lc_err_set(err, -EINVAL,
				  "'%.*s' is not a name: a letter, then "
				  "letters, digits, '-' and '_'",
				  length > 60 ? 60 : (int)length, text);
	if (length > NAME_MAX_LENGTH)
		return lc_err_set(err, -EINVAL,
				  "'%.20s...' is longer than %d characters",
				  text, NAME_MAX_LENGTH);
	return 0;
}

int value_name(const char *text, struct lc_err *err)
{
	static const char *const reserved[] = {
		"name", "docker", "pid", "container", "none", "default", NULL,
	};

	for (size_t i = 0; reserved[i]; i++)
		if (!strcmp(text, reserved[i]))
			return lc_err_set(err, -EINVAL,
					  "'%s' has a meaning of its own in the "
					  "language and can not be a name",
					  text);
	return check_name(text, strlen(text), err);
}

/*
 * The kernel allows nearly everything in an interface's name.  `all` and
 * `default` it allows too, but their settings then are not to be found under
 * /proc/sys/net/ipv4/conf.
 */
int value_ifname(const char *text, struct lc_err *err)
{
	size_t length = strlen(text);

	if (length > IFNAME_MAX_LENGTH)
		return lc_err_set(err, -EINVAL,
				  "'%.60s' has %zu bytes; an interface's name "
				  "has at most %d", text, length,
				  IFNAME_MAX_LENGTH);
	if (!length || !strchr(LETTERS DIGITS "_", *text) ||
	    text[strspn(text, LETTERS DIGITS "_-.+@")])
		return lc_err_set(err, -EINVAL,
				  "'%s' is not an interface's name: letters, "
				  "digits, and - _ . + @", text);
	if (!strcmp(text, "all") || !strcmp(text, "default"))
		return lc_err_set(err, -EINVAL,
				  "'%s' can not be an interface's name: "
				  "net.ipv4.conf.%s is something else", text,
				  text);
	return 0;
}

int value_interface(const char *text, struct lc_value *value,
		    struct arena *arena, struct lc_err *err)
{
	const char *colon = strchr(text, ':');
	char *node;
	int r;

	if (!colon)
		return lc_err_set(err, -EINVAL,
				  "'%.60s' is not an interface: node:interface",
				  text);
	r = check_name(text, (size_t)(colon - text), err);
	if (r == 0)
		r = value_ifname(colon + 1, err);
	if (r < 0)
		return r;
	node = arena_strdup(arena, text);
	node[colon - text] = '\0';
	value->node = node;
	value->interface = node + (colon - text) + 1;
	return 0;
}

int value_pattern(const char *text, struct lc_err *err)
{
	if (!strpbrk(text, "*?["))
		return check_name(text, strlen(text), err);
	if (text[strspn(text, LETTERS DIGITS "_-*?[]!")] ||
	    strlen(text) > NAME_MAX_LENGTH)
		return lc_err_set(err, -EINVAL,
				  "'%.60s' is not a pattern of names: c*, "
				  "web-?, c[1-5]", text);
	return 0;
}

/* Only what belongs to a network namespace is a node's own */
int value_sysctl(const char *text, struct lc_err *err)
{
	const char *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : strlen(text);

	if (!equals || !equals[1] || strchr(equals, '\n'))
		return lc_err_set(err, -EINVAL,
				  "'%.60s' is not a setting: "
				  "net.ipv4.ip_forward=1", text);
	if (!length || strspn(text, LETTERS DIGITS "_-./@+") < length ||
	    memmem(text, length, "..", 2) || memmem(text, length, "//", 2) ||
	    memmem(text, length, "./", 2) || memmem(text, length, "/.", 2) ||
	    text[length - 1] == '.' || text[length - 1] == '/')
		return lc_err_set(err, -EINVAL,
				  "'%.*s' is not the name of a sysctl",
				  length > 60 ? 60 : (int)length, text);
	if (strncmp(text, "net.", 4) && strncmp(text, "net/", 4))
		return lc_err_set(err, -EINVAL,
				  "'%.60s': a node has settings of its own under "
				  "net. alone", text);
	return 0;
}

/* A container, and if there are several daemons the socket of its own */
static int value_container(const char *text, struct lc_err *err)
{
	size_t length = strspn(text, LETTERS DIGITS "_-.");

	if (length && (!text[length] ||
		       (text[length] == '@' && text[length + 1] == '/')))
		return 0;
	return lc_err_set(err, -EINVAL,
			  "'%.60s' is no container: docker:web, or "
			  "docker:web@/run/docker.sock", text);
}

int value_netns(const char *text, struct lc_value *value, struct arena *arena,
		struct lc_err *err)
{
	int r;

	if (!strncmp(text, "pid:", 4)) {
		r = value_number(text + 4, 1, INT32_MAX, &value->number, NULL);
		return r == 0 ? 0 :
				lc_err_set(err, r, "'%.60s': a process is a "
					   "number: pid:4242", text);
	}
	if (!strncmp(text, "docker:", 7)) {
		value->node = arena_strdup(arena, text + 7);
		return value_container(text + 7, err);
	} else if (*text == '/') {
		return 0;
	}
	if (!*text || text[strspn(text, LETTERS DIGITS "_-.")] ||
	    !strcmp(text, ".") || !strcmp(text, ".."))
		return lc_err_set(err, -EINVAL,
				  "'%.60s' names no namespace: "
				  "/proc/4242/ns/net, a name in /run/netns, "
				  "pid:4242, docker:web", text);
	return 0;
}
