# SPDX-License-Identifier: GPL-2.0-or-later
#
# users.bash - verdicts on one program, called as several users
#
# Read at the top of a test.  The program is $LABCHECK, default ./labcheck, and
# what it printed is in `out` and `err` of the directory that the test is in then,
# $work or one below, which goes when it ends.  A verdict of `as_user` says whose it is.
# shellcheck shell=bash
# shellcheck disable=SC2034 # the test looks at them
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "${BASH_SOURCE[0]}")/verdict.sh"

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
program=$(realpath "${LABCHECK-$top/labcheck}") || exit 3
[ -x "$program" ] || { echo "Bail out! no program: $program"; exit 3; }

# Who calls it: root as an ordinary user, too
users=$(id -u)
[ "$users" != 0 ] || users='0 1000'

user=
status=
as=(env)
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# What was printed, and what another program that read it left in `complaint`
details() {
	tail -n 1000 out err complaint 2>/dev/null
}

# as_user UID - what to put before a command, so that it is one process still
as_user() {
	user=$1
	prefix="uid $user: "
	as=(env)
	[ "$user" = "$(id -u)" ] ||
		as=(setpriv "--reuid=$user" "--regid=$user" --clear-groups)
}

# labcheck ARGUMENT... - into `out` and `err`, and $status
labcheck() {
	rm -f complaint
	"${as[@]}" "$work/labcheck" "$@" >out 2>err </dev/null
	status=$?
}
