#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# sanitizers.sh - which of the sanitizers' reports ci/test counts as failures
# builds: clang-san gcc-san
set -u
cd "$(dirname "$0")" || exit 3
# shellcheck source=ci/tests/lib/verdict.sh
. lib/verdict.sh
# shellcheck source=ci/tests/lib/sanitizers.bash
. lib/sanitizers.bash

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work" "$reports"' EXIT
prepare_sanitizers

# told - what of the reports is a failure, which leaves none of them
told() {
	: >"$work/log"
	take_reports "$work/log"
	status=$?
	! ls "$reports"/report.* >/dev/null 2>&1 || status="$status, and kept"
}

none_is() {	# DESCRIPTION
	told
	[ "$status" = 1 ] && [ ! -s "$work/log" ]
	verdict $? "$1" "$status: $(cat "$work/log")"
}

is_told() {	# TEXT DESCRIPTION
	told
	[ "$status" = 0 ] && grep -q "$1" "$work/log"
	verdict $? "$2" "$status: $(cat "$work/log")"
}

cut='==4==Unable to get registers from thread 1.'

# leaking NAME - a program that does
leaking() {
	cat >"$work/$1.c" <<-'END'
		#include <stdlib.h>
		int main(void)
		{
			volatile char *p = malloc(7);
			p = 0;
			return p != 0;
		}
	END
	"${CC:-cc}" -fsanitize=address -o "$work/$1" "$work/$1.c"
}

none_is 'nothing'
: >"$reports/report.1"
none_is 'of a process that was killed before it wrote'
echo "$cut" >"$reports/report.1"
none_is 'of a process that was killed while it was looked into'
echo "$cut" >"$reports/report.1"
echo 'a.c:3:2: runtime error: shift exponent 32 is too large' \
	>"$reports/report.2"
is_told 'shift exponent' 'one beside it'
printf '%s\n==4==LeakSanitizer has encountered a fatal error.\n' "$cut" \
	>"$reports/report.1"
is_told 'fatal error' 'more than that'
if leaking leak 2>"$work/err"; then
	"$work/leak" 2>/dev/null
	is_told 'detected memory leaks' 'a leak'
else
	skip 'a leak' "${CC:-cc} makes no such program"
fi
finish
