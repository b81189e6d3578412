#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# readme.sh - what README.md shows is what labcheck does
#
# builds: gcc-release
set -eu

program=$(readlink -f "${LABCHECK:-./labcheck}")
cd "$(dirname "$0")/../.."

readme=$PWD/README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

number=0
failed=0

# block N - the N-th fenced block below `## A first scenario`
block() {
	awk -v n="$1" '
		/^## / { inside = /^## A first scenario/ }
		inside && /^```/ { fence++; next }
		fence == 2 * n - 1' "$readme"
}

# shows STATUS N DESCRIPTION - gateway.yaml does what block N shows
shows() {
	local status=0

	number=$((number + 1))
	block "$2" | grep -v '^\$ ' >"$work/expected"
	(cd "$work" && "$program" gateway.yaml) >"$work/got" 2>&1 || status=$?
	if diff -u "$work/expected" "$work/got" >"$work/diff" &&
		[ $status = "$1" ]; then
		echo "ok $number - $3"
	else
		echo "not ok $number - $3"
		echo "# exit status $status, expected $1"
		sed 's/^/# /' "$work/diff"
		failed=$((failed + 1))
	fi
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
[ $failed = 0 ]
