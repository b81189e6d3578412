#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# sandbox.sh - what a lab's commands can and can't do, and where it is refused
#
# What is asked inside is asked by steps of scenarios; run as root they are run
# as uid 1000 as well.  Where namespaces are forbidden is tried in namespaces of
# the test's own, whose settings are changed: the machine's are not touched.
# shellcheck disable=SC2094,SC2317 # functions are called by name
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "${LABCHECK-$top/labcheck}")

# Where an ordinary user can read them
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM
cp "$program" "$work/labcheck"
program=$work/labcheck

cat >"$work/minimal.yaml" <<'YAML'
nodes: [{name: red}]
steps: [{run: {on: red, command: "true"}}]
YAML

cat >"$work/probes.yaml" <<'YAML'
nodes:
  - {name: red, interfaces: [{name: eth0, addresses: [10.0.0.1/24]}]}
  - {name: blue, interfaces: [{name: eth0, addresses: [10.0.0.2/24]}]}
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps: [{ping: {from: red, to: blue}}]
YAML

# So many that their settings are written by other means (sysctl.c)
{
	sed '/^links/,$d' "$work/probes.yaml"
	printf '  - {name: n%d}\n' $(seq 64)
	sed -n '/^links/,$p' "$work/probes.yaml"
} >"$work/many.yaml"

