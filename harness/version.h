/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * version.h - which labcheck this is
 */
#ifndef HARNESS_VERSION_H
#define HARNESS_VERSION_H

#ifndef LABCHECK_VERSION
#define LABCHECK_VERSION "0.1"
#endif

#endif
