#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# builds: clang-san clang-release gcc-release
#
# twins.sh - every verb is seen to pass, and to fail in each way it can
#
#	ci/tests/twins.sh [--update] [NAME...]
#
# good/NAME.yaml must pass.  twins/NAME.yaml must fail, with exit status 1, and
# say about it exactly what twins/NAME.tap says; a good scenario that has a .tap
# is compared as well.  --update writes the .tap files anew: read the difference
# before you commit it.  The program is $LABCHECK, default ./labcheck.

set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
cd "$(dirname "$0")" || exit 3
[ -x "$program" ] || { echo "Bail out! no program: $program"; exit 3; }

update=
[ "${1-}" = --update ] && update=y && shift

excused='# \(SKIP\|TODO\)'
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# What differs from run to run: times, how often was tried, the state of a
# neighbour, which ports and identifiers the kernel chose, and which of several
# nodes are named as an example
normalise() {
	sed -e 's/[0-9][0-9.]* \(us\|ms\|s\)\>/N \1/g' \
	    -e 's/^  tries: [0-9]*$/  tries: N/' \
	    -e 's/, \(reachable\|stale\|delay\|probe\)$/, known/' \
	    -e 's/\<identifier [0-9][0-9]*/identifier N/g' \
	    -e 's/, handle [0-9][0-9]*)/, handle N)/' \
	    -e 's/:[3-6][0-9]\{4\}\>/:N/g' \
	    -e 's/\<port [3-6][0-9]\{4\}\>/port N/g' \
	    -e 's/why: [a-z0-9]* and [a-z0-9]* \(have\|share\)/why: X and Y \1/'
}

run() { # file, exit status that it must have
	"$program" "$1" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	normalise <"$work/out" >"$work/tap"
	[ $status = "$2" ] && return 0
	echo "# $1: exit status $status, expected $2"
	sed 's/^/# /' "$work/err"
	grep -A 9 -e '^not ok' -e '^Bail out' "$work/out" | sed 's/^/# /'
	return 1
}

compare() { # golden file
	if [ -n "$update" ]; then
		cp "$work/tap" "$1"
		return 0
	fi
	diff -u "$1" "$work/tap" >"$work/diff" && return 0
	sed 's/^/# /' "$work/diff"
	return 1
}

names() { # folder
	if [ $# -gt 1 ]; then
		folder=$1; shift
		for name; do
			[ -e "$folder/$name.yaml" ] && echo "$folder/$name.yaml"
		done
	else
		ls "$1"/*.yaml
	fi
}

# Whether the file that was run needs what is not here; then that is said
lacking() { # file
	grep -q '^requires:' "$1" && grep -q '^ok' "$work/out" &&
		! grep -v '# SKIP this machine lacks' "$work/out" |
			grep -q '^ok' || return 1
	skip "$1" "$(reason "$work/out")"
}

for file in $(names good "$@"); do
	run "$file" 0
	result=$?
	golden=${file%.yaml}.tap
	[ $result = 0 ] && lacking "$file" && continue
	if [ $result = 0 ] && [ -e "$golden" ]; then
		compare "$golden" || result=1
	elif [ $result = 0 ] && [ -n "$update" ] && grep -q "$excused" "$work/out"; then
		compare "$golden"
	elif [ $result = 0 ] && grep -q "$excused" "$work/out"; then
		echo "# skipped or excused, and no $golden says that it may be:"
		grep "$excused" "$work/out" | sed 's/^/# /'
		result=1
	fi
	verdict $result "$file passes"
done

for file in $(names twins "$@"); do
	run "$file" 1 >"$work/told"
	result=$?
	golden=${file%.yaml}.tap
	[ $status = 0 ] && lacking "$file" && continue
	cat "$work/told"
	if [ $result = 0 ]; then
		compare "$golden" || result=1
	fi
	verdict $result "$file fails as it should"
done

# A check that nobody has seen fail is not done
if [ $# = 0 ]; then
	for verb in $(sed -n '/define CHECKS/,/^$/s/[^X]*X(\([a-z_]*\))/\1 /gp' \
		      ../../checks/table.c | tr -d '\\'); do
		[ "$verb" = "X" ] && continue
		[ -e "good/$verb.yaml" ] && [ -e "twins/$verb.yaml" ]
		verdict $? "$verb has a twin"
	done
fi

finish
