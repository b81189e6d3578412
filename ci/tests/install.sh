#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# install.sh - what `make install` puts in place works from there
#
# builds: gcc-release
set -eu
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# check DESCRIPTION COMMAND...
check() {
	local description=$1 status=0

	shift
	"$@" >"$work/log" 2>&1 || status=$?
	[ $status = 0 ] || sed 's/^/# /' "$work/log"
	verdict $status "$description"
}

has_all_scenarios() {
	diff -r scenarios "$work/usr/share/labcheck/scenarios"
}

# A scenario is an executable that looks for labcheck in the PATH
runs_by_name() {
	PATH=$work/usr/bin:$PATH \
		"$work/usr/share/labcheck/scenarios/custom-bridge.yaml"
}

check 'make install DESTDIR PREFIX' \
	make install DESTDIR="$work" PREFIX=/usr
check 'the program is there' "$work/usr/bin/labcheck" --version
check 'so are all scenarios' has_all_scenarios
check 'which run by themselves' runs_by_name
finish
