/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sockaddr.h - between addresses of the language and those of socket(7)
 */
#ifndef LAB_SOCKADDR_H
#define LAB_SOCKADDR_H

#include <sys/socket.h>

#include <labcheck/value.h>

/** sockaddr_fill() - For bind(2) and its like; returns the size
 * @scope:	The interface of a link-local address, else 0 */
socklen_t sockaddr_fill(struct sockaddr_storage *sa, const struct lc_ip *ip,
			uint16_t port, uint32_t scope);

void sockaddr_read(const struct sockaddr_storage *sa, struct lc_ip *ret_ip,
		   uint16_t *ret_port);

#endif
