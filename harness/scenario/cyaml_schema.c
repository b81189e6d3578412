// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cyaml_schema.c - libcyaml's schema, made from the tables of the language
 *
 * Every scalar is a string to libcyaml, and nothing is required: what a value
 * means and what must be there was verified before.  A step is a mapping with
 * one more key for each verb, of which one is given.
 */
#include "scenario/arena.h"
#include "scenario/cyaml_schema.h"
#include "scenario/language.h"
#include "scenario/scenario.h"

struct maker {
	struct arena *arena;
	const struct lc_check *const *checks;
};

static const cyaml_schema_field_t *make_fields(const struct maker *maker,
					       const struct lc_field *fields);

static size_t count_fields(const struct lc_field *fields)
{
	size_t count = 0;

	while (fields[count].key)
		count++;
	return count;
}

static cyaml_schema_value_t string_value(void)
{
	return (cyaml_schema_value_t){
		.type = CYAML_STRING,
		.flags = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		.data_size = sizeof(char),
		.string.max = CYAML_UNLIMITED,
	};
}

static cyaml_schema_value_t sequence_value(const struct maker *maker,
					   const cyaml_schema_value_t *entry,
					   uint32_t size)
{
	cyaml_schema_value_t *copy = arena_alloc(maker->arena, sizeof(*copy));

	*copy = *entry;
	return (cyaml_schema_value_t){
		.type = CYAML_SEQUENCE,
		.flags = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		.data_size = size,
		.sequence = { .entry = copy, .max = CYAML_UNLIMITED },
	};
}

static cyaml_schema_value_t mapping_value(const struct maker *maker,
					  const struct lc_field *fields,
					  uint32_t size, int flags)
{
	return (cyaml_schema_value_t){
		.type = CYAML_MAPPING,
		.flags = (enum cyaml_flag)flags,
		.data_size = size,
		.mapping.fields = make_fields(maker, fields),
	};
}

static cyaml_schema_field_t make_field(const struct maker *maker,
				       const struct lc_field *field)
{
	cyaml_schema_field_t made = {
		.key = field->key,
		.data_offset = field->offset,
	};
	cyaml_schema_value_t entry;

	switch ((int)field->type) {
	case LC_LIST:
		entry = string_value();
		made.value = sequence_value(maker, &entry, sizeof(char *));
		made.count_offset = field->offset +
				    (uint32_t)offsetof(struct lc_list, count);
		made.count_size = sizeof(uint32_t);
		break;
	case LC_MAPPING:
		made.value = mapping_value(maker, field->fields, field->size,
					   CYAML_FLAG_POINTER |
						   CYAML_FLAG_OPTIONAL);
		break;
	case LC_MAPPINGS:
	case LC_STEPS:
		entry = mapping_value(maker, field->fields, field->size, 0);
		made.value = sequence_value(maker, &entry, field->size);
		made.count_offset = field->count_offset;
		made.count_size = sizeof(uint32_t);
		break;
	default:
		made.value = string_value();
	}
	return made;
}

static void make_verbs(const struct maker *maker, cyaml_schema_field_t *made)
{
	for (size_t i = 0; maker->checks[i]; i++) {
		const struct lc_check *check = maker->checks[i];

		made[i] = (cyaml_schema_field_t){
			.key = check->name,
			.data_offset =
				(uint32_t)(offsetof(struct step_said, verbs) +
					   i * sizeof(void *)),
			.value = mapping_value(maker, check->fields,
					       (uint32_t)check->params_size,
					       CYAML_FLAG_POINTER |
						       CYAML_FLAG_OPTIONAL),
		};
	}
}

static const cyaml_schema_field_t *make_fields(const struct maker *maker,
					       const struct lc_field *fields)
{
	size_t count = count_fields(fields), verbs = 0;
	cyaml_schema_field_t *made;

	while (fields == step_fields && maker->checks[verbs])
		verbs++;
	made = arena_alloc(maker->arena, (count + verbs + 1) * sizeof(*made));
	for (size_t i = 0; i < count; i++)
		made[i] = make_field(maker, &fields[i]);
	if (verbs)
		make_verbs(maker, made + count);
	return made;
}

const cyaml_schema_value_t *cyaml_schema(struct arena *arena,
					 const struct lc_check *const *checks)
{
	const struct maker maker = { .arena = arena, .checks = checks };
	cyaml_schema_value_t *root = arena_alloc(arena, sizeof(*root));

	*root = mapping_value(&maker, scenario_fields, sizeof(struct scenario),
			      CYAML_FLAG_POINTER);
	return root;
}
