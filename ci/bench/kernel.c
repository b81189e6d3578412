// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kernel.c - networks by system calls alone, for the floor of the benchmark
 *
 * What is cheapest, and no more: cables are born where they stay, with one
 * queue; requests go many at a time; rtnetlink does its work inside sendmsg(),
 * so that errors wait on the socket when it returns and no acknowledgement is
 * asked for; and readiness is a question, not a pause.  Nothing is cleaned up:
 * the kernel does that when the last descriptor is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/icmp.h>
#include <linux/if.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "kernel.h"

enum { ROOM = 512, ANSWER = 65536, BUFFER = 8 << 20 };

void die(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	exit(2);
}

int netns_new(void)
{
	int fd;

	/* An ordinary user may as root of a namespace of its own */
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		die("a network namespace");
	fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("/proc/thread-self/ns/net");
	return fd;
}

int rtnetlink_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int yes = 1, size = BUFFER;

	if (fd < 0)
		die("rtnetlink");
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	return fd;
}

int echo_open(void)
{
	struct icmp_filter all_but_replies = { ~(1u << ICMP_ECHOREPLY) };
	int size = BUFFER / 2;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);

	if (fd < 0)
		die("a raw socket");
	setsockopt(fd, SOL_RAW, ICMP_FILTER, &all_but_replies,
		   sizeof(all_but_replies));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return fd;
}

/* A new request; one at a time is open at the end of the bytes */
static struct nlmsghdr *begin(struct requests *r, uint16_t type,
			      uint16_t flags, const void *header, size_t size)
{
	struct nlmsghdr *m;

	if (r->length + ROOM > r->size) {
		r->size = 2 * r->size + ROOM;
		r->bytes = realloc(r->bytes, r->size);
		if (!r->bytes)
			die("requests");
	}
	m = (void *)(r->bytes + r->length);
	*m = (struct nlmsghdr){
		.nlmsg_len = NLMSG_LENGTH(size),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | flags,
		.nlmsg_seq = ++r->last,
	};
	memcpy(NLMSG_DATA(m), header, size);
	return m;
}

static void end(struct requests *r, const struct nlmsghdr *m)
{
	r->length += NLMSG_ALIGN(m->nlmsg_len);
}

