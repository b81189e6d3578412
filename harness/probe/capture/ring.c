// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring.c - all packets of a network namespace, in memory shared with the kernel
 *
 * A plain packet socket would do, but for two things.  Its queue may be no
 * longer than net.core.rmem_max for those who are not root, which is some 300
 * packets.  And its packets bear the time at which they are read until the
 * kernel has been talked into noting the time of all that it handles.  What goes
 * into a ring bears the time at which it went in from the first packet on: so the
 * packets of several namespaces can be put in order.
 *
 * The ring is version 2: the third hands out packets by the block, when a timer
 * says so.  To set one up takes an RCU grace period, some 12 ms.
 */
#include <errno.h>
#include <net/if_arp.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <labcheck/err.h>

#include "lab/lab.h"
#include "probe/capture/ring.h"

enum { BLOCK = 64 << 10 };

static int ring_make(struct ring *ring, int fd)
{
	const int version = TPACKET_V2;
	struct tpacket_req request = {
		.tp_block_size = BLOCK,
		.tp_block_nr = (unsigned int)(ring->size / BLOCK),
		.tp_frame_size = RING_FRAME,
		.tp_frame_nr = (unsigned int)(ring->size / RING_FRAME),
	};
	void *map;

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request,
		       sizeof(request)))
		return -errno;
	map = mmap(NULL, ring->size, PROT_READ | PROT_WRITE, MAP_SHARED,
		   fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	/* A child that had it as well would keep the socket open */
	madvise(map, ring->size, MADV_DONTFORK);
	ring->map = map;
	ring->frames = request.tp_frame_nr;
	ring->next = 0;
	return 0;
}

int ring_open(struct ring *ring, struct lc_node *node, size_t size,
	      struct lc_err *err)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
	};
	int fd = node_socket(node, AF_PACKET, SOCK_RAW, 0, err), r;

	if (fd < 0)
		return fd;
	ring->size = size;
	r = ring_make(ring, fd);
	while (r == -ENOMEM && ring->size > BLOCK) {
		ring->size /= 2;
		r = ring_make(ring, fd);
	}
	if (!r && bind(fd, (void *)&sll, sizeof(sll)))
		r = -errno;
	if (!r)
		return fd;
	ring_unmap(ring);
	close(fd);
	return lc_err_set(err, r, "can't record the packets of %s: %s",
			  lc_node_name(node), strerror(-r));
}

void ring_unmap(struct ring *ring)
{
	if (ring->map)
		munmap(ring->map, ring->size);
	ring->map = NULL;
}

static struct tpacket2_hdr *frame_of(const struct ring *ring)
{
	return (void *)(ring->map + (size_t)ring->next * RING_FRAME);
}

static void note_tag(const struct tpacket2_hdr *h, struct ring_packet *p)
{
	uint16_t tpid = h->tp_status & TP_STATUS_VLAN_TPID_VALID ?
				h->tp_vlan_tpid : ETH_P_8021Q;

	p->tagged = h->tp_status & TP_STATUS_VLAN_VALID;
	p->tag[0] = (uint8_t)(tpid >> 8);
	p->tag[1] = (uint8_t)tpid;
	p->tag[2] = (uint8_t)(h->tp_vlan_tci >> 8);
	p->tag[3] = (uint8_t)h->tp_vlan_tci;
}

bool ring_next(const struct ring *ring, struct ring_packet *p)
{
	const struct tpacket2_hdr *h = frame_of(ring);
	const struct sockaddr_ll *from =
		(const void *)((const uint8_t *)h + TPACKET_ALIGN(sizeof(*h)));
	uint32_t skip;

	if (!(__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) &
	      TP_STATUS_USER))
		return false;
	*p = (struct ring_packet){
		.ns = h->tp_sec * 1000000000ull + h->tp_nsec,
		.ifindex = (uint32_t)from->sll_ifindex,
		.protocol = ntohs(from->sll_protocol),
		.hatype = from->sll_hatype,
		.type = from->sll_pkttype,
		.bytes = (const uint8_t *)h + h->tp_mac,
		.captured = h->tp_snaplen,
		.length = h->tp_len,
	};
	note_tag(h, p);
	if (p->hatype == ARPHRD_ETHER || p->hatype == ARPHRD_LOOPBACK)
		return true;
	/* A tunnel's own header */
	skip = h->tp_net > h->tp_mac ? (uint32_t)(h->tp_net - h->tp_mac) : 0;
	if (skip > p->captured)
		skip = p->captured;
	p->bytes += skip;
	p->captured -= skip;
	p->length -= skip;
	return true;
}

void ring_release(struct ring *ring)
{
	__atomic_store_n(&frame_of(ring)->tp_status, TP_STATUS_KERNEL,
			 __ATOMIC_RELEASE);
	ring->next = (ring->next + 1) % ring->frames;
}

uint32_t ring_losses(int fd)
{
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);

	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
		return 0;
	return stats.tp_drops;
}
