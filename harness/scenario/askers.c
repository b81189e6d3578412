// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * askers.c - whether somebody in a lab may ask for names
 *
 * Any program may.  Where none runs, and no step asks, containers need no name
 * server.
 */
#include <string.h>

#include <labcheck/check.h>

#include "expand.h"

/* By itself, whatever programs it runs */
static bool asks(const struct step_said *step)
{
	const struct lc_field *field;
	const struct lc_value *value;

	if (!step->check || !step->params)
		return false;
	if (!strcmp(step->check->name, "dns"))
		return true;
	for (field = step->check->fields; field->key; field++) {
		value = (const void *)((const char *)step->params +
				       field->offset);
		if (field->type == LC_TARGET && value->text &&
		    value->kind == LC_TARGET_NAME)
			return true;
	}
	return false;
}

static bool runs(const struct step_said *step)
{
	return step->check && (!strcmp(step->check->name, "run") ||
			       !strcmp(step->check->name, "do"));
}

bool steps_ask(const struct scenario *scenario)
{
	for (uint32_t i = 0; i < scenario->steps_count; i++)
		if (asks(&scenario->steps[i]))
			return true;
	return false;
}

bool somebody_asks(const struct expansion *e)
{
	for (uint32_t i = 0; i < e->life_count; i++)
		if (e->lives[i].said && e->lives[i].said->services_count)
			return true;
	for (uint32_t i = 0; i < e->scenario->steps_count; i++)
		if (runs(&e->scenario->steps[i]))
			return true;
	return steps_ask(e->scenario);
}
