// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * refusal.c - why this machine does not let us have namespaces
 *
 * The kernel says EPERM, and a dozen things may be behind it.  Most can be
 * looked up; what is found is named, with what a user can do about it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>
#include <labcheck/err.h>

#include "lab/refusal.h"

/** struct setting - A file under /proc/sys, and what it forbids */
struct setting {
	const char *path;
	char value;		/* the one that forbids; all are one digit */
	bool for_root;
	const char *words;
};

static const struct setting settings[] = {
	{ "/proc/sys/user/max_user_namespaces", '0', true,
	  "user.max_user_namespaces is 0; ways out: sudo sysctl "
	  "user.max_user_namespaces=10000, or run labcheck as root with "
	  "--privileged" },
	{ "/proc/sys/user/max_net_namespaces", '0', true,
	  "user.max_net_namespaces is 0; way out: sudo sysctl "
	  "user.max_net_namespaces=10000" },
	{ "/proc/sys/user/max_pid_namespaces", '0', true,
	  "user.max_pid_namespaces is 0; way out: sudo sysctl "
	  "user.max_pid_namespaces=10000" },
	{ "/proc/sys/user/max_mnt_namespaces", '0', true,
	  "user.max_mnt_namespaces is 0; way out: sudo sysctl "
	  "user.max_mnt_namespaces=10000" },
	{ "/proc/sys/user/max_uts_namespaces", '0', true,
	  "user.max_uts_namespaces is 0; way out: sudo sysctl "
	  "user.max_uts_namespaces=10000" },
	{ "/proc/sys/user/max_ipc_namespaces", '0', true,
	  "user.max_ipc_namespaces is 0; way out: sudo sysctl "
	  "user.max_ipc_namespaces=10000" },
	{ "/proc/sys/kernel/unprivileged_userns_clone", '0', false,
	  "kernel.unprivileged_userns_clone is 0; ways out: sudo sysctl "
	  "kernel.unprivileged_userns_clone=1, or run labcheck as root" },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1', false,
	  "AppArmor keeps ordinary users' namespaces from being of use "
	  "(kernel.apparmor_restrict_unprivileged_userns is 1); ways out: sudo "
	  "sysctl kernel.apparmor_restrict_unprivileged_userns=0, an AppArmor "
	  "profile for labcheck that allows userns, or run labcheck as root" },
};

static size_t read_start(const char *path, char *text, size_t size)
{
	lc_auto(lc_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	text[n < 0 ? 0 : n] = '\0';
	return n < 0 ? 0 : (size_t)n;
}

static const char *setting_behind(const struct refusal *r)
{
	char text[16];

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		const struct setting *s = &settings[i];

		if (r->privileged && strstr(s->path, "max_user"))
			continue;
		if (r->root && !s->for_root)
			continue;
		if (read_start(s->path, text, sizeof(text)) == 2 &&
		    text[0] == s->value)
			return s->words;
	}
	return NULL;
}

/* Whether a seccomp filter is upon us, as in most containers */
static bool is_filtered(void)
{
	char text[8192];

	read_start("/proc/self/status", text, sizeof(text));
	return strstr(text, "\nSeccomp:\t2") != NULL;
}

static const char *circumstances(const struct refusal *r)
{
	if (r->code == -EINVAL)
		return "this kernel lacks one of the user, network, mount, pid, "
		       "UTS and IPC namespaces";
	if (r->code == -ENOSPC || r->code == -EUSERS)
		return "the machine's limit of namespaces is reached (see "
		       "sysctl user)";
	if (r->code != -EPERM && r->code != -EACCES)
		return NULL;
	if (r->privileged)
		return "--privileged needs root with all capabilities; in a "
		       "container: docker run --privileged";
	if (strstr(r->what, "/proc") || strstr(r->what, "/sys"))
		return "parts of /proc or /sys are covered here, as in a "
		       "container, and the kernel then allows no fresh one; "
		       "ways out: docker run --privileged, or --security-opt "
		       "systempaths=unconfined";
	if (is_filtered())
		return "a seccomp filter forbids it, as in a container; ways "
		       "out: docker run --privileged, or --security-opt "
		       "seccomp=unconfined --security-opt apparmor=unconfined "
		       "--security-opt systempaths=unconfined";
	return "a chroot, a container or a security module forbids user "
	       "namespaces; ways out: start it outside of that, or run "
	       "labcheck as root with --privileged";
}

int refusal_explain(const struct refusal *r, struct lc_err *err)
{
	const char *words = NULL;

	if (r->code == -EPERM || r->code == -EACCES || r->code == -ENOSPC)
		words = setting_behind(r);
	if (!words)
		words = circumstances(r);
	return lc_err_set(err, r->code, "no sandbox: %s: %s%s%s", r->what,
			  strerror(-r->code), words ? "; " : "",
			  words ? words : "");
}
