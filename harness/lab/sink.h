/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sink.h - takes what daemons say when nobody listens any more
 */
#ifndef LAB_SINK_H
#define LAB_SINK_H

/**
 * sink_start() - Have two pipes read to their end, whatever comes
 * @fds:	Their reading ends; -1: none.  They stay the caller's to close
 *
 * Return: 0, or -errno
 */
int sink_start(const int fds[2]);

#endif