static struct rtattr *put(struct nlmsghdr *m, uint16_t type, const void *data,
			  size_t size)
{
	struct rtattr *a = (void *)((char *)m + NLMSG_ALIGN(m->nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(a), data, size);
	m->nlmsg_len = NLMSG_ALIGN(m->nlmsg_len) + RTA_ALIGN(a->rta_len);
	return a;
}

static void put_number(struct nlmsghdr *m, uint16_t type, uint32_t number)
{
	put(m, type, &number, sizeof(number));
}

static void put_text(struct nlmsghdr *m, uint16_t type, const char *text)
{
	put(m, type, text, strlen(text) + 1);
}

static void put_ip(struct nlmsghdr *m, uint16_t type, uint32_t ip)
{
	put_number(m, type, htonl(ip));
}

static struct rtattr *nest(struct nlmsghdr *m, uint16_t type)
{
	return put(m, type, NULL, 0);
}

static void nest_end(const struct nlmsghdr *m, struct rtattr *a)
{
	a->rta_len = (uint16_t)((const char *)m + m->nlmsg_len - (char *)a);
}

static struct nlmsghdr *begin_link(struct requests *r, uint16_t flags,
				   uint32_t ifindex, unsigned int up)
{
	struct ifinfomsg header = {
		.ifi_index = (int)ifindex,
		.ifi_flags = up,
		.ifi_change = up,
	};

	return begin(r, RTM_NEWLINK, flags, &header, sizeof(header));
}

void add_bridge(struct requests *r, const char *name, uint32_t ifindex)
{
	struct nlmsghdr *m = begin_link(r, NLM_F_CREATE | NLM_F_EXCL, ifindex,
					IFF_UP);
	struct rtattr *info, *data;
	uint8_t off = 0;

	put_text(m, IFLA_IFNAME, name);
	info = nest(m, IFLA_LINKINFO);
	put_text(m, IFLA_INFO_KIND, "bridge");
	data = nest(m, IFLA_INFO_DATA);
	put(m, IFLA_BR_MCAST_SNOOPING, &off, sizeof(off));
	nest_end(m, data);
	nest_end(m, info);
	end(r, m);
}

static void put_end(struct nlmsghdr *m, const struct end *e)
{
	static const uint8_t none[6];

	put_text(m, IFLA_IFNAME, e->name);
	put_number(m, IFLA_NUM_TX_QUEUES, 1);
	put_number(m, IFLA_NUM_RX_QUEUES, 1);
	if (memcmp(e->mac, none, sizeof(none)))
		put(m, IFLA_ADDRESS, e->mac, sizeof(e->mac));
	if (e->netns >= 0)
		put_number(m, IFLA_NET_NS_FD, (uint32_t)e->netns);
}

/* Both ends are down */
void add_cable(struct requests *r, const struct end *here, uint32_t master,
	       const struct end *peer)
{
	struct nlmsghdr *m = begin_link(r, NLM_F_CREATE | NLM_F_EXCL,
					here->ifindex, 0);
	struct ifinfomsg header = { .ifi_index = (int)peer->ifindex };
	struct rtattr *info, *data, *other;

	put_end(m, here);
	if (master)
		put_number(m, IFLA_MASTER, master);
	info = nest(m, IFLA_LINKINFO);
	put_text(m, IFLA_INFO_KIND, "veth");
	data = nest(m, IFLA_INFO_DATA);
	other = put(m, VETH_INFO_PEER, &header, sizeof(header));
	put_end(m, peer);
	nest_end(m, other);
	nest_end(m, data);
	nest_end(m, info);
	end(r, m);
}

/* No IPv6 address of its own, and so no word of IPv6 on the wire */
void add_quiet(struct requests *r, uint32_t ifindex)
{
	struct nlmsghdr *m = begin_link(r, 0, ifindex, 0);
	struct rtattr *families = nest(m, IFLA_AF_SPEC);
	struct rtattr *ipv6 = nest(m, AF_INET6);
	uint8_t none = IN6_ADDR_GEN_MODE_NONE;

	put(m, IFLA_INET6_ADDR_GEN_MODE, &none, sizeof(none));
	nest_end(m, ipv6);
	nest_end(m, families);
	end(r, m);
}

void add_up(struct requests *r, uint32_t ifindex)
{
	end(r, begin_link(r, 0, ifindex, IFF_UP));
}

/* A question about a link makes the kernel's link watch look at it */
void add_look(struct requests *r, uint32_t ifindex)
{
	struct ifinfomsg header = { .ifi_index = (int)ifindex };
	struct nlmsghdr *m = begin(r, RTM_GETLINK, 0, &header, sizeof(header));

	put_number(m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	end(r, m);
}

void add_address(struct requests *r, uint32_t ifindex, uint32_t ip,
		 uint8_t length)
{
	struct ifaddrmsg header = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = length,
		.ifa_index = ifindex,
	};
	struct nlmsghdr *m = begin(r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
				   &header, sizeof(header));

	put_ip(m, IFA_LOCAL, ip);
	put_ip(m, IFA_ADDRESS, ip);
	end(r, m);
}

void add_route(struct requests *r, uint32_t to, uint8_t length, uint32_t via)
{
	struct rtmsg header = {
		.rtm_family = AF_INET,
		.rtm_dst_len = length,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_type = RTN_UNICAST,
	};
	struct nlmsghdr *m = begin(r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL,
				   &header, sizeof(header));

	if (length)
		put_ip(m, RTA_DST, to);
	put_ip(m, RTA_GATEWAY, via);
	end(r, m);
}

void add_neighbour(struct requests *r, uint32_t ifindex, uint32_t ip,
		   const uint8_t mac[6])
{
	struct ndmsg header = {
		.ndm_family = AF_INET,
		.ndm_ifindex = (int)ifindex,
		.ndm_state = NUD_PERMANENT,
	};
	struct nlmsghdr *m = begin(r, RTM_NEWNEIGH,
				   NLM_F_CREATE | NLM_F_REPLACE, &header,
				   sizeof(header));

	put_ip(m, NDA_DST, ip);
	put(m, NDA_LLADDR, mac, 6);
	end(r, m);
}

/* An entry that is there is not counted any more, and stays as it is */
void add_vouch(struct requests *r, uint32_t ifindex, uint32_t ip)
{
	struct ndmsg header = {
		.ndm_family = AF_INET,
		.ndm_ifindex = (int)ifindex,
		.ndm_flags = NTF_USE | NTF_EXT_LEARNED,
	};
	struct nlmsghdr *m = begin(r, RTM_NEWNEIGH, 0, &header,
				   sizeof(header));

	put_ip(m, NDA_DST, ip);
	end(r, m);
}

static void send_all(struct requests *r)
{
	if (r->length && send(r->socket, r->bytes, r->length, 0) < 0)
		die("rtnetlink");
	r->length = 0;
}

/* How many links the answers say are in operation; any error ends it all */
static size_t read_answers(struct requests *r)
{
	static char bytes[ANSWER];
	size_t up = 0;
	ssize_t n;

	while ((n = recv(r->socket, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		for (struct nlmsghdr *m = (void *)bytes; NLMSG_OK(m, n);
		     m = NLMSG_NEXT(m, n)) {
			struct nlmsgerr *error = NLMSG_DATA(m);
			struct rtattr *a = IFLA_RTA(NLMSG_DATA(m));
			int left = (int)IFLA_PAYLOAD(m);

			if (m->nlmsg_type == NLMSG_ERROR && error->error) {
				errno = -error->error;
				die("the kernel refuses");
			}
			if (m->nlmsg_type != RTM_NEWLINK)
				continue;
			for (; RTA_OK(a, left); a = RTA_NEXT(a, left))
				up += a->rta_type == IFLA_OPERSTATE &&
				      *(uint8_t *)RTA_DATA(a) == IF_OPER_UP;
		}
	return up;
}

void send_requests(struct requests *r)
{
	send_all(r);
	read_answers(r);
}

/* Being looked at, it is taken into operation */
void wait_until_up(struct requests *r, const uint32_t *ifindexes, size_t count)
{
	enum { AT_ONCE = 32, TRIES = 5000 };

	for (size_t i = 0; i < count; i += AT_ONCE) {
		size_t n = count - i < AT_ONCE ? count - i : AT_ONCE;

		for (int tries = 0;; tries++) {
			for (size_t k = 0; k < n; k++)
				add_look(r, ifindexes[i + k]);
			send_all(r);
			if (read_answers(r) == n)
				break;
			errno = ETIMEDOUT;
			if (tries == TRIES)
				die("links");
			if (tries > 3)
				poll(NULL, 0, 1);
		}
	}
}

static uint16_t checksum(const void *data, size_t size)
{
	const uint16_t *words = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < size / 2; i++)
		sum += words[i];
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t)~(sum + (sum >> 16));
}

void echo_send(int socket, uint32_t to, uint16_t id, uint16_t sequence)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(to),
	};
	/* As much as ping sends */
	struct { struct icmphdr header; uint8_t data[56]; } echo = {
		.header.type = ICMP_ECHO,
		.header.un.echo.id = htons(id),
		.header.un.echo.sequence = htons(sequence),
	};

	echo.header.checksum = checksum(&echo, sizeof(echo));
	sendto(socket, &echo, sizeof(echo), 0, (struct sockaddr *)&address,
	       sizeof(address));
}

/* How many answers of @id are there */
size_t echo_answers(int socket, uint16_t id)
{
	uint8_t packet[256];
	size_t count = 0;
	ssize_t n;

	while ((n = recv(socket, packet, sizeof(packet), MSG_DONTWAIT)) > 0) {
		size_t skip = (packet[0] & 15) * 4u;
		const struct icmphdr *icmp = (const void *)(packet + skip);

		count += (size_t)n >= skip + sizeof(*icmp) &&
			 icmp->type == ICMP_ECHOREPLY &&
			 icmp->un.echo.id == htons(id);
	}
	return count;
}
