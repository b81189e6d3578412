#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# builds: gcc-release
#
# shortage.sh - a full machine makes no verdict
#
# For a moment a step of the scenario fills the neighbour table, which is one for
# the whole machine; what comes behind it must be neither a failure nor a pass that
# a missing entry may have made.  The program is $LABCHECK, default ./labcheck.
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
[ -x "$program" ] || { echo "Bail out! no program: $program"; exit 3; }
limit=$(cat /proc/sys/net/ipv4/neigh/default/gc_thresh3 2>/dev/null || echo 1024)
[ "$limit" -le 1024 ] || {
	echo "this machine has room for $limit neighbours"
	exit 77
}

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$work"
cd "$work" || exit 3
cp "$program" labcheck

cat >full.yaml <<'YAML'
nodes:
  - {name: red, interfaces: [{name: eth0, addresses: [10.0.0.1/16]}]}
  - {name: blue, interfaces: [{name: eth0, addresses: [10.0.0.2/16]}]}
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps:
  - {name: before, arp: {on: red, address: 10.0.0.9, expect: absent}}
  - name: full
    run:
      on: red
      command: >-
        for i in 1 2 3 4 5 6; do for k in $(seq 1 250); do
        echo "neigh add 10.0.$i.$k lladdr 02:00:00:00:00:01 dev eth0 nud stale";
        done; done | ip -force -batch - >/dev/null 2>&1; ip neigh flush all
  - {name: nobody is known, arp: {on: red, address: 10.0.0.9, expect: absent}}
  - {name: somebody is missing, arp: {on: red, address: 10.0.0.2, mac: "blue:eth0"}}
  - {name: a command fails, run: {on: red, command: "false"}}
  - {name: a known bug, todo: yes it is, run: {on: red, command: "false"}}
  - {name: an answer is one, ping: {from: red, to: blue}}
  - {name: what is seen is there, arp: {on: red, address: 10.0.0.2, mac: "blue:eth0"}}
YAML
cat >expected <<'END'
ok 1 - before
ok 2 - full
not ok 3 - nobody is known
  error: this machine's neighbour table was full
not ok 4 - somebody is missing
  error: this machine's neighbour table was full
not ok 5 - a command fails
  error: this machine's neighbour table was full
not ok 6 - a known bug
  error: this machine's neighbour table was full
ok 7 - an answer is one
ok 8 - what is seen is there
END

users=$(id -u)
[ "$users" != 0 ] || users='0 1000'
for uid in $users; do
	set -- ./labcheck full.yaml
	[ "$uid" = "$(id -u)" ] ||
		set -- setpriv --reuid="$uid" --regid="$uid" --clear-groups "$@"
	"$@" >out 2>err
	status=$?
	sed -nE 's/^(  error: .* was full).*/\1/p; /^(not )?ok/p' out >got
	[ $status = 3 ] && cmp -s expected got
	verdict $? "uid $uid: no verdict where there was no room" \
		"$(cat out err)"
done
finish
