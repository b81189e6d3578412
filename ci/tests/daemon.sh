#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# daemon.sh - what stands for the container engine, at its limits
#
# Ten thousand published ports are ten thousand open files: where the limit does
# not allow them, that is an error which names it.  And nothing of it is left when
# labcheck is killed, not even while it relays.  The program is $LABCHECK, default
# ./labcheck.
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
cd "$(dirname "$0")/../.." || exit 3
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT

(
	ulimit -n 4000
	"$program" scenarios/host-ports.yaml
) > "$work/out" 2> "$work/err"
[ $? -eq 3 ] && ! grep -q '^ok' "$work/out" &&
	grep -q 'published ports need .* the limit is 4000' \
		"$work/out" &&
	grep -q 'because: scenarios/host-ports.yaml:30:' "$work/out"
result=$?
[ $result -eq 0 ] || head -n 9 "$work/out" | sed 's/^/# /'
verdict $result "a limit of open files that is too low is named, and who asks for them"

# Processes of that name whose parent's parent is ours
daemons() { # PID
	local sandbox

	for sandbox in $(cat "/proc/$1/task/$1/children" 2> /dev/null); do
		for process in $(cat "/proc/$sandbox/task/$sandbox/children"); do
			[ "$(cat "/proc/$process/comm")" != 'labcheck daemon' ] ||
				echo "$process"
		done
	done 2> /dev/null
}

cat > "$work/lab.yaml" << 'END'
networks:
  - {name: my-net, subnet: 10.1.0.0/24}
nodes:
  - {name: u1, network: my-net, publish: ["8080:80"]}
steps:
  - ping: {from: host, to: u1}
  - run: {on: host, command: exec sleep 60, exit: 0, limit: 2m}
END
mkfifo "$work/pipe"
"$program" "$work/lab.yaml" > "$work/pipe" 2> /dev/null &
labcheck=$!
disown $labcheck
# The first step is over, so all of it stands
while read -r line && [[ $line != ok* ]]; do :; done < "$work/pipe"
daemon=$(daemons $labcheck)
[ "$(wc -w <<< "$daemon")" -eq 1 ]
verdict $? "one process plays the container engine"
kill -KILL $labcheck
result=1
for ((i = 0; i < 1000; i++)); do
	[ -e "/proc/$daemon" ] || { result=0; break; }
	sleep 0.01
done
verdict $result "it is gone with labcheck"
finish
