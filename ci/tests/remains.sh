#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# remains.sh - bridges of labs that are over are kept, and go, as root and as an
# ordinary user
#
# What is kept waits in a socket between labcheck and its sandboxes, a byte for
# each bridge, and ss(8) tells how many bytes these are.  Nothing depends on how
# fast this machine is: labcheck is stopped while its sandbox goes on to its end,
# and what it does while a lab waits is waited for.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"

PATH=$PATH:/usr/sbin:/sbin

# bridged NAME BRIDGES STEP - a lab whose host has bridges
bridged() {
	local i

	{
		printf 'name: %s\nnodes:\n  - {name: red}\n' "$1"
		printf '  - name: host\n    interfaces:\n'
		for ((i = 0; i < $2; i++)); do
			printf '      - {name: br%d, kind: bridge, addresses: [10.%d.0.1/16]}\n' \
				$i $i
		done
		printf 'steps:\n  - %s\n' "$3"
	} >"$1.yaml"
}

# run: a command, once FILE.runs is there until FILE.go is
held() { # NODE FILE
	local command="touch $PWD/$2.runs; until [ -e $PWD/$2.go ]; do sleep 0.01; done"

	echo "run: {on: $1, command: '$command', limit: 60m}"
}

prepare() {
	chmod 777 .
	bridged none 1 'run: {on: red, command: "true"}'
	bridged two 2 "$(held red two)"
	bridged next 0 "$(held red next)"
	sed -i '/name: host/,/interfaces:/d' next.yaml
	sed 's/{name: red}/{name: red}\n  - {name: other, netns: nobody}/' \
		two.yaml >adopts.yaml
}

# start ARGUMENT... - and wait for the lab that waits first
start() {
	rm -f ./*.runs ./*.go
	"${as[@]}" "$work/labcheck" "$@" >out 2>err </dev/null &
	pid=$!
	until [ -e two.runs ] || ! kill -0 $pid; do sleep 0.01; done
}

sandbox() {
	local children=

	read -r children <"/proc/$pid/task/$pid/children"
	echo "${children%% *}"
}

# first_ends - the first lab ends while its parent is stopped and takes no note
first_ends() {
	local first

	first=$(sandbox)
	kill -STOP $pid
	touch two.go
	until grep -q '^State:.Z' "/proc/$first/status"; do sleep 0.01; done
}

# kept - how many bridges
kept() {
	ss -xpH | grep -F "pid=$pid," |
		awk '$1 == "u_seq" { sum += $3 } END { print sum + 0 }'
}

# goes_on - to its end, and passes
goes_on() {
	touch next.go
	kill -CONT $pid
	wait $pid
}

test_kept() {
	start two.yaml next.yaml
	first_ends
	[ "$(kept)" = 2 ]
	verdict $? 'bridges of a lab that is over are kept for the next lab'
	kill -CONT $pid
	SECONDS=0
	until [ -e next.runs ] && [ "$(kept)" = 0 ] || [ $SECONDS -gt 60 ]; do
		sleep 0.01
	done
	[ "$(kept)" = 0 ]
	verdict $? 'they go while the next lab waits'
	goes_on
	verdict $? 'and both pass'
}

test_not_kept() {
	start two.yaml
	first_ends
	[ "$(kept)" = 0 ]
	verdict $? 'nothing is kept of a lab that is the only one'
	goes_on
	start none.yaml two.yaml
	first_ends
	[ "$(kept)" -le 1 ]
	verdict $? 'nor of the last one'
	goes_on
	start two.yaml next.yaml
	kill -KILL "$(sandbox)"
	until [ -e next.runs ]; do sleep 0.01; done
	[ "$(kept)" = 0 ] && ! goes_on && grep -q '^ok 2 ' out
	verdict $? 'nor of one that is killed, which harms no other'
}

# Where a lab is joined to what is not its own, that must not see it linger
test_adopted() {
	start --privileged adopts.yaml next.yaml
	first_ends
	[ "$(kept)" = 0 ]
	verdict $? 'nor of one that adopts a namespace'
	goes_on
}

cd "$work" || exit 3
cp "$program" labcheck
chmod -R a+rX .
prepare

for uid in $users; do
	as_user "$uid"
	test_kept
	test_not_kept
	[ "$uid" != 0 ] || test_adopted
done

finish
