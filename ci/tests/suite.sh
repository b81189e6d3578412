#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# suite.sh - many scenarios in one call, as root and as an ordinary user
#
# What runs side by side is told in order, harms no other, and is gone with the
# call.  Scenarios that must be under way at the same time wait for files that
# the others make, so that no test depends on how fast this machine is.  Who is
# not root runs all this as himself alone.  The program is $LABCHECK, default
# ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"

# scenario NAME COMMAND... - a step for each command
scenario() {
	local name=$1 command

	shift
	{
		printf 'name: %s\nnodes: [{name: red}]\nsteps:\n' "$name"
		for command; do
			printf '  - run: {on: red, command: %s}\n' \
				"'${command//\'/\'\'}'"
		done
	} >"$name.yaml"
}

# titles - the steps of `out` as `word file`, in its order
titles() {
	sed -nE 's/^(ok|not ok) [0-9]+ - ([^:]*)\.yaml: .*/\1 \2/p' out |
		paste -sd ' '
}

# processes SECONDS - those of steps that sleep so long
processes() {
	local process

	for process in /proc/[0-9]*; do
		! tr '\0' ' ' 2>/dev/null <"$process/cmdline" |
			grep -q "^sleep $1 " || echo "${process#/proc/}"
	done
}

# child PARENT DESCENDANT - which child of PARENT a process comes from
child() {
	local process=$2 parent

	while :; do
		parent=$(ps -o ppid= -p "$process") || return 1
		parent=${parent// /}
		[ "$parent" != "$1" ] || break
		process=$parent
	done
	echo "$process"
}

wait_for() { # a file
	until [ -e "$1" ]; do sleep 0.01; done
}

prepare() {
	local await="until [ -e $PWD"

	chmod 777 .
	scenario pass true
	scenario fail false
	scenario twice true true
	scenario first "$await/third.ran ]; do sleep 0.01; done" true
	scenario second true
	scenario third "touch $PWD/third.ran"
	scenario hung "touch $PWD/hung.runs; sleep 98.7$$"
	scenario hung2 "touch $PWD/hung2.runs; sleep 98.7$$"
	sed 's/{name: red}/{name: red, netns: "pid:1"}/' pass.yaml >skip.yaml
	printf 'nodes: [{name: red}]\n' >stepless.yaml
}

test_order() {
	labcheck -j 3 first.yaml second.yaml third.yaml
	[ $status = 0 ] && [ "$(titles)" = \
		'ok first ok first ok second ok third' ]
	verdict $? 'side by side, told in order'
	rm -f third.ran
	labcheck -j 3 --repeat 2 third.yaml second.yaml twice.yaml
	[ $status = 0 ] && grep -q '^1\.\.8$' out && [ "$(titles)" = \
		'ok third ok second ok twice ok twice ok third ok second ok twice ok twice' ]
	verdict $? 'repeated side by side'
	rm -f third.ran
}

test_status() {
	labcheck -j 4 pass.yaml fail.yaml stepless.yaml pass.yaml skip.yaml
	[ $status = 1 ] && [ "$(titles)" = \
		'ok pass not ok fail ok pass ok skip' ]
	verdict $? 'one of them fails'
	labcheck -j 4 --must-run pass.yaml skip.yaml
	[ $status = 1 ] && [ "$(titles)" = 'ok pass not ok skip' ]
	verdict $? 'one of them is skipped and must run'
	"${as[@]}" "$work/labcheck" -j 4 pass.yaml twice.yaml >/dev/full 2>err
	[ $? = 3 ] && grep -q 'No space left' err
	verdict $? 'results that can not be written'
}

test_crash() {
	local victim

	rm -f hung.runs
	"${as[@]}" "$work/labcheck" -j 2 hung.yaml twice.yaml fail.yaml \
		>out 2>err </dev/null &
	wait_for hung.runs
	while victim=$(processes "98.7$$"); [ -z "$victim" ]; do :; done
	kill -KILL "$(child $! "$victim")"
	wait $!
	status=$?
	[ $status = 3 ] && [ "$(titles)" = \
		'not ok hung ok twice ok twice not ok fail' ] &&
		grep -q 'error: the sandbox was ended by signal 9' out
	verdict $? 'one that is killed harms no other'
}

test_signal() {
	local signal

	for signal in INT TERM HUP; do
		rm -f hung.runs hung2.runs
		"${as[@]}" env --default-signal=$signal "$work/labcheck" -j 3 \
			pass.yaml hung.yaml hung2.yaml >out 2>err </dev/null &
		wait_for hung.runs
		wait_for hung2.runs
		kill -$signal $!
		wait $!
		status=$?
		[ $status -gt 128 ] && [ -z "$(processes "98.7$$")" ] &&
			grep -q "^Bail out! interrupted by SIG$signal" out
		verdict $? "SIG$signal ends all of them"
	done
	rm -f hung.runs hung2.runs
	"${as[@]}" "$work/labcheck" -j 2 hung.yaml hung2.yaml >out 2>err \
		</dev/null &
	wait_for hung.runs
	wait_for hung2.runs
	kill -KILL $!
	wait $! 2>/dev/null
	while [ -n "$(processes "98.7$$")" ]; do sleep 0.01; done
	verdict 0 'SIGKILL ends all of them'
}

# names_of - the files that a list has, in its order
names_of() {
	sed -n 's/^\([a-z0-9]*\)\.yaml .*/\1/p' out | paste -sd ' '
}

test_parts() {
	local part files='third.yaml pass.yaml twice.yaml fail.yaml second.yaml'

	for part in 1 2 3; do
		# shellcheck disable=SC2086 # names
		labcheck --list --shard $part/3 $files
		names_of
	done >parts
	[ "$(paste -sd , parts)" = 'third fail,pass twice,second' ]
	verdict $? 'parts of a suite'
	# shellcheck disable=SC2086
	labcheck --list -k '^[pst]' --shard 2/2 $files
	[ "$(names_of)" = 'twice second' ]
	verdict $? 'parts of what is selected'
}

test_shuffle() {
	local seed order

	labcheck -j 2 --shuffle pass.yaml twice.yaml second.yaml third.yaml
	seed=$(sed -n 's/^# the order is that of --shuffle=//p' out)
	order=$(titles)
	[ $status = 0 ] && [ -n "$seed" ]
	verdict $? 'a random order, and its seed is told'
	labcheck --shuffle="$seed" third.yaml second.yaml pass.yaml twice.yaml
	[ $status = 0 ] && [ "$(titles)" = "$order" ]
	verdict $? 'the same order again'
	labcheck -j 2 --shuffle=3 --repeat 3 pass.yaml twice.yaml second.yaml
	[ $status = 0 ] && [ "$(titles)" = "ok twice ok twice ok second ok \
pass ok pass ok second ok twice ok twice ok twice ok twice ok second ok pass" ]
	verdict $? 'another order each time'
	rm -f third.ran
}

# typed COMMAND - into the file `typed` what a terminal would show
typed() {
	TERM=xterm "${as[@]}" script -qefc "$1" typed >/dev/null 2>&1 </dev/null
}

# The step waits until its own line is seen to be shown
test_progress() {
	local line='[^ ]*1/2 \[[0-9]* s\] (and 1 more) patient.yaml: step 2 of 2, run on red: until'

	command -v script >/dev/null || return 0
	rm -f typed out
	scenario patient true "until [ -e $PWD/seen ]; do sleep 0.01; done"
	typed "./labcheck -j 2 patient.yaml patient.yaml >out" &
	until grep -q "$line" typed 2>/dev/null; do sleep 0.02; done
	touch seen
	wait $!
	status=$?
	: >err
	# The line is wiped off, and comes nowhere else
	[ $status = 0 ] && [ "$(tr '\r' '\n' <typed | grep -v ^Script |
		tail -n 1)" = "$(printf '\033[K')" ] &&
		[ "$(titles)" = 'ok patient ok patient ok patient ok patient' ]
	verdict $? 'on a terminal, what is waited for'
	rm -f seen typed out
	typed "TERM=dumb ./labcheck patient.yaml >out" &
	sleep 1.2
	touch seen
	wait $!
	! grep -q 'step 2' typed
	verdict $? 'a terminal that can wipe nothing off is left alone'
	rm -f seen
	"${as[@]}" "$work/labcheck" patient.yaml >out 2>err </dev/null &
	sleep 1.2
	touch seen
	wait $!
	[ $? = 0 ] && [ ! -s err ]
	verdict $? 'without a terminal there is nothing to see'
	rm -f seen typed
}

# Each shipped scenario says the same beside others
test_shipped() {
	(cd "$work/scenarios" && "${as[@]}" "$work/labcheck" -j 4 ./*.yaml) \
		>out 2>err </dev/null
	status=$?
	[ $status = 0 ] && [ "$(sed -n 's/^1\.\.//p' out)" = \
		"$(grep -c '^ok' out)" ] &&
		sed -n 's/^ok [0-9]* - \([^:]*\):.*/\1/p' out | uniq |
		sort -cu
	verdict $? 'the shipped scenarios, four at a time'
}

test_numbers() {
	local words

	for words in '-j' '-j2' '-j 2' '--jobs' '--jobs=2' '-j 2 --repeat 1'; do
		# shellcheck disable=SC2086 # words
		labcheck $words pass.yaml
		[ $status = 0 ] && grep -q '^1\.\.1$' out
		verdict $? "$words"
	done
	for words in -j0 '-j 0' -jx --jobs= -j1001 -j-1; do
		# shellcheck disable=SC2086
		labcheck $words pass.yaml
		[ $status = 2 ] && grep -q 'from 1 to 1000' err
		verdict $? "$words is a mistake"
	done
	labcheck pass.yaml -j
	[ $status = 0 ]
	verdict $? '-j at the end'
}

cd "$work" || exit 3
cp "$program" labcheck
mkdir scenarios
cp "$top"/scenarios/*.yaml scenarios
chmod -R a+rX .
prepare

for user in $users; do
	as_user "$user"
	test_order
	test_status
	test_crash
	test_signal
	test_numbers
	test_parts
	test_shuffle
	test_progress
	test_shipped
done

finish
