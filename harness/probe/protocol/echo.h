/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echo.h - ICMP and ICMPv6 echo over raw sockets
 */
#ifndef PROBE_PROTOCOL_ECHO_H
#define PROBE_PROTOCOL_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lc_batch;
struct lc_err;
struct probe;
struct watch;

/** echo_prepare() - Have the sockets of both ends in the event loop */
int echo_prepare(struct lc_batch *batch, struct probe *probe,
		 struct lc_err *err);
void echo_send(struct lc_batch *batch, struct probe *probe);

/** echo_fill() - The message that is to be sent.  Return: its size */
size_t echo_fill(const struct probe *probe, uint8_t *bytes);

/** echo_options_plain() - What the socket says of the packets that go next: as of
 * ping(8), they are not to be cut into pieces, not even here, which spares the
 * kernel to think of a number for each */
void echo_options_plain(struct watch *watch, const struct probe *probe);

/** echo_receive() - All that has come to a socket, but for errors */
void echo_receive(struct lc_batch *batch, struct watch *watch);

/** echo_may_be_lost() - Whether the sockets of its ends had no room for something
 * in this batch */
bool echo_may_be_lost(const struct probe *probe);

#endif
