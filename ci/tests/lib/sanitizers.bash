# SPDX-License-Identifier: GPL-2.0-or-later
#
# sanitizers.bash - what sanitizers report of the programs that a test runs
#
# Reports must not depend on who reads standard error: they go into files, and
# any file is a failure.
# shellcheck shell=bash

# Where they are
reports=

# prepare_sanitizers - for all that is started from here on
#
# Exit status 66 is nobody else's.  Tests report from other users' processes as
# well, hence a directory that all can write to, outside of a checkout that they
# may not see.
prepare_sanitizers() {
	local options

	reports=$(mktemp -d)
	chmod 1777 "$reports"
	options="exitcode=66:log_path=$reports/report"
	options+=":allow_addr2line=1"
	export ASAN_OPTIONS="$options:detect_leaks=1"
	export LSAN_OPTIONS="$options"
	export UBSAN_OPTIONS="$options:print_stacktrace=1"
}

# cut_short REPORT - whether it tells no more than that its process was killed
#
# Who looks for leaks in a process that SIGKILL has just reached can't stop its
# threads any more, and says so, or has not got as far as that.  Such processes
# are what tests of signals are about.
cut_short() {
	! grep -qv '^==[0-9]*==Unable to get registers from thread [0-9]*\.$' "$1"
}

# take_reports LOG - move what sanitizers reported there; true if there was any
take_reports() {
	local report reported=1

	for report in "$reports"/report.*; do
		[ -e "$report" ] || continue
		if ! cut_short "$report"; then
			cat "$report" >>"$1"
			reported=0
		fi
		rm -f "$report"
	done
	return $reported
}
