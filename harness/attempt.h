/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attempt.h - one try of a check, with its captures and its post-mortem
 */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct captures;
struct lc_batch;
struct lc_context;
struct lc_err;
struct lc_lab;
struct lc_seen;
struct lc_verdict;
struct recording;
struct step_said;

/**
 * struct attempt - What the tries of a scenario's checks have in common
 * @lab:	Where they are made
 * @recording:	Of all packets, or NULL
 * @again:	The step under way will be tried again if it fails
 */
struct attempt {
	struct lc_lab *lab;
	struct recording *recording;
	bool again;
};

/** attempt_make() - Try once, whatever kind of check it is */
void attempt_make(const struct attempt *a, const struct step_said *step,
		  struct lc_verdict *v);

/*
 * Its parts, for steps that share a batch, and for actions
 */
struct lc_context attempt_context(const struct attempt *a,
				  const struct step_said *step);
int attempt_declare(const struct attempt *a, const struct step_said *step,
		    struct lc_batch *batch, struct lc_err *err);

/**
 * attempt_judge() - The check's own verdict, and how it was proved
 * @seen:	The step's own probes, @count of them
 */
void attempt_judge(const struct attempt *a, const struct step_said *step,
		   const struct lc_seen *seen, size_t count,
		   struct lc_verdict *v);

/** attempt_examine() - Add to a failure why it is one */
void attempt_examine(const struct attempt *a, struct lc_batch *batch,
		     struct lc_verdict *v);

/**
 * attempt_listen() - Begin the captures that a step asks for
 * @ret_captures: For attempt_heard(); NULL if it asks for none
 *
 * Return: false if that can't be done, and the verdict says why
 */
bool attempt_listen(const struct attempt *a, const struct step_said *step,
		    struct captures **ret_captures, struct lc_verdict *v);

/** attempt_let_arrive() - Have what was sent without probes come to where they
 * listen */
void attempt_let_arrive(const struct attempt *a,
			const struct captures *captures, struct lc_verdict *v);

/** attempt_heard() - End them, and judge what they took */
void attempt_heard(struct captures *captures, struct lc_verdict *v);

/** attempt_blame_daemon() - Without the engine that the lab is to have,
 * nothing that it shows can count */
void attempt_blame_daemon(const struct attempt *a, struct lc_verdict *v);

#endif
