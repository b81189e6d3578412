#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# outcomes.sh - every outcome is told apart, and none is taken for the first
#
# good/outcomes.yaml must pass as it stands; with each expectation turned into
# the first outcome (the answer), all steps that expected another must fail,
# and none with an error.
set -eu
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

labcheck=${LABCHECK:-./labcheck}
file=ci/tests/good/outcomes.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

status=0
"$labcheck" "$file" > "$work/good.tap" 2> "$work/good.err" || status=$?
verdict "$status" "every outcome is recognised"
[ "$status" -eq 0 ] || grep -A8 '^not ok' "$work/good.tap" || true

negatives=$(sed -n '/^steps:/,$p' "$file" | grep -cE 'expect: [a-z]')
sed -E '/^steps:/,$ s/, expect: [a-z-]+//' "$file" > "$work/all-answered.yaml"
status=0
"$labcheck" "$work/all-answered.yaml" > "$work/bad.tap" 2> "$work/bad.err" || status=$?
[ "$status" -eq 1 ] && r=0 || r=1
verdict "$r" "with every expectation inverted the scenario fails (status $status, not 3)"
count=$(grep -c '^not ok' "$work/bad.tap" || true)
[ "$count" -eq "$negatives" ] && r=0 || r=1
verdict "$r" "all $negatives inverted steps fail, and no other ($count did)"
finish
