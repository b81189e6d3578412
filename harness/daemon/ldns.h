/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldns.h - what is used of libldns
 */
#ifndef DAEMON_LDNS_H
#define DAEMON_LDNS_H

#include <stdbool.h>
#include <stdint.h>

#include <ldns/ldns.h>

/* clang-format off */
#define LDNS_FUNCTIONS(X)							\
	X(wire2pkt) X(pkt2wire) X(pkt_new) X(pkt_free)			\
	X(pkt_id) X(pkt_set_id) X(pkt_qr) X(pkt_set_qr) X(pkt_rd)	\
	X(pkt_set_rd) X(pkt_set_ra) X(pkt_tc) X(pkt_set_tc)		\
	X(pkt_get_opcode) X(pkt_get_rcode) X(pkt_edns_udp_size)		\
	X(pkt_question) X(pkt_answer) X(pkt_push_rr) X(pkt_query_new)	\
	X(rr_list_rr) X(rr_list_rr_count) X(rr_new) X(rr_free)		\
	X(rr_clone) X(rr_owner) X(rr_set_owner) X(rr_get_type)		\
	X(rr_set_type) X(rr_get_class) X(rr_set_ttl)			\
	X(rr_push_rdf) X(rr_rdf) X(rr_rd_count) X(rdf_new_frm_data)	\
	X(rdf_clone) X(rdf2str) X(dname_new_frm_str) X(rdf_deep_free)
/* clang-format on */

/** ldns - Its functions, without their prefix; dns_open() has filled it */
#define LDNS_MEMBER(name) __typeof__(ldns_##name) *name;
struct ldns_library {
	bool is_open;
	LDNS_FUNCTIONS(LDNS_MEMBER)
};
#undef LDNS_MEMBER

extern struct ldns_library ldns;

#endif
