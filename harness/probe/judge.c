// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * judge.c - what was seen of a probe, held against what was expected
 */
#include <labcheck/check.h>

#include "probe/batch/probe.h"

static void describe(struct lc_verdict *v, const struct lc_seen *seen)
{
	char text[LC_IP_TEXT];

	if (seen->address.family)
		lc_verdict_note(v, "address", "%s",
				lc_ip_format(&seen->address, text));
	if (seen->detail[0])
		lc_verdict_note(v, "evidence", "%s", seen->detail);
	if (seen->control)
		lc_verdict_note(v, "control", "%s", seen->control);
}

bool lc_judge_error(struct lc_verdict *v, const struct lc_seen *seen)
{
	struct lc_err err;

	if (seen->outcome != LC_OUTCOME_ERROR)
		return false;
	lc_err_set(&err, 0, "%s", seen->detail);
	if (seen->refused)
		lc_verdict_refused(v, seen->refused, &err);
	else
		lc_verdict_error(v, "%s", seen->detail);
	return true;
}

static const char *const flaws[] = {
	[LC_FLAW_ELSEWHERE] = "it was answered, but its target never got it",
	[LC_FLAW_REFUSED] = "its target refused it, but it was answered",
	[LC_FLAW_MUTE] =
		"its target got it and said nothing, but it was answered",
	[LC_FLAW_LOST] = "its target's answer was lost, but it was answered",
	[LC_FLAW_STRANGER] = "its server got it, but another one answered",
	[LC_FLAW_HALF] =
		"the handshake was answered and the word came to its server, but what that said did not come back",
};

void lc_judge_outcome(struct lc_verdict *v, enum lc_protocol protocol,
		      int expect, const struct lc_seen *seen)
{
	const char *const *words =
		protocol == LC_TCP ? lc_words_open : lc_words_reply;

	if (lc_judge_error(v, seen))
		return;
	if (!lc_seen_is(expect, seen)) {
		v->about = seen;
		lc_verdict_expect(v, words[expect],
				  lc_outcome_name(seen->outcome, protocol));
		describe(v, seen);
		return;
	}
	/* A failure of any kind is one, whoever caused it */
	if (seen->flaw && expect != LC_EXPECT_FAIL) {
		v->about = seen;
		lc_verdict_expect(v, words[expect],
				  seen->flaw == LC_FLAW_HALF ?
					  "a handshake, and no answer" :
					  "an answer by someone else");
		lc_verdict_fail(v, "%s", flaws[seen->flaw]);
		describe(v, seen);
	}
}

void lc_judge_arrival(struct lc_verdict *v, const struct lc_context *context,
		      const struct lc_seen *seen)
{
	if (context->arrives < 0 || v->result != LC_PASS)
		return;
	if (!seen->watched) {
		lc_verdict_error(v,
				 "can't tell whether it arrives: no node, or more than one, holds that address");
		return;
	}
	if (seen->at_target == (context->arrives == 1))
		return;
	v->about = seen;
	lc_verdict_expect(v, context->arrives ? "the target sees it" :
						"the target does not see it",
			  seen->at_target ? "it did" : "it did not");
	describe(v, seen);
}
