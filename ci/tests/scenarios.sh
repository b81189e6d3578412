#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# builds: all
#
# scenarios.sh - every shipped scenario passes, as root and as an ordinary user
#
#	ci/tests/scenarios.sh [SCENARIO...]
#
# A skip counts as a failure: on this machine everything is to be seen, but what
# needs a device that a user may not open.  Program
# and scenarios are copied to where the other user can read them.  Who is not root
# runs them as himself alone.  The program is $LABCHECK, default ./labcheck.

set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
cd "$(dirname "$0")/../../scenarios" || exit 3
[ -x "$program" ] || { echo "Bail out! no program: $program"; exit 3; }

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

mkdir "$work/scenarios"
cp "$program" "$work/labcheck"
cp ./*.yaml "$work/scenarios"
chmod -R a+rX "$work"
cd "$work" || exit 3

if [ "$(id -u)" = 0 ]; then
	users='0 1000'
else
	users=$(id -u)
	echo "# not root: as uid $users alone"
fi

as() { # uid, command...
	uid=$1
	shift
	if [ "$uid" = "$(id -u)" ]; then
		"$@"
	else
		setpriv --reuid="$uid" --regid="$uid" --clear-groups "$@"
	fi
}

# shellcheck disable=SC2046 # names of scenarios have no blanks
[ $# = 0 ] && set -- $(cd scenarios && printf "%s\n" *.yaml | sed "s/[.]yaml$//")

for uid in $users; do
	for name; do
		if grep -Eq '^requires:.*(tun|openvswitch)' \
			"scenarios/$name.yaml" &&
			! as "$uid" sh -c ': >/dev/net/tun' 2>/dev/null; then
			skip "$name as uid $uid" 'no access to /dev/net/tun'
			continue
		fi
		as "$uid" ./labcheck --must-run "scenarios/$name.yaml" \
			>out 2>err </dev/null
		status=$?
		verdict $status "$name as uid $uid" "exit status $status
$(cat err)
$(grep -A 9 -e '^not ok' -e '^Bail' -e '# SKIP' out)"
	done
done

finish
