#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# parts.sh - the parts of harness/probe include each other one way
#
# builds: gcc-release
#
# A part includes none but those above it in the table of harness/README.md, whose
# order is taken from there.  The files of the folder itself may include all.
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

cd "$(dirname "$0")/../.." || exit 3

# shellcheck disable=SC2016 # what the README quotes
mapfile -t parts < <(sed -n 's/^| `\([a-z]*\)\/` | .*/\1/p' harness/README.md |
	while read -r part; do
		[ ! -d "harness/probe/$part" ] || echo "$part"
	done)

# wrong PART ALLOWED... - its includes of other parts
wrong() {
	local part=$1 allowed

	allowed=$(IFS='|' && echo "$*")
	grep -n '^#include "probe/' "harness/probe/$part"/*.[ch] |
		grep -Ev "\"probe/($allowed)/[a-z_]+\\.h\""
}

[ "${#parts[@]}" = "$(find harness/probe -mindepth 1 -type d | wc -l)" ]
verdict $? 'the README speaks of each part'
for ((i = 0; i < ${#parts[@]}; i++)); do
	! wrong "${parts[i]}" "${parts[@]:0:i}" | sed 's/^/# /' | grep .
	verdict $? "${parts[i]} includes those above it alone"
done
finish
