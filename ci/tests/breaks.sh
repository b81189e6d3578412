#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# breaks.sh - a shipped scenario notices when its lab is not what it should be
#
#	ci/tests/breaks.sh [SCENARIO...]
#
# Each line of breaks.list changes the lab of one scenario and leaves its steps as
# they are.  The copy must then fail: with exit status 1, not because it could not
# be read or built (2, 3), and in the step that is named.  Every scenario must
# have a line.  The program is $LABCHECK, default ./labcheck.

set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
cd "$(dirname "$0")" || exit 3
[ -x "$program" ] || { echo "Bail out! no program: $program"; exit 3; }

scenarios=../../scenarios
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The list as lines of three fields without blanks around them
sed -e '/^#/d' -e '/^[[:space:]]*$/d' -e 's/ | /\t/' breaks.list |
	sed 's/\(.*\) | \(.*\)/\1\t\2/' >"$work/list"
tab=$(printf '\t')

while IFS="$tab" read -r name edit step; do
	if [ $# -gt 0 ]; then
		case " $* " in *" $name "*) ;; *) continue ;; esac
	fi
	copy=$work/$name.yaml
	sed '/^steps:/,$d' "$scenarios/$name.yaml" | sed "$edit" >"$copy"
	sed -n '/^steps:/,$p' "$scenarios/$name.yaml" >>"$copy"

	result=0
	if cmp -s "$copy" "$scenarios/$name.yaml"; then
		echo "# the edit changes nothing"
		result=1
	else
		"$program" "$copy" >"$work/out" 2>"$work/err" </dev/null
		status=$?
		if [ $status = 0 ] && grep -q '^requires:' "$copy" &&
			! grep -v '# SKIP this machine lacks' "$work/out" |
				grep -q '^ok'; then
			skip "$name" "$(reason "$work/out")"
			continue
		fi
		if [ $status != 1 ]; then
			echo "# exit status $status, expected 1"
			sed 's/^/# /' "$work/err"
			grep -A 5 -e '^not ok' -e '^Bail' "$work/out" |
				sed 's/^/# /'
			result=1
		elif ! grep '^not ok' "$work/out" | grep -Eq "$step"; then
			echo "# it fails, but not in: $step"
			grep '^not ok' "$work/out" | sed 's/^/# /'
			result=1
		fi
	fi
	[ $result = 0 ] || printf '# the edit: %s\n' "$edit"
	verdict $result "$name notices: $step"
done <"$work/list"

for file in "$scenarios"/*.yaml; do
	name=$(basename "$file" .yaml)
	[ $# -gt 0 ] && break
	cut -f 1 "$work/list" | grep -qx "$name" && continue
	verdict 1 "$name has a line in breaks.list"
done

finish
