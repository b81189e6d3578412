#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# headers.sh - every header compiles as the first one of a file
#
# builds: gcc-release clang-release
set -eu
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

cd "$(dirname "$0")/../.."

compiler=${CC:-cc}

# stands_alone HEADER PATH... - with nothing but these in the include path
stands_alone() {
	local header=$1 paths=() path status=0

	shift
	for path in "$@"; do
		paths+=("-I$path")
	done
	"$compiler" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror \
		"${paths[@]}" -fsyntax-only -include "$header" -x c /dev/null ||
		status=$?
	verdict $status "$header"
}

for header in include/labcheck/*.h checks/*.h; do
	stands_alone "$header" include
done
for header in harness/*.h harness/*/*.h harness/*/*/*.h; do
	stands_alone "$header" include harness
done
finish
