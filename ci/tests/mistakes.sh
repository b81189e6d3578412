#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mistakes.sh - what asserts nothing is refused, what can't be told is no verdict
#
# `lint` says of lint/NAME.yaml what lint/NAME.expected says, and every step of
# errors/NAME.yaml ends in an error: exit status 3, and none is ok.  The program
# is $LABCHECK, default ./labcheck.
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
cd "$(dirname "$0")" || exit 3
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT

for file in lint/*.yaml; do
	"$program" lint "$file" > "$work/told" 2>&1 < /dev/null
	[ $? -eq 2 ] && diff "${file%.yaml}.expected" "$work/told"
	verdict $? "$file is refused"
done

for file in errors/*.yaml; do
	"$program" "$file" > "$work/tap" 2> "$work/err" < /dev/null
	[ $? -eq 3 ] && ! grep '^ok' "$work/tap" &&
		[ "$(grep -c '^not ok' "$work/tap")" -eq \
		  "$(grep -c '^  error:' "$work/tap")" ]
	result=$?
	[ $result -eq 0 ] || sed 's/^/# /' "$work/tap" "$work/err"
	verdict $result "$file ends in errors"
done
finish
