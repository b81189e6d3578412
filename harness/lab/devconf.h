/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devconf.h - the IPv4 settings that a namespace gives to new interfaces
 */
#ifndef LAB_DEVCONF_H
#define LAB_DEVCONF_H

#include <stdbool.h>
#include <stdint.h>

struct devconf;
struct rtnl;

/**
 * devconf_read() - Ask a new namespace, by a socket in it
 *
 * Return: to be freed by free(); empty where the kernel does not say; it never
 * fails but for memory, which ends the program
 */
struct devconf *devconf_read(struct rtnl *rtnl);

/**
 * devconf_default() - The value of a key below net/ipv4/conf/default/
 *
 * Return: false: another key, or nothing is known of it
 */
bool devconf_default(const struct devconf *devconf, const char *key,
		     uint32_t *ret_value);

#endif
