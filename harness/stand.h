/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stand.h - a lab with all that runs in it
 */
#ifndef STAND_H
#define STAND_H

struct lc_at;
struct lc_err;
struct lc_lab;
struct plan;
struct sandbox;

/**
 * lab_stand() - Build a lab, and start what runs in it
 *
 * First what is the kernel's, then the container engine's daemon, then
 * services, which may ask for names.  Return and @ret_at as of lab_build().
 */
int lab_stand(struct lc_lab *lab, const struct plan *plan,
	      const struct sandbox *sandbox, struct lc_at *ret_at,
	      struct lc_err *err);

/**
 * lab_look_again() - Let go of adopted namespaces that are no longer meant
 *
 * A container that was restarted has another one.  Who is let go is looked up
 * anew when it is needed next.
 */
void lab_look_again(struct lc_lab *lab);

#endif
