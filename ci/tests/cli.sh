#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cli.sh - what the command line answers: exit status and words
#
# A line of the tables below is what is asked, the exit status that it must have,
# a text that the answer must hold (on either stream), and the arguments.  They
# run where the small files of prepare() are.  The program is $LABCHECK, default
# ./labcheck.
#
# shellcheck disable=SC2016 # what other shells are to expand

set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
[ -x "$program" ] || { echo "Bail out! no program: $program"; exit 3; }

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 3

prepare() {
	printf '%s\n' 'name: pass' 'tags: [blue]' 'nodes: [{name: host}, {name: red}]' \
		'steps:' '  - run: {on: red, command: "true"}' >pass.yaml
	sed 's/"true"/"false"/; s/pass/fail/; s/blue/red/' pass.yaml >fail.yaml
	sed 's/"true"/"sleep 20"/' pass.yaml >sleep.yaml
	sed 's/{name: red}/{name: red, sysctls: [net.nothing=1]}/' \
		pass.yaml >error.yaml
	sed 's/{name: red}/{name: red, netns: "pid:1"}/' pass.yaml >skip.yaml
	printf 'nodes: [{name: red}]\n' >stepless.yaml
	printf 'nmae: x\n' >wrong.yaml
	printf 'nodes: [{name: red, interfaces: [{name: lo, addresses: [10.0.0.1]}]}]\n' \
		>warning.yaml
	: >empty.yaml
	mkdir directory
}

# says STATUS TEXT COMMAND... - TEXT is a fixed string, '' for silence
says() {
	want=$1 text=$2
	shift 2
	"$@" >out 2>&1
	got=$?
	result=0
	[ "$got" = "$want" ] || result=1
	if [ -n "$text" ]; then
		grep -qF -e "$text" out || result=1
	elif [ -s out ]; then
		result=1
	fi
	[ $result = 0 ] || {
		echo "# exit status $got, expected $want, and: $text"
		sed 's/^/# /' out
	}
}

# case_ TITLE STATUS TEXT [ARGUMENT...]
case_() {
	title=$1 want=$2 text=$3
	shift 3
	says "$want" "$text" "$program" "$@" </dev/null
	verdict $result "$title"
}

prepare

# What is run, and how it ends
case_ 'a pass'			0 'ok 1 - run on red'	pass.yaml
case_ 'a failure'		1 'not ok 1'		fail.yaml
case_ 'an error'		3 'no such setting'	error.yaml
case_ 'a skip'			0 '# SKIP'		skip.yaml
case_ 'a skip that must run'	1 'not ok 1'		--must-run skip.yaml
case_ 'an error outweighs a failure' 3 'not ok 2'	fail.yaml error.yaml
case_ 'names are prefixed'	1 'ok 1 - pass.yaml: run' pass.yaml fail.yaml
case_ 'the word run'		0 'ok 1'		run pass.yaml
case_ 'repeated'		0 'ok 3'		--repeat 3 pass.yaml
case_ 'options behind files'	0 'ok 2'		pass.yaml --repeat=2
case_ 'no step'			0 '1..0 # SKIP'		stepless.yaml
case_ 'no step that must run'	1 'no step to run'	--must-run stepless.yaml

# What is chosen
case_ 'by name'			0 '1..1'		-k '^pass$' pass.yaml fail.yaml
case_ 'by tag'			1 '1..1'		-k red pass.yaml fail.yaml
case_ 'nothing'			2 "-k 'x' matches no scenario" -k x pass.yaml
case_ 'a list'			0 'fail.yaml  fail  [red]' --list pass.yaml fail.yaml
case_ 'a list has no TAP'	0 'pass.yaml  pass  [blue]  1 step' --list pass.yaml
grep -q 'TAP\|^1\.\.' out && result=1 || result=0
verdict $result 'indeed'
case_ 'a list with steps'	0 '       1  run on red: true' --list pass.yaml
case_ 'a list of nothing'	2 'matches no scenario'	--list -k x pass.yaml

# What is read: without -k only what is of this shard
case_ 'a shard'			0 'ok 1 - pass.yaml'	--shard 2/2 fail.yaml pass.yaml
case_ 'of which there is one'	0 '1..1'		--shard 2/2 fail.yaml pass.yaml
case_ 'an empty shard'		0 '1..0 # SKIP'		--shard 2/2 pass.yaml
case_ 'an empty shard that must run' 0 '1..0 # SKIP'	--shard 2/2 --must-run pass.yaml
case_ "another shard's mistake"	0 'ok 1'		--shard 1/2 pass.yaml wrong.yaml
case_ "this shard's mistake"	2 'nmae'		--shard 2/2 pass.yaml wrong.yaml
case_ 'a mistake and -k'	2 'nmae'		--shard 1/2 -k pass pass.yaml wrong.yaml
case_ 'a shard of what matches'	0 '1..1'		--shard 1/2 -k pass fail.yaml pass.yaml

# Files that are none
case_ 'no file'			2 'which scenario?'
case_ 'a missing file'		2 'x.yaml: No such file' x.yaml
case_ 'one of two is missing'	2 'x.yaml: No such file' pass.yaml x.yaml
case_ 'a directory'		2 'a directory'		directory
case_ 'an empty file'		2 'empty.yaml:1:1: error: the file is empty' empty.yaml
case_ 'standard input'		2 'standard input:1:1'	-
case_ 'a wrong file'		2 "wrong.yaml:1:1: error: unknown key 'nmae'; did you mean 'name'?" \
	pass.yaml wrong.yaml

