#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# readme.sh - what README.md shows is what labcheck does
#
# builds: gcc-release
set -eu
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}")
cd "$(dirname "$0")/../.."

readme=$PWD/README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# block N - the N-th fenced block below `## A first scenario`
block() {
	awk -v n="$1" '
		/^## / { inside = /^## A first scenario/ }
		inside && /^```/ { fence++; next }
		fence == 2 * n - 1' "$readme"
}

# shows STATUS N DESCRIPTION - gateway.yaml does what block N shows
shows() {
	local status=0 wrong=0

	block "$2" | grep -v '^\$ ' >"$work/expected"
	(cd "$work" && "$program" gateway.yaml) >"$work/got" 2>&1 || status=$?
	diff -u "$work/expected" "$work/got" >"$work/diff" || wrong=1
	[ $status = "$1" ] || wrong=1
	verdict $wrong "$3" "exit status $status, expected $1
$(cat "$work/diff")"
}

# edit SED - the scenario of block 1, changed
edit() {
	block 1 | sed "$1" >"$work/gateway.yaml"
}

edit ''
shows 0 2 'the first scenario passes'
edit '/forward: true/d'
shows 1 3 'without forwarding it fails'
edit 's/from: blue, to: host/from: bleu, to: host/'
shows 2 4 'a mistake is told'
finish
