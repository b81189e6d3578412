// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * summary.c - a packet in a few words, for whoever reads a verdict
 */
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include "probe/packet/packet.h"
#include "probe/packet/summary.h"
#include "scenario/address.h"

enum { ARP_SIZE = 28 };

static const char *icmp_words(const uint8_t *icmp, size_t length, bool v6,
			      char *text, size_t size)
{
	unsigned int type = length > 1 ? icmp[0] : 255;
	unsigned int code = length > 1 ? icmp[1] : 0;

	if (type == (v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO))
		return "echo request";
	if (type == (v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY))
		return "echo reply";
	if (v6 && type == ND_NEIGHBOR_SOLICIT)
		return "neighbour solicitation";
	if (v6 && type == ND_NEIGHBOR_ADVERT)
		return "neighbour advertisement";
	snprintf(text, size, "ICMP%s type %u code %u", v6 ? "v6" : "", type,
		 code);
	return text;
}

static void arp_summary(const uint8_t *arp, size_t length, char *text)
{
	char sender[INET_ADDRSTRLEN], target[INET_ADDRSTRLEN];

	if (length < ARP_SIZE) {
		snprintf(text, SUMMARY_SIZE, "ARP, cut");
		return;
	}
	inet_ntop(AF_INET, arp + 14, sender, sizeof(sender));
	inet_ntop(AF_INET, arp + 24, target, sizeof(target));
	if (arp[7] == 1)
		snprintf(text, SUMMARY_SIZE, "ARP who has %s, asks %s", target,
			 sender);
	else
		snprintf(text, SUMMARY_SIZE,
			 "ARP %s is at %02x:%02x:%02x:%02x:%02x:%02x", sender,
			 arp[8], arp[9], arp[10], arp[11], arp[12], arp[13]);
}

/* Where an IP packet's payload begins; extension headers of IPv6 aside */
static size_t header_of(const uint8_t *ip)
{
	return ip[0] >> 4 == 4 ? (size_t)(ip[0] & 15) * 4 : 40;
}

static void ip_summary(const uint8_t *ip, size_t length, char *text)
{
	char from[IP_TEXT_SIZE], to[IP_TEXT_SIZE], words[40];
	struct packet k;
	size_t header;
	const char *what;

	if (!packet_read(ip, length, 0, &k)) {
		snprintf(text, SUMMARY_SIZE, "IP, cut");
		return;
	}
	ip_format(&k.source, from);
	ip_format(&k.destination, to);
	header = header_of(ip);
	if (k.kind == PACKET_TCP || k.kind == PACKET_UDP) {
		what = k.kind == PACKET_UDP ? "UDP" :
		       k.reset		    ? "TCP reset" :
		       k.syn		    ? (k.has_ack ? "TCP SYN-ACK" :
							   "TCP SYN") :
					      "TCP";
		snprintf(text, SUMMARY_SIZE, "%s:%u > %s:%u %s", from,
			 k.source_port, to, k.destination_port, what);
		return;
	}
	what = k.kind == PACKET_FRAGMENT ? "fragment" : NULL;
	if (!what && (ip[0] >> 4 == 4 ? ip[9] == IPPROTO_ICMP :
					ip[6] == IPPROTO_ICMPV6))
		what = icmp_words(ip + header, length - header,
				  ip[0] >> 4 == 6, words, sizeof(words));
	if (!what) {
		snprintf(words, sizeof(words), "protocol %u",
			 ip[0] >> 4 == 4 ? ip[9] : ip[6]);
		what = words;
	}
	snprintf(text, SUMMARY_SIZE, "%s > %s %s", from, to, what);
}

const char *packet_summary(const uint8_t *bytes, size_t length,
			   uint16_t protocol, char text[SUMMARY_SIZE])
{
	if (!protocol) {
		if (length < ETH_HLEN)
			return strcpy(text, "a frame, cut");
		protocol = (uint16_t)(bytes[12] << 8 | bytes[13]);
		bytes += ETH_HLEN;
		length -= ETH_HLEN;
	}
	if (protocol == ETH_P_ARP)
		arp_summary(bytes, length, text);
	else if (protocol == ETH_P_IP || protocol == ETH_P_IPV6)
		ip_summary(bytes, length, text);
	else
		snprintf(text, SUMMARY_SIZE, "Ethernet protocol 0x%04x",
			 protocol);
	return text;
}