# lint, plan, shell
case_ 'lint is silent'		0 ''			lint pass.yaml
case_ 'lint warns'		0 'warning:'		lint warning.yaml
case_ 'lint finds errors'	2 'error:'		lint pass.yaml wrong.yaml
case_ 'run does not warn'	0 '1..0'		warning.yaml
case_ 'a plan'			0 'ip netns add red'	plan pass.yaml
case_ 'a plan of two'		2 'plan takes one file'	plan pass.yaml fail.yaml
case_ 'a shell'			0 ''			shell pass.yaml
case_ 'a shell on a node'	0 ''			shell pass.yaml red
case_ 'a shell on no node'	2 "no node 'rde'; did you mean 'red'?" shell pass.yaml rde
case_ 'a shell on three'	2 'shell takes a file'	shell pass.yaml red blue

# help
case_ 'help'			0 'Usage: labcheck'	help
case_ '--help'			0 'Usage: labcheck'	--help
case_ 'help on a verb'		0 'ping - '		help ping
case_ 'help on two'		0 'outcomes'		help ping steps
case_ 'help on a key of steps'	0 'capture - a key of steps' help capture
case_ 'help on a key within'	0 'aux_addresses - a key of networks' \
				help aux_addresses
case_ 'help on nothing known'	2 "did you mean 'ping'?" help pnig
case_ 'the version'		0 'labcheck '		--version

# Mistakes
case_ 'a misspelt command'	2 "did you mean 'lint'?" lnit pass.yaml
case_ 'an unknown option'	2 'unknown option --frob' --frob pass.yaml
case_ 'an unknown letter'	2 'unknown option -x'	-x pass.yaml
case_ 'a value too much'	2 '--list takes no value' --list=3 pass.yaml
case_ 'a value too few'		2 '-k needs a value'	-k
case_ 'no repeat'		2 'from 1 to 1000000'	--repeat 0 pass.yaml
case_ 'a repeat of words'	2 'from 1 to 1000000'	--repeat 2x pass.yaml
case_ 'a broken expression'	2 "-k '('"		-k '(' pass.yaml
case_ 'a shard too far'		2 'such as 2/4'		--shard 3/2 pass.yaml
case_ 'a shard before the first' 2 'such as 2/4'	--shard 0/2 pass.yaml
case_ 'a shard of nothing'	2 'such as 2/4'		--shard 1 pass.yaml
case_ 'a shard of a shard'	2 'such as 2/4'		--shard 1/2/3 pass.yaml
case_ 'a shard of words'	2 'such as 2/4'		--shard a/b pass.yaml
case_ 'a negative shard'	2 'such as 2/4'		--shard -1/2 pass.yaml
case_ 'a shard of a plan'	2 'for run and lint'	--shard 2/2 plan pass.yaml
case_ 'a seed of words'		2 'from 1 to 4294967295' --shuffle=x pass.yaml
cp pass.yaml other
case_ 'a report instead of a file'	2 'named like a scenario'	--json pass.yaml pass.yaml
case_ 'a report over a scenario'	2 'over what is to be read'	--junit other other
case_ 'a report over a report'	2 'a file each'		--json x --junit x pass.yaml
case_ 'a report over its parts'	2 'over what is to be read'	merge --json other other
case_ 'reports for nobody'	0 'ok 1'	--json /dev/null --junit /dev/null pass.yaml
case_ 'a report of a list'	2 'for run and merge'	--list --json x pass.yaml
case_ 'a report of lint'	2 'for run and merge'	lint --github pass.yaml
case_ 'merge of nothing'	2 'which reports?'	merge
case_ "no job"			2 "from 1 to 1000"	-j 0 pass.yaml

# Standard streams
says 0 'ok 1' sh -c '"$0" pass.yaml <&-' "$program"
verdict $result 'without a standard input'
says 3 'No space left on device' sh -c '"$0" pass.yaml >/dev/full' "$program"
verdict $result 'results that can not be written'
says 3 'No space left on device' sh -c '"$0" help >/dev/full' "$program"
verdict $result 'help that can not be written'
printf 'hostname; exit 7\n' >typed
says 7 'labcheck' sh -c '"$0" shell pass.yaml red <typed' "$program"
verdict $result "a shell's exit status"

# Ctrl-C and its kin; a shell script's & ignores SIGINT, hence env
for signal in INT TERM HUP; do
	: >out		# the wait below must not see the last one
	env --default-signal="$signal" "$program" sleep.yaml >out 2>&1 </dev/null &
	while kill -0 $! && ! grep -q "^1\.\." out; do :; done
	kill -"$signal" $!
	wait $!
	[ $? -gt 128 ] && grep -q "^Bail out! interrupted by SIG$signal" out &&
		grep -q '^labcheck: interrupted.*the lab is gone' out
	verdict $? "SIG$signal"
done

# What this kernel has is not said to be missing
try_kind() { # kind, what `ip link add` wants beside it
	kind=$1
	shift
	printf 'requires: [%s]\n' "$kind" | cat - pass.yaml >requires.yaml
	if unshare -rn sh -c 'ip link add below type bridge
		ip link add "$@"' - "$@" 2>/dev/null; then
		says 0 'ok 1 - run on red: true' "$program" requires.yaml
		! grep 'SKIP' out || result=1
	else
		says 0 "# SKIP this machine lacks $kind" "$program" requires.yaml
	fi
	verdict $result "requires: $kind"
}
try_kind macvlan	link below name x type macvlan
try_kind vlan		link below name x type vlan id 1
try_kind vxlan		x type vxlan id 1 dstport 4789
try_kind dummy		x type dummy
try_kind bond		x type bond
try_kind vrf		x type vrf table 9
try_kind wireguard	x type wireguard

finish
