#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# postmortem.sh - broken labs, each diagnosed with the right place and cause
#
#	ci/tests/postmortem.sh [NAME...]
#
# In postmortem/NAME.yaml a comment `# died: WORDS` stands before each step that
# must fail, in their order; nothing else may fail, and nothing else is said.
# `# needs: FILE`: what it is about only kernels know that have it.
# `nothing`: of that step the cause can't be known.  What passes is told nothing.  The program is $LABCHECK, default ./labcheck.

set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
cd "$(dirname "$0")" || exit 3
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# What was said of each that failed, without the quotes of YAML and the numbers
# of rules
said() {
	awk '/^not ok/ { died = "nothing" } /^  died: / { died = substr($0, 9) }
	     /^  \.\.\.$/ && died { print died; died = "" }' "$1" |
		sed -e 's/^"\(.*\)"$/\1/' -e 's/\\"/"/g' \
		    -e 's/handle [0-9][0-9]*)/handle N)/'
}

lacks_support() {
	grep -q '# SKIP this machine lacks' "$1" &&
		! grep -v '# SKIP this machine lacks' "$1" | grep -q '^\(not \)\{0,1\}ok'
}

examine() { # name
	needs=$(sed -n 's/^# needs: //p' "postmortem/$1.yaml")
	if [ -n "$needs" ] && [ ! -e "$needs" ]; then
		passed=$((passed + 1))
		echo "ok $((passed + failed)) - $1 # SKIP this machine lacks $needs"
		return
	fi
	"$program" "postmortem/$1.yaml" >"$work/out" 2>"$work/err" </dev/null
	if lacks_support "$work/out"; then
		skip "$1" "$(reason "$work/out")"
		return
	fi
	sed -n 's/^ *# died: //p' "postmortem/$1.yaml" >"$work/expected"
	said "$work/out" >"$work/said"
	exec 3<"$work/expected" 4<"$work/said"
	while read -r expected <&3; do
		read -r words <&4 || words=nothing
		[ "$expected" = "$words" ]
		verdict $? "$expected"
		[ "$expected" = "$words" ] || echo "# got: $words"
	done
	! read -r words <&4
	verdict $? "$1: nothing else is said"
	[ "$(grep -c '^not ok' "$work/out")" = "$(wc -l <"$work/expected")" ]
	verdict $? "$1: nothing else fails"
	sed 's/^/# /' "$work/err"
}

for file in postmortem/*.yaml; do
	name=$(basename "$file" .yaml)
	[ $# = 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
	examine "$name"
done

# Where a tap lost packets, that is said
lost='^  journey: "not known: more passed in the meantime than could be read"'
if [ $# = 0 ] || case " $* " in *" lost "*) ;; *) false ;; esac; then
	"$program" postmortem/lost.yaml >"$work/out" 2>&1 </dev/null
	lacks_support "$work/out" || [ "$(grep -c "$lost" "$work/out")" = 1 ]
	verdict $? "lost: that nothing is known is said"
fi

# So many failures are not all looked into, and the others say so
{
	printf 'nodes:\n  - name: a\n  - name: b\nsteps:\n'
	for _ in $(seq 110); do
		echo '  - ping: {from: a, to: 10.0.0.1}'
	done
} >"$work/many.yaml"
"$program" "$work/many.yaml" >"$work/out" 2>&1 </dev/null
[ "$(grep -c '^  died: a has no route' "$work/out")" = 100 ] &&
[ "$(grep -c '^  journey: .*not looked into: 100 failures' "$work/out")" = 10 ]
verdict $? "at most 100 failures of a scenario are looked into"

# A run that passes pays nothing for it
for file in good/ping.yaml good/tcp.yaml good/udp.yaml good/outcomes.yaml; do
	"$program" "$file" >"$work/out" 2>&1 </dev/null
	! grep -q '^  \(died\|journey\):' "$work/out"
	verdict $? "$file passes, and nothing died"
done

finish
