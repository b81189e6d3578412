// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mark.c - frames that labcheck sends for purposes of its own
 *
 * They bear an Ethernet protocol for local experiments (IEEE 802, 0x88b5) and the
 * run's nonce, by which captures and recordings know them and leave them out.
 * They go past the node's neighbours, rules and connections, and to an address that
 * a bridge throws away before it learns where the sender is, or asks a rule
 * (01-80-C2-00-00-01, net/bridge/br_input.c).
 */
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#include "lab/lab.h"
#include "probe/batch/node.h"
#include "probe/packet/inquiry.h"
#include "probe/packet/nonce.h"
#include "probe/packet/packet.h"
#include "probe/wire/mark.h"
#include "scenario/address.h"

enum { MARK_SIZE = ETH_ZLEN };

static void send_frame(struct lc_node *node, uint32_t ifindex,
		       const uint8_t *frame, size_t length)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons((uint16_t)(frame[12] << 8 | frame[13])),
		.sll_ifindex = (int)ifindex,
		.sll_halen = ETH_ALEN,
	};
	int *fd = &node->probe->marker;

	if (*fd < 0)
		*fd = node_socket(node, AF_PACKET, SOCK_RAW, 0, NULL);
	memcpy(sll.sll_addr, frame, ETH_ALEN);
	if (*fd >= 0)
		sendto(*fd, frame, length, MSG_DONTWAIT, (void *)&sll,
		       sizeof(sll));
}

void mark_send(struct lc_node *node, uint32_t ifindex, uint32_t serial)
{
	const struct cookie cookie = { probe_nonce(), serial };
	uint8_t frame[MARK_SIZE] = {
		0x01, 0x80, 0xc2, 0x00, 0x00, 0x01,
		0x02, 0x00, 0x00, 0x00, 0x00, 0x00,
		MARK_PROTOCOL >> 8, MARK_PROTOCOL & 0xff,
	};

	cookie_write(&cookie, frame + ETH_HLEN);
	send_frame(node, ifindex, frame, sizeof(frame));
}

bool mark_read_payload(const uint8_t *bytes, size_t length,
		       uint32_t *ret_serial)
{
	struct cookie cookie;

	if (!cookie_read(bytes, length, &cookie))
		return false;
	*ret_serial = cookie.serial;
	return cookie.nonce == probe_nonce();
}

bool mark_read(const uint8_t *frame, size_t length, uint32_t *ret_serial)
{
	return length >= ETH_HLEN && frame[12] == MARK_PROTOCOL >> 8 &&
	       frame[13] == (MARK_PROTOCOL & 0xff) &&
	       mark_read_payload(frame + ETH_HLEN, length - ETH_HLEN,
				 ret_serial);
}

/* The last one; what others say of it to nobody is said to us */
static struct lc_ip asked;

void inquiry_send(struct lc_node *node, uint32_t ifindex,
		   const uint8_t mac[6], const struct lc_ip *ip)
{
	const struct cookie cookie = { probe_nonce(), 0 };
	uint8_t frame[INQUIRY_MAX];

	asked = *ip;
	send_frame(node, ifindex, frame,
		   inquiry_build(mac, ip, &cookie, frame));
}

bool frame_is_ours(const uint8_t *frame, size_t length)
{
	struct lc_ip by;
	uint32_t serial;
	bool open;

	if (length < ETH_HLEN)
		return false;
	if (mark_read(frame, length, &serial) ||
	    inquiry_is_ours(frame, length, probe_nonce()))
		return true;
	return answer_read((uint16_t)(frame[12] << 8 | frame[13]),
			   frame + ETH_HLEN, length - ETH_HLEN, &by, &open) &&
	       open && ip_equal(&by, &asked);
}
