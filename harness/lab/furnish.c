// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * furnish.c - what programs find in the sandbox, beside the network
 *
 * A lab in which none runs does without, unless it is large (sysctl.c): what labcheck
 * itself reads in /proc belongs to the network namespace of who reads, whichever
 * /proc it is.
 */
#include <errno.h>
#include <sched.h>

#include "lab/furnish.h"
#include "lab/lab.h"
#include "lab/mounts.h"
#include "lab/refusal.h"
#include "lab/sandbox.h"

static int furnish(const char **ret_what)
{
	*ret_what = "make namespaces";
	if (unshare(CLONE_NEWNS | CLONE_NEWIPC))
		return -errno;
	return mounts_make(ret_what);
}

int lab_furnish(struct lc_lab *lab, struct lc_err *err)
{
	struct refusal refusal = {
		.root = lab->sandbox->root,
		.privileged = lab->sandbox->privileged,
	};

	if (lab->furnished)
		return 0;
	refusal.code = furnish(&refusal.what);
	lab->furnished = !refusal.code;
	if (lab->furnished)
		return 0;
	refusal_explain(&refusal, err);
	/* -EPERM stands for what is skipped without --privileged */
	return -EIO;
}