cat >"$work/inside.yaml" <<'YAML'
nodes:
  - name: red
    services:
      - {run: "exec sleep 1000"}
  - name: blue
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps:
  - name: it is root
    run: {on: red, command: id -u, stdout: {equals: "0"}}
  - name: process 1 is labcheck
    run: {on: red, command: tr '\0' ' ' </proc/1/cmdline, stdout: {contains: labcheck}}
  - name: the host name is the sandbox's
    run: {on: red, command: cat /proc/sys/kernel/hostname, stdout: {equals: labcheck}}

  - name: the machine's sysctls can't be written
    run: {on: red, command: "for f in kernel/core_pattern kernel/hostname vm/swappiness fs/file-max; do (: >>/proc/sys/$f) 2>/dev/null && echo $f; done; true", stdout: {equals: ""}}
  - name: nor the rest of /proc
    run: {on: red, command: "for f in sysrq-trigger irq/default_smp_affinity mtrr acpi/wakeup; do [ -e /proc/$f ] && (: >>/proc/$f) 2>/dev/null && echo $f; done; true", stdout: {equals: ""}}
  - name: nor /sys
    run: {on: red, command: "for f in power/state kernel/uevent_helper class/net/../../power/disk; do [ -e /sys/$f ] && (: >>/sys/$f) 2>/dev/null && echo $f; done; true", stdout: {equals: ""}}
  - name: but the node's network settings can
    run: {on: red, command: "echo 77 >/proc/sys/net/ipv4/ip_default_ttl && cat /proc/sys/net/ipv4/ip_default_ttl", stdout: {equals: "77"}}
  - name: and they are the node's alone
    run: {on: blue, command: cat /proc/sys/net/ipv4/ip_default_ttl, stdout: {equals: "64"}}
  - name: and those of its interfaces in /sys
    run: {on: red, command: "ip link add br9 type bridge && echo 1 >/sys/class/net/br9/bridge/stp_state && cat /sys/class/net/br9/bridge/stp_state", stdout: {equals: "1"}}

  - name: nodes have names
    run: {on: red, command: "cd /run/netns && echo *", stdout: {equals: blue red}}
  - name: a name means the node
    run: {on: red, command: "ip netns exec blue ls /sys/class/net && ip netns exec blue true", stdout: {lacks: br9}}
  - do: {on: red, command: ip netns add green}
  - name: what one node names the others see
    run: {on: blue, command: ip netns exec green ip -br link, stdout: {contains: lo}}
  - do: {on: blue, command: ip netns del green}
  - name: and lose
    run: {on: red, command: ls /run/netns, stdout: {lacks: green}}
  - do: {on: red, command: mount -t tmpfs mine /mnt && touch /mnt/here}
  - name: what a command mounts stays for its node
    run: {on: red, command: ls /mnt, stdout: {equals: here}}
  - name: and for no other
    run: {on: blue, command: ls /mnt, stdout: {lacks: here}}
  - name: temporary files are the sandbox's
    run: {on: red, command: mktemp, stdout: {matches: "^/run/tmp/"}}
  - name: a new pid namespace can have its /proc
    run: {on: red, command: "unshare --pid --fork --mount-proc sh -c 'cd /proc; echo [0-9]*'", stdout: {equals: "1"}}

  - name: no descriptor of labcheck's is left open
    run: {on: red, command: "exec 9<&-; cd /proc/self/fd; for f in [3-9] [0-9][0-9]; do readlink $f; done; true", stdout: {lacks: ":["}}
  - name: nothing is on its input
    run: {on: red, command: cat, stdout: {equals: ""}}
  - name: it has no terminal
    run: {on: red, command: ": </dev/tty", exit: 2, stderr: {contains: /dev/tty}}
  - name: signals do what they do
    run: {on: red, command: "kill -PIPE $$", exit: 141}
  - name: messages are in English
    run: {on: red, command: ls /none, exit: 2, stderr: {contains: No such file}}
  - name: it knows where it runs
    run: {on: red, command: echo $LABCHECK_NODE, stdout: {equals: red}}

  - name: orphans are buried at once
    run: {on: red, command: "orphan=$( (setsid sh -c 'echo $$; exit 3' &) ); while [ -e /proc/$orphan ]; do sleep 0.01; done; echo buried", stdout: {equals: buried}}
  - do: {on: red, command: "(setsid sh -c 'while :; do echo busy; sleep 0.01; done' &) ; (sleep 2000 &)"}
  - name: a daemon outlives the command that started it
    run: {on: blue, command: "until cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -q 'sleep 200[0]'; do sleep 0.01; done; echo there", stdout: {equals: there}}
  - name: and may still talk, when nobody listens
    run: {on: blue, command: "until cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -q 'do echo [b]usy;'; do sleep 0.01; done; echo there", stdout: {equals: there}}
  - name: what takes too long is killed
    todo: it is meant to fail
    run: {on: red, command: "setsid sh -c 'setsid sleep 3000 & (sleep 3001 &) ; sleep 3002' & setsid -f sleep 3003; sleep 3004", limit: 300ms}
  - name: with all that it has started
    run: {on: red, command: "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -o 'sleep 300[0-9]'", exit: 1, stdout: {equals: ""}}
  - name: and nothing else
    run: {on: red, command: "cat /proc/[0-9]*/cmdline | tr '\\0' ' '", stdout: {contains: sleep 1000, matches: sleep 2000}}
  - name: who never stops talking is stopped too
    todo: it is meant to fail
    run: {on: red, command: "yes", limit: 300ms}
  - name: a killer of its kin ends with them
    run: {on: red, command: "kill -KILL 0", exit: 137}
  - name: process 1 can't be killed
    run: {on: red, command: "kill -KILL 1; kill -TERM 1; kill -INT 1; kill -STOP 1; true"}
YAML

as() { # uid, command...
	local uid=$1

	shift
	if [ "$uid" = "$(id -u)" ]; then
		"$@"
	else
		setpriv --reuid "$uid" --regid "$uid" --clear-groups "$@"
	fi
}

# Every step of a scenario is a line of ours
inside() { # uid, scenario, options...
	local uid=$1 file=$2 line

	shift 2
	chmod -R a+rX "$work"
	(cd "$work" && as "$uid" ./labcheck "$@" "$file") >"$work/out" 2>"$work/err"
	grep -q '^ok' "$work/out" || verdict 1 "uid $uid: $file runs" \
		"$(cat "$work/out" "$work/err")"
	while read -r line; do
		case $line in
		'not ok '*'# TODO'*) ;;
		'ok '*'# TODO'*) verdict 1 "uid $uid: ${line#* - }" ;;
		'ok '*) verdict 0 "uid $uid: ${line#* - }" ;;
		'not ok '*)
			verdict 1 "uid $uid: ${line#* - }" \
				"$(grep -A 12 -F "$line" "$work/out")"
			;;
		esac
	done <"$work/out"
}

