/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error_queue.h - what a socket's error queue holds, ip(7)
 */
#ifndef PROBE_PROTOCOL_ERROR_QUEUE_H
#define PROBE_PROTOCOL_ERROR_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <labcheck/value.h>

/** struct queued_error - One entry */
struct queued_error {
	int error;
	uint8_t origin, type, code;
	uint32_t mtu;			/* of EMSGSIZE */
	struct lc_ip offender;		/* family 0: a local error */
	uint8_t data[256];		/* of the packet that caused it */
	size_t length;
};

/** error_queue_read() - The next one; false: there is none */
bool error_queue_read(int fd, int family, struct queued_error *ret);

#endif
