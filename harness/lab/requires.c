// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * requires.c - what a scenario needs of this machine
 *
 * Each is tried: a link of the kind is made in the sandbox's own namespace and
 * deleted again, a file of the kernel is looked for, a library is opened.  What
 * a version number promises is nobody's evidence.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/link_message.h"
#include "lab/message.h"
#include "lab/netfilter_try.h"
#include "lab/openvswitch.h"
#include "lab/programs.h"
#include "lab/requires.h"
#include "lab/rtnl.h"
#include "lab/sandbox.h"
#include "scenario/plan.h"

enum { SCRATCH_IFINDEX = 1000000, LO_IFINDEX = 1 };

static int try_message(const struct rtnl_msg *m, struct lc_err *err)
{
	struct rtnl *rtnl = NULL;
	int r = rtnl_open(&rtnl, err);

	if (r)
		return r;
	rtnl_add(rtnl, m, (struct lc_at){ 0, 0 }, "its kernel");
	r = rtnl_commit(rtnl, NULL, err);
	rtnl_free(rtnl);
	return r;
}

static int try_link(const struct plan_interface *interface, struct lc_err *err)
{
	struct rtnl_msg m;

	rtnl_build_link(&m, interface, -1);
	return try_message(&m, err);
}

static int delete_link(const struct plan_interface *interface,
		       struct lc_err *err)
{
	struct rtnl_msg m;

	rtnl_build_link_delete(&m, interface->ifindex);
	return try_message(&m, err);
}

/*
 * Deleted again at once; what of it is left goes with the sandbox.  A macvlan
 * or vlan stands on an interface, but not on lo, so it gets a bridge, and goes
 * with it.
 */
static int try_kind(enum interface_kind kind, struct lc_err *err)
{
	const struct plan_interface below = {
		.kind = KIND_BRIDGE,
		.ifindex = SCRATCH_IFINDEX,
		.name = "requires-below",
	};
	const bool stands = kind == KIND_VLAN || kind == KIND_MACVLAN;
	const struct plan_interface interface = {
		.kind = kind,
		.ifindex = SCRATCH_IFINDEX + 1,
		.name = "requires",
		.vni = 1,
		.port = 4789,
		.vlan = 1,
		.table = 100,
		.lower = stands ? below.ifindex : 0,
	};
	int r = stands ? try_link(&below, err) : 0;

	if (!r)
		r = try_link(&interface, err);
	if (r && stands)
		delete_link(&below, &(struct lc_err){ "" });
	return r ?: delete_link(stands ? &below : &interface, err);
}

static int try_netem(struct lc_err *err)
{
	struct plan_interface lo = { .ifindex = LO_IFINDEX, .delay_ns = 1000 };
	struct rtnl_msg m;

	rtnl_build_netem(&m, &lo);
	return try_message(&m, err);
}

static int try_file(const char *path)
{
	return access(path, F_OK) ? -errno : 0;
}

/* That it is there is not enough: an ordinary user may not open it */
static int try_device(const char *path)
{
	lc_auto(lc_close) int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : 0;
}

static int try_nftables(struct lc_err *err)
{
	void *library = dlopen("libnftables.so.1", RTLD_NOW | RTLD_LOCAL);
	lc_auto(lc_close) int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
					  NETLINK_NETFILTER);

	if (!library)
		return lc_err_set(err, -EOPNOTSUPP, "%s", dlerror());
	dlclose(library);
	if (fd < 0)
		return lc_err_set(err, -EOPNOTSUPP,
				  "its kernel has no netfilter");
	return 0;
}

static int try_word(const char *word, const struct sandbox *sandbox,
		    struct lc_err *err)
{
	for (int i = 0; interface_kind_words[i]; i++) {
		if (strcmp(word, interface_kind_words[i]))
			continue;
		if (i == KIND_TAP || i == KIND_TUN)
			return try_device("/dev/net/tun");
		if (i == KIND_OPENVSWITCH)
			return openvswitch_missing(err);
		return try_kind((enum interface_kind)i, err);
	}
	if (!strcmp(word, "netem"))
		return try_netem(err);
	if (!strcmp(word, "nftables"))
		return try_nftables(err);
	if (!strcmp(word, "iptables"))
		return netfilter_try(err);
	if (!strcmp(word, "ipv6"))
		return try_file("/proc/sys/net/ipv6");
	if (!strcmp(word, "br_netfilter"))
		return try_file("/proc/sys/net/bridge");
	if (!strcmp(word, "docker"))
		return programs_docker(err);
	if (!strcmp(word, "cni"))
		return programs_cni(err);
	if (!strcmp(word, "privileged"))
		return sandbox->privileged ?
			       0 :
			       lc_err_set(err, -EOPNOTSUPP,
					  "labcheck was started without "
					  "--privileged");
	return lc_err_set(err, -EOPNOTSUPP, "labcheck can't tell yet");
}

int requires_check(const struct lc_list *requires,
		   const struct sandbox *sandbox, struct lc_err *err)
{
	struct lc_err why;

	for (uint32_t i = 0; i < requires->count; i++) {
		why.text[0] = '\0';
		if (try_word(requires->texts[i], sandbox, &why))
			return lc_err_set(err, -EOPNOTSUPP,
					  "this machine lacks %s%s%s",
					  requires->texts[i],
					  why.text[0] ? ": " : "", why.text);
	}
	return 0;
}
