/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * utf8.h - characters out of bytes (RFC 3629)
 */
#ifndef SCENARIO_UTF8_H
#define SCENARIO_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#define UTF8_BAD UINT32_MAX

/**
 * utf8_next() - The character at *@p, which moves behind it
 * @end:	Where the text ends; must be behind *@p
 *
 * Return: UTF8_BAD for a byte that begins none, and *@p is one byte on:
 * overlong forms, surrogates and what is beyond U+10FFFF are none.
 */
uint32_t utf8_next(const char **p, const char *end);

/** utf8_is_control() - C0 and C1 controls, DEL */
bool utf8_is_control(uint32_t character);

/**
 * utf8_is_harmful() - What must not reach a terminal as it stands
 *
 * Controls, line separators, and what turns the direction of writing (which
 * can show a text as another one).
 */
bool utf8_is_harmful(uint32_t character);

#endif
