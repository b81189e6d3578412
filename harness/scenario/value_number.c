// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * value_number.c - numbers, and numbers with units
 *
 * Digits only: no sign, no space, no other base.  A leading zero is refused,
 * since YAML readers disagree on whether 010 is eight.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <labcheck/err.h>

#include "scenario/value.h"

/* The digits at *@p; false: there are none, or the number is too large */
static bool take_digits(const char **p, uint64_t *ret_number)
{
	const char *start = *p;
	uint64_t number = 0;

	for (; isdigit((unsigned char)**p); ++*p)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (unsigned)(**p - '0'),
					   &number))
			return false;
	*ret_number = number;
	return *p > start;
}

static int too_large(const char *text, struct lc_err *err)
{
	return lc_err_set(err, -EINVAL, "'%.40s' is too large", text);
}

static int not_digits(const char *text, struct lc_err *err)
{
	if (*text && !text[strspn(text, "0123456789")])
		return too_large(text, err);
	return lc_err_set(err, -EINVAL,
			  "'%.40s' is not a number: digits only", text);
}

int value_number(const char *text, uint64_t min, uint64_t max,
		 uint64_t *ret_number, struct lc_err *err)
{
	const char *p = text;
	uint64_t number;

	if (!max)
		max = INT64_MAX;
	if (!take_digits(&p, &number) || *p)
		return not_digits(text, err);
	if (text[0] == '0' && text[1])
		return lc_err_set(err, -EINVAL,
				  "'%.40s' begins with a zero: write %" PRIu64,
				  text, number);
	if (number < min)
		return lc_err_set(err, -EINVAL,
				  "%" PRIu64 " is too small: at least %" PRIu64,
				  number, min);
	if (number > max)
		return lc_err_set(err, -EINVAL,
				  "%" PRIu64 " is too large: at most %" PRIu64,
				  number, max);
	*ret_number = number;
	return 0;
}

int value_bool(const char *text, bool *ret_flag, struct lc_err *err)
{
	static const char *const others[][2] = {
		{ "yes", "true" }, { "on", "true" }, { "y", "true" },
		{ "1", "true" }, { "no", "false" }, { "off", "false" },
		{ "n", "false" }, { "0", "false" },
	};

	*ret_flag = !strcmp(text, "true");
	if (*ret_flag || !strcmp(text, "false"))
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!strcasecmp(text, others[i][0]))
			return lc_err_set(err, -EINVAL,
					  "'%s' is not true or false: write "
					  "%s", text, others[i][1]);
	return lc_err_set(err, -EINVAL, "'%.40s' is not true or false", text);
}

struct unit {
	const char *name;
	uint64_t factor;
};

/**
 * struct measure - A kind of number that has a unit
 * @what:	Its name, and what is right
 * @usual:	The unit that is proposed where there is none
 * @units:	Ends with one without name
 */
struct measure {
	const char *what;
	const char *usual;
	const struct unit *units;
};

