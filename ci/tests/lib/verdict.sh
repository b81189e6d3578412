# SPDX-License-Identifier: GPL-2.0-or-later
#
# verdict.sh - what a test tells of what it has tried, as TAP
#
# Read at the top of a test, by any shell.
# shellcheck shell=sh
export LC_ALL=C

number=0
failed=0

# What each description begins with
prefix=

# details - what else is to be known of a failure; a test may have its own
details() {
	:
}

# verdict STATUS DESCRIPTION [DETAILS] - 0 is good; the details are of what is not
verdict() {
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number - $prefix$2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $number - $prefix$2"
	{ [ -z "${3-}" ] || printf '%s\n' "$3"; details; } | sed 's/^/# /'
}

# skip DESCRIPTION REASON
skip() {
	number=$((number + 1))
	echo "ok $number - $prefix$1 # SKIP $2"
}

# reason OUTPUT - why labcheck has skipped something
reason() {
	sed -n 's/.*# SKIP //p' "$1" | head -n 1
}

# finish - the last command of a test
finish() {
	echo "1..$number"
	[ "$failed" = 0 ]
}
