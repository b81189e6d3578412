/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_readers.h - whether a program reads and sends packets in a node
 */
#ifndef LAB_PACKET_READERS_H
#define LAB_PACKET_READERS_H

#include <stdbool.h>

struct lc_node;

/**
 * node_has_packet_readers() - Whether some program has packets to itself
 * @own:	How many packet sockets labcheck has there
 *
 * One with a packet socket, or with a queue of nftables' (`queue`): such a program may hand packets on, or answer them,
 * whenever it likes.  Also true if it can't be told.
 */
bool node_has_packet_readers(struct lc_node *node, int own);

#endif