static const struct measure duration = {
	.what = "a duration: 100us, 10ms, 5s, 2m",
	.usual = "s",
	.units = (const struct unit[]){
		{ "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
		{ "m", 60000000000 }, { NULL },
	},
};

static const struct measure percentage = {
	.what = "a percentage: 1%, 0.5%",
	.usual = "%",
	.units = (const struct unit[]){ { "%", 100 }, { NULL } },
};

/* In bits, as of tc(8), whose `bps` and `mbps` are bytes */
static const struct measure rate = {
	.what = "a rate: 800kbit, 10mbit, 1gbit",
	.usual = "mbit",
	.units = (const struct unit[]){
		{ "bit", 1 }, { "kbit", 1000 }, { "mbit", 1000000 },
		{ "gbit", 1000000000 }, { NULL },
	},
};

static const struct unit *find_unit(const struct unit *units, const char *name)
{
	while (units->name && strcmp(units->name, name))
		units++;
	return units->name ? units : NULL;
}

static int not_measure(const char *text, const struct measure *measure,
		       struct lc_err *err)
{
	return lc_err_set(err, -EINVAL, "'%.40s' is not %s", text,
			  measure->what);
}

/* A number, which may have a fraction, times its unit */
static int measured(const char *text, const struct measure *measure,
		    uint64_t *ret_number, struct lc_err *err)
{
	uint64_t whole, fraction = 0, scale = 1;
	const struct unit *unit;
	const char *p = text;

	if (!take_digits(&p, &whole))
		return isdigit((unsigned char)*p) ?
			       too_large(text, err) :
			       not_measure(text, measure, err);
	if (*p == '.' && !isdigit((unsigned char)*++p))
		return not_measure(text, measure, err);
	for (; isdigit((unsigned char)*p) && scale < 1000000000; p++) {
		fraction = fraction * 10 + (unsigned)(*p - '0');
		scale *= 10;
	}
	if (!*p)
		return lc_err_set(err, -EINVAL,
				  "'%.40s' has no unit: write %.40s%s", text,
				  text, measure->usual);
	unit = find_unit(measure->units, p);
	if (!unit)
		return not_measure(text, measure, err);
	if (whole > INT64_MAX / 2 / unit->factor)
		return too_large(text, err);
	*ret_number = whole * unit->factor + fraction * unit->factor / scale;
	return 0;
}

int value_duration(const char *text, uint64_t *ret_ns, struct lc_err *err)
{
	const uint64_t day = 86400ull * 1000000000;
	int r = measured(text, &duration, ret_ns, err);

	if (r == 0 && *ret_ns > day)
		return lc_err_set(err, -EINVAL, "'%.40s' is more than a day",
				  text);
	return r;
}

int value_percent(const char *text, uint64_t *ret_hundredths,
		  struct lc_err *err)
{
	int r = measured(text, &percentage, ret_hundredths, err);

	if (r == 0 && *ret_hundredths > 10000)
		return lc_err_set(err, -EINVAL, "'%.40s' is more than 100%%",
				  text);
	return r;
}

int value_rate(const char *text, uint64_t *ret_bytes, struct lc_err *err)
{
	uint64_t bits;
	int r = measured(text, &rate, &bits, err);

	if (r < 0)
		return r;
	if (bits < 8)
		return lc_err_set(err, -EINVAL, "'%.40s' lets nothing pass",
				  text);
	*ret_bytes = bits / 8;
	return 0;
}

int value_comparison(const char *text, struct lc_value *value,
		     struct lc_err *err)
{
	static const struct {
		const char *sign;
		enum lc_relation relation;
	} signs[] = {
		{ ">=", LC_AT_LEAST }, { "<=", LC_AT_MOST },
		{ "!=", LC_NOT_EQUAL }, { "==", LC_EQUAL },
		{ ">", LC_MORE }, { "<", LC_LESS }, { "=", LC_EQUAL },
		{ "", LC_EQUAL },
	};
	size_t i = 0, length;
	uint64_t than;
	int r;

	while (strncmp(text, signs[i].sign, strlen(signs[i].sign)))
		i++;
	length = strlen(signs[i].sign);
	r = value_number(text + length + strspn(text + length, " "), 0, 0,
			 &than, NULL);
	if (r < 0)
		return lc_err_set(err, r, "'%.40s' is not a number or a "
				  "comparison: 3, \">=1\", \"<5\"", text);
	value->relation = signs[i].relation;
	value->than = than;
	return 0;
}

int value_ports(const char *text, struct lc_value *value, struct lc_err *err)
{
	const char *p = text;
	uint64_t first, last;
	bool good;

	good = take_digits(&p, &first);
	last = first;
	if (good && *p == '-') {
		p++;
		good = take_digits(&p, &last);
	}
	if (!good || *p)
		return lc_err_set(err, -EINVAL,
				  "'%.40s' is not a port or a range of ports: "
				  "80, 8000-8010", text);
	if (!first || last > UINT16_MAX)
		return lc_err_set(err, -EINVAL,
				  "'%.40s': ports are 1 to 65535", text);
	if (last < first)
		return lc_err_set(err, -EINVAL,
				  "'%.40s': a range begins with the lower port",
				  text);
	value->first = (uint16_t)first;
	value->last = (uint16_t)last;
	return 0;
}

int value_table(const char *text, uint64_t *ret_table, struct lc_err *err)
{
	static const struct unit tables[] = {
		{ "default", 253 }, { "main", 254 }, { "local", 255 }, { NULL },
	};
	const struct unit *table = find_unit(tables, text);

	if (table) {
		*ret_table = table->factor;
		return 0;
	}
	if (!isdigit((unsigned char)*text))
		return lc_err_set(err, -EINVAL,
				  "'%.40s' is not a routing table: a number, "
				  "main, local or default", text);
	return value_number(text, 1, UINT32_MAX, ret_table, err);
}

bool lc_comparison_holds(const struct lc_value *comparison, uint64_t count)
{
	uint64_t than = comparison->than;

	switch (comparison->relation) {
	case LC_EQUAL:
		return count == than;
	case LC_AT_LEAST:
		return count >= than;
	case LC_AT_MOST:
		return count <= than;
	case LC_MORE:
		return count > than;
	case LC_LESS:
		return count < than;
	case LC_NOT_EQUAL:
		return count != than;
	}
	abort();
}