# refused DESCRIPTION WORDS... -- COMMAND... - status 3, and all words are said
refused() {
	local description=$1 words=() said status=0 word

	shift
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	said=$("$@" 2>&1) || status=$?
	for word in "${words[@]}"; do
		[[ $said == *"$word"* ]] || status="no '$word'"
	done
	[ "$status" = 3 ]
	verdict $? "refused: $description" "status: $status
$said"
}

# In a user namespace of our own, as its root, with a limit set to 0
limited() {
	unshare --user --map-root-user --mount sh -c "
		echo 0 >/proc/sys/user/$1
		exec $program $work/minimal.yaml"
}

# As uid 1000, with files of our own in a folder of /proc/sys
pretended() { # file below /proc/sys, its content
	unshare --mount sh -c "
		mount -t tmpfs tmpfs /proc/sys/${1%/*}
		echo $2 >/proc/sys/$1
		exec setpriv --reuid 1000 --regid 1000 --clear-groups \
			$program $work/minimal.yaml"
}

in_chroot() {
	unshare --mount sh -c "
		mkdir $work/root
		mount --rbind / $work/root
		exec chroot $work/root/$1 $2 $work/minimal.yaml"
}

refusals() {
	local file

	refused 'no user namespaces' 'user.max_user_namespaces is 0' \
		'sudo sysctl' -- limited max_user_namespaces
	refused 'no network namespaces' 'user.max_net_namespaces is 0' \
		'sudo sysctl' -- limited max_net_namespaces
	refused 'a /proc that is partly covered' 'mount /proc' 'container' \
		-- unshare --user --map-root-user --mount sh -c "
			mount -t tmpfs tmpfs /proc/bus
			exec $program $work/minimal.yaml"
	for file in probes many; do
		unshare --user --map-root-user --mount sh -c "
			mount -t tmpfs tmpfs /proc/bus
			exec $program $work/$file.yaml" >"$work/out" 2>&1
		verdict $? "a partly covered /proc is enough for $file.yaml" \
			"$(cat "$work/out")"
	done
	if [ "$(id -u)" != 0 ]; then
		refused 'privileged, but not root' '--privileged is for root' \
			-- "$program" --privileged "$work/minimal.yaml"
		skip 'refused: as others are' 'it takes root to try'
		return
	fi
	refused 'privileged, but not root' '--privileged is for root' \
		-- as 1000 "$program" --privileged "$work/minimal.yaml"
	refused 'AppArmor' 'kernel.apparmor_restrict_unprivileged_userns is 1' \
		'AppArmor profile' 'run labcheck as root' \
		-- pretended kernel/apparmor_restrict_unprivileged_userns 1
	refused 'a chroot' 'chroot' -- in_chroot / "$program"
	refused 'root without capabilities' '--privileged needs root' \
		-- setpriv --bounding-set -sys_admin \
		"$program" --privileged "$work/minimal.yaml"
}

inside "$(id -u)" inside.yaml
if [ "$(id -u)" = 0 ]; then
	inside 1000 inside.yaml
	inside 0 inside.yaml --privileged
fi
refusals

# What a sandbox needs of users: daemons that give up root
cat >"$work/users.yaml" <<'YAML'
nodes: [{name: red}]
steps:
  - name: root may become somebody else
    run: {on: red, command: setpriv --reuid 65534 --regid 65534 --clear-groups id -u, stdout: {equals: "65534"}}
YAML
if [ "$(id -u)" = 0 ]; then
	inside 0 users.yaml
else
	skip 'root may become somebody else' 'only root has others to become'
fi

finish
