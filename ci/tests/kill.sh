#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# builds: gcc-release
#
# kill.sh - killed at any moment, labcheck leaves nothing behind
#
#	ci/tests/kill.sh [KILLS]	default 200
#
# Scenarios are started, by themselves or behind one whose bridge is kept (see
# harness/remains.c), and at a random moment of their run labcheck, or the first
# process of its sandbox, or both, get SIGKILL.  Then processes, their
# namespaces, links, mounts and files must be what they were before.  The kernel
# takes its time, so that is waited for, but for SECONDS_MOST at most.
#
# All this happens in namespaces of the test's own, where nobody else's doings
# are seen: its own processes, its own network, a file system that is read-only
# but for /tmp and /run.  Namespaces that nobody lives in are not listed
# anywhere; as an ordinary user their number is limited to fewer than all runs
# need together, so that a leak would end in a run that finds none.  As root it
# is done both ways, each with half of the kills.
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

SECONDS_MOST=20
NAMESPACES_MOST=120

top=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "${LABCHECK-$top/labcheck}")
kills=${1-200}

now_ms() {
	local now=${EPOCHREALTIME/[.,]/}

	echo $((now / 1000))
}

# What there is: one thing a line
state() {
	local process

	for process in /proc/[0-9]*; do
		# The shells that find this out are here as well
		case " $$ $BASHPID " in
		*" ${process#/proc/} "*) continue ;;
		esac
		[ -e "$process/stat" ] || continue
		[ "$(ppid "$process")" != "$BASHPID" ] || continue
		echo "process ${process#/proc/}" \
			"$(tr '\0' ' ' 2>/dev/null <"$process/cmdline")"
	done
	readlink /proc/[0-9]*/ns/* 2>/dev/null | sort -u | sed 's/^/namespace /'
	ip -o link | sed 's/^/link /'
	cut -d ' ' -f 3- /proc/self/mountinfo | sed 's/^/mount /'
	find /tmp /run /dev/shm -xdev 2>/dev/null | sort | sed 's/^/file /'
}

ppid() {
	local line parent

	read -r line 2>/dev/null <"$1/stat" || return 0
	read -r _ parent _ <<<"${line##*) }"
	echo "$parent"
}

# unchanged - wait until all is as before; what is not is in $left
unchanged() {
	local until=$((SECONDS + SECONDS_MOST)) after

	while :; do
		after=$(state)
		left=$(diff <(printf '%s\n' "$before") <(printf '%s\n' "$after"))
		[ -n "$left" ] || return 0
		[ $SECONDS -lt $until ] || return 1
		sleep 0.02
	done
}

# The measure itself: what is left behind on purpose must be seen
check_measure() {
	local SECONDS_MOST=0 kind=

	sleep 100 &
	unchanged && kind=process
	kill $! && wait $! 2>/dev/null
	unshare --net sleep 100 &
	until [ "$(cat "/proc/$!/comm")" = sleep ]; do sleep 0.01; done
	unchanged || [[ $left == *namespace* ]] || kind=namespace
	kill $! && wait $! 2>/dev/null
	ip link add left type bridge
	unchanged && kind='link'
	ip link del left
	mount -t tmpfs left /mnt
	unchanged && kind=mount
	umount /mnt
	touch /run/left
	unchanged && kind='file'
	rm /run/left
	SECONDS_MOST=5
	unchanged || kind='nothing at all'
	[ -z "$kind" ]
	verdict $? "$user: what is left behind is seen" "$kind"
}

child_of() {
	local children=

	read -r children 2>/dev/null <"/proc/$1/task/$1/children"
	echo "${children%% *}"
}

# kill_one SCENARIO MILLISECONDS - start it, kill it on the way
kill_one() {
	local delay=$((RANDOM % ($2 + 2))) parent child first=()

	# Most of what could go wrong does so while the sandbox is made
	[ $((RANDOM % 3)) != 0 ] || delay=$((RANDOM % 15))
	[ $((RANDOM % 2)) = 0 ] || first=(/run/short.yaml)
	"$program" "${first[@]}" "$1" >/dev/null 2>&1 &
	parent=$!
	sleep "$(printf '%d.%03d%d' $((delay / 1000)) $((delay % 1000)) \
		$((RANDOM % 10)))"
	child=$(child_of $parent)
	case $((RANDOM % 3)) in
	0) kill -KILL $parent 2>/dev/null ;;
	1) kill -KILL "${child:-$parent}" 2>/dev/null ;;
	2) kill -KILL $parent ${child:+"$child"} 2>/dev/null ;;
	esac
	wait $parent 2>/dev/null
	status=$?
	moment="$(basename "$1") after $delay ms"
}

count_kills() {
	local n early=0 late=0 name

	for ((n = 0; n < kills; n++)); do
		name=/run/long.yaml
		[ $((n % 2)) = 0 ] ||
			name=${scenarios[RANDOM % ${#scenarios[@]}]}
		kill_one "$name" "${duration[$name]}"
		[ $status = 0 ] && late=$((late + 1)) || early=$((early + 1))
		unchanged && continue
		verdict 1 "$user: nothing is left of $moment" "$left"
		return
	done
	verdict 0 "$user: nothing is left after $kills kills"
	echo "# $early on the way, $late when it was over"
}

# Runs until one passes: the kernel may still be busy with namespaces
passes() {
	local until=$((SECONDS + SECONDS_MOST))

	while [ $SECONDS -lt $until ]; do
		"$program" "$1" >/tmp/out 2>&1
		status=$?
		[ $status != 0 ] || break
		sleep 0.1
	done
	[ "$status" = 0 ] || cat /tmp/out
	rm -f /tmp/out
	return "$status"
}

# One that would go on for longer than we wait, with all that can be left: a
# service, a daemon of a command, a namespace by name, a file and a mount
make_long() {
	cat >/run/long.yaml <<-'YAML'
	nodes:
	  - name: red
	    services: [{run: "exec sleep 100"}]
	  - name: blue
	links: [{endpoints: ["red:eth0", "blue:eth0"]}]
	steps:
	  - do: {on: red, command: "setsid sleep 101 & ip netns add left"}
	  - do: {on: red, command: "mktemp; mount -t tmpfs left /mnt"}
	  - run: {on: blue, command: "setsid sleep 102 & sleep 103", limit: 104s}
	YAML
	scenarios+=(/run/long.yaml)
	duration[/run/long.yaml]=300
}

# One that is over at once, but for its bridge
make_short() {
	cat >/run/short.yaml <<-'YAML'
	nodes: [{name: host, interfaces: [{name: br0, kind: bridge}]}]
	steps: [{link: {on: "host:br0", kind: bridge}}]
	YAML
}

# In the namespaces of the test's own, as their first process
inside() {
	local name start

	mount --make-rprivate /
	mount -o remount,bind,ro /
	mount -t tmpfs tmpfs /run
	cp -R "$program" "$top/scenarios" /run
	program=/run/$(basename "$program")
	mount -t tmpfs tmpfs /tmp
	cd /
	if [ "$user" != root ]; then
		echo $NAMESPACES_MOST >/proc/sys/user/max_net_namespaces
	fi
	declare -A duration
	scenarios=(/run/scenarios/*.yaml)
	for name in "${scenarios[@]}"; do
		start=$(now_ms)
		if ! said=$(passes "$name"); then
			verdict 1 "$user: $(basename "$name") passes" "$said"
			exit 1
		fi
		duration[$name]=$(($(now_ms) - start))
	done
	make_long
	make_short
	before=$(state)
	check_measure
	count_kills
	said=$(passes "/run/scenarios/custom-bridge.yaml")
	verdict $? "$user: and namespaces are left for another run" "$said"
}

if [ "${1-}" = --inside ]; then
	user=$2
	kills=$3
	program=$4
	inside
	exit $((failed > 0))
fi

# once USER COMMAND... - half of it, or all
once() {
	local user=$1 out line

	shift
	out=$("$@" --mount --net --ipc --pid --fork --kill-child --mount-proc \
		"$work/ci/tests/kill.sh" --inside "$user" "$kills" \
		"$work/labcheck" 2>&1) || failed=1
	while read -r line; do
		case $line in
		'ok '*) verdict 0 "${line#* - }" ;;
		'not ok '*) verdict 1 "${line#* - }" ;;
		*) echo "# ${line#\# }" ;;
		esac
	done <<<"$out"
}

# Where an ordinary user can read them
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$work/ci/tests"
cp "$program" "$work/labcheck"
cp -R "$top/scenarios" "$work/"
cp -R "$0" "$top/ci/tests/lib" "$work/ci/tests"
chmod -R a+rX "$work"

if [ "$(id -u)" = 0 ]; then
	kills=$(((kills + 1) / 2))
	once root unshare
	once 'uid 1000' setpriv --reuid 1000 --regid 1000 --clear-groups \
		unshare --user --map-root-user
else
	once "uid $(id -u)" unshare --user --map-root-user
fi
finish
