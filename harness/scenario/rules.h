/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.h - what single values can't show
 */
#ifndef SCENARIO_RULES_H
#define SCENARIO_RULES_H

struct lc_problems;
struct scenario;
struct step_said;

/** rules_verify_lab() - Of networks, nodes and links */
void rules_verify_lab(const struct scenario *scenario,
		      struct lc_problems *problems);

/** rules_verify_step() - Of a step whose keys are right, each by itself */
void rules_verify_step(const struct step_said *step,
		       struct lc_problems *problems);

#endif
