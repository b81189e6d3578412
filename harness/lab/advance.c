// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * advance.c - from the lab of one plan to that of the next
 */
#include <errno.h>

#include <labcheck/err.h>

#include "lab/advance.h"
#include "lab/lab.h"

int lab_advance(struct lc_lab *lab, struct lc_err *err)
{
	(void)lab;
	return lc_err_set(err, -EOPNOTSUPP, "not built yet");
}
