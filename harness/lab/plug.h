/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plug.h - cables that are pulled out
 */
#ifndef LAB_PLUG_H
#define LAB_PLUG_H

struct unplugged;

/** unplugged_free() - Forget all that plugging in would restore */
void unplugged_free(struct unplugged *unplugged);

#endif
