/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sieve.h - a packet filter that lets through what may belong to a probe; pure
 */
#ifndef POSTMORTEM_SIEVE_H
#define POSTMORTEM_SIEVE_H

#include <stddef.h>
#include <stdint.h>
#include <linux/filter.h>

#include <labcheck/probe.h>

enum { SIEVE_MAX = 1024 };

/**
 * struct sieve - How packets of a probe are known
 * @protocol:	The probe's
 * @cookie:	ICMP, UDP: the first four bytes behind the header
 * @echo:	ICMP: the high byte of the sequence number, should those be missing
 * @question:	DNS: the first four bytes of the name that is asked for
 */
struct sieve {
	enum lc_protocol protocol;
	uint32_t cookie, question;
	uint8_t echo;
};

/**
 * sieve_build() - A program for a packet socket
 * @program:	SIEVE_MAX instructions
 *
 * Besides what the probe sends and is sent, whatever NAT makes of it, it lets
 * through ICMP errors about that, and all questions for neighbours, each also
 * as a VXLAN carries them.  Offsets
 * are those of the network header, so that it fits any kind of interface.
 *
 * Return: how many instructions it has
 */
size_t sieve_build(const struct sieve *sieve, struct sock_filter *program);

#endif
