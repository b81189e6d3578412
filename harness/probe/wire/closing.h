/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * closing.h - packet sockets, closed in the time that one takes
 */
#ifndef PROBE_WIRE_CLOSING_H
#define PROBE_WIRE_CLOSING_H

#include <stddef.h>

/** packet_sockets_close() - Close them all; @fds are -1 afterwards */
void packet_sockets_close(int *fds, size_t count);

#endif
