// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * value_publish.c - a published port, as `docker run -p` writes it
 *
 *	[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]
 *
 * HOST and CONTAINER are a port or a range.  Without HOST (also as
 * ADDRESS::CONTAINER) the host's ports are the next free ones.  Ranges are as
 * wide as each other, or a single port of the container gets the first free
 * one of the host's.  An IPv6 address stands in brackets.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include <netinet/in.h>

#include <labcheck/err.h>

#include "scenario/arena.h"
#include "scenario/value.h"

static int take_protocol(const char *text, char *rest, uint8_t *ret_protocol,
			 struct lc_err *err)
{
	char *slash = strrchr(rest, '/');

	*ret_protocol = IPPROTO_TCP;
	if (!slash)
		return 0;
	*slash++ = '\0';
	if (!strcasecmp(slash, "tcp"))
		return 0;
	*ret_protocol = IPPROTO_UDP;
	if (!strcasecmp(slash, "udp"))
		return 0;
	return lc_err_set(err, -EINVAL,
			  "'%.60s': invalid proto: '%.20s'; tcp or udp", text,
			  slash);
}

/* [::1]:8080:80: what stands in brackets; @ret_rest is behind its colon */
static int take_brackets(const char *text, char *rest, char **ret_rest,
			 struct lc_ip *ret_ip, struct lc_err *err)
{
	char *end = strchr(rest, ']');

	if (!end || end[1] != ':')
		return lc_err_set(err, -EINVAL,
				  "'%.60s': an address in brackets goes on with "
				  "'::80' or ':8080:80'", text);
	*end = '\0';
	*ret_rest = end + 2;
	if (!strchr(rest + 1, ':'))
		return lc_err_set(err, -EINVAL,
				  "'%.60s': brackets are for IPv6 addresses",
				  text);
	return value_address(rest + 1, ret_ip, err);
}

static int take_address(const char *text, char *rest, char **ret_rest,
			struct lc_ip *ret_ip, struct lc_err *err)
{
	char *colon = strchr(rest, ':'), *last = strrchr(rest, ':');

	*ret_rest = rest;
	if (*rest == '[')
		return take_brackets(text, rest, ret_rest, ret_ip, err);
	if (!colon || colon == last)
		return 0;
	*colon = '\0';
	*ret_rest = colon + 1;
	if (strchr(colon + 1, ':') != last)
		return lc_err_set(err, -EINVAL,
				  "'%.60s' has too many colons; an IPv6 address "
				  "stands in brackets: '[::1]:8080:80'", text);
	if (colon == rest)
		return lc_err_set(err, -EINVAL,
				  "'%.60s' has nothing before its first colon",
				  text);
	return value_address(rest, ret_ip, err);
}

static int take_ports(const char *text, const char *whose, const char *ports,
		      uint16_t *ret_first, uint16_t *ret_last,
		      struct lc_err *err)
{
	struct lc_value value;

	if (!*ports)
		return lc_err_set(err, -EINVAL,
				  "'%.60s': no port of the %s is given: 8080:80",
				  text, whose);
	if (value_ports(ports, &value, err) < 0)
		return lc_err_set(err, -EINVAL,
				  "'%.60s': invalid port of the %s: '%.20s'; "
				  "8080:80, 8000-8010:8000-8010", text, whose,
				  ports);
	*ret_first = value.first;
	*ret_last = value.last;
	return 0;
}

static int widths_verify(const char *text, const struct lc_publish *publish,
			 struct lc_err *err)
{
	if (!publish->host_first || publish->first == publish->last ||
	    publish->host_last - publish->host_first ==
		    publish->last - publish->first)
		return 0;
	return lc_err_set(err, -EINVAL,
			  "'%.60s': invalid ranges specified for container and "
			  "host ports: %u-%u is not as wide as %u-%u", text,
			  publish->first, publish->last, publish->host_first,
			  publish->host_last);
}

int value_publish(const char *text, struct lc_publish *ret_publish,
		  struct arena *arena, struct lc_err *err)
{
	char *rest = arena_strdup(arena, text), *colon;
	struct lc_publish publish = { 0 };
	bool has_address;
	int r;

	r = take_protocol(text, rest, &publish.protocol, err);
	if (r == 0)
		r = take_address(text, rest, &rest, &publish.on, err);
	if (r < 0)
		return r;
	has_address = publish.on.family;
	colon = strchr(rest, ':');
	if (has_address ? !colon : colon && memchr(rest, '.', colon - rest))
		return lc_err_set(err, -EINVAL,
				  "'%.60s': behind an address stand the host's "
				  "port and the container's: '::80' or ':8080:80'",
				  text);
	if (colon) {
		*colon = '\0';
		if (colon != rest || !has_address)
			r = take_ports(text, "host", rest, &publish.host_first,
				       &publish.host_last, err);
		rest = colon + 1;
	}
	if (r == 0)
		r = take_ports(text, "container", rest, &publish.first,
			       &publish.last, err);
	if (r == 0)
		r = widths_verify(text, &publish, err);
	if (r == 0)
		*ret_publish = publish;
	return r;
}
