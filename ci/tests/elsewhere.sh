#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# elsewhere.sh - pings that are handed to a processor which is slow with them
#
# Interfaces share out what comes in, all of it to one other processor than labcheck's.
# That has hundreds of frames of another lab to carry, and ours is at rest.  Or they
# leave it to a thread: where it has got to then nothing tells.
# The program is $LABCHECK, default ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"
# shellcheck source=ci/tests/lib/storm.bash
. "$(dirname "$0")/lib/storm.bash"

pings=10

# Half a minute at the most
storm() {
	echo 'name: storm'
	echo 'nodes:'
	storm_node "$there" "$PWD/storm" closed
	echo 'links:'
	storm_links
	echo 'steps:'
	echo "  - do: {on: storm, command: touch $PWD/up}"
	echo '  - run: {on: storm, command: sleep 30}'
}

# pair NODE-KEY... - two nodes, and their cable
pair() {
	local node

	echo 'nodes:'
	for node in 1 2; do
		echo "  - name: n$node"
		echo "    interfaces: [{name: eth0, addresses: [10.0.0.$node/24]}]"
		printf '    %s\n' "$@"
	done
	echo 'links: [{endpoints: ["n1:eth0", "n2:eth0"]}]'
	echo 'steps:'
}

shared() {
	local i

	echo 'name: shared'
	pair "sysctls: [net.core.rps_default_mask=$(printf %x $((1 << there)))]"
	for ((i = 0; i < pings; i++)); do
		echo "  - {name: ping $i, ping: {from: n1, to: n2}}"
		echo '  - do: {on: n1, command: ip neigh flush all}'
	done
}

# The ping is not answered
threaded() {
	echo 'name: threaded'
	pair 'sysctls: [net.ipv4.icmp_echo_ignore_all=1]'
	echo '  - do: {on: n1, command: ethtool -K eth0 gro on}'
	echo '  - do: {on: n1, command: echo 1 >/sys/class/net/eth0/threaded}'
	echo '  - ping: {from: n1, to: n2}'
}

test_shared() {
	local i storm

	rm -f up
	taskset -c "$there" "${as[@]}" "$work/labcheck" storm.yaml \
		>storm.out 2>&1 </dev/null &
	storm=$!
	until [ -e up ] || ! kill -0 "$storm" 2>/dev/null; do sleep 0.05; done
	for i in 1 2 3; do
		taskset -c "$here" "${as[@]}" "$work/labcheck" shared.yaml \
			>out 2>&1 </dev/null || break
	done
	kill "$storm" && [ "$(grep -c '^ok' out)" = $((2 * pings)) ]
	verdict $? "what a processor was handed is not taken for lost"
	wait "$storm"
}

test_threaded() {
	labcheck threaded.yaml
	grep -q 'evidence: .*nothing came back; a deadline has passed' out
	verdict $? "what a thread was handed has its time"
}

cd "$work" || exit 3
here=$(processor first) there=$(processor last)
if [ "$here" = "$there" ] || [ "$there" -ge 32 ]; then
	echo 'there are not two processors that a mask of 32 has'
	exit 77
fi
cp "$program" labcheck
chmod 777 .
storm >storm.yaml
shared >shared.yaml
threaded >threaded.yaml
chmod -R a+rX .

for user in $users; do
	as_user "$user"
	test_shared
	test_threaded
done

finish
