#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# late.sh - pings that another processor sends on, and is slow with
#
# A ping waits for a neighbour who is heard of on another processor than labcheck's
# alone: what is asked elsewhere is not answered, and a program there makes the
# neighbour speak up.  So that processor sends the ping on, through many bridges.
# All the while it has hundreds of frames to carry that go round between two others,
# each past two hundred rules: labcheck looks many times while the ping is under way,
# and its own processor is at rest.  Once more, while a program may have a part in the
# lab: then a deadline counts, from when the ping no longer waits for its neighbour.
# The program is $LABCHECK, default ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"
# shellcheck source=ci/tests/lib/storm.bash
. "$(dirname "$0")/lib/storm.bash"

pings=8 bridges=8

# service SCRIPT WORDS - by perl, there; what it says "ready" with comes last
service() {
	cat <<-END
		    services:
		      - ready: {tcp: 9}
		        run: exec taskset -c $there perl -MIO::Socket::INET $PWD/$1 $2
	END
}

# addresses - of blue: one for each ping
addresses() {
	local i

	for ((i = 2; i < pings + 2; i++)); do
		printf '10.0.0.%s/24, ' $i
	done
}

nodes() {
	local i

	storm_node "$there" "$PWD/storm" "$1"
	echo '  - name: host'
	echo '    interfaces:'
	for ((i = 0; i < bridges; i++)); do
		echo "      - {name: br$i, kind: bridge, ports: [l$i, r$i]}"
	done
	echo '  - name: red'
	echo '    interfaces: [{name: eth0, addresses: [10.0.0.1/24]}]'
	echo '    sysctls: [net.ipv4.neigh.eth0.mcast_solicit=300]'
	echo '  - name: blue'
	echo "    interfaces: [{name: eth0, addresses: [$(addresses)]}]"
	rules arp 'input priority 0' \
		"arp operation request meta cpu != $there drop"
	service speaker "$pings"
}

# scenario closed|open - what becomes of the storm's packet socket
scenario() {
	local i

	echo 'name: late'
	echo 'nodes:'
	nodes "$1"
	echo 'links:'
	storm_links
	echo '  - endpoints: ["red:eth0", "host:l0"]'
	for ((i = 1; i < bridges; i++)); do
		echo "  - endpoints: [\"host:r$((i - 1))\", \"host:l$i\"]"
	done
	echo "  - endpoints: [\"host:r$((bridges - 1))\", \"blue:eth0\"]"
	echo 'steps:'
	for ((i = 2; i < pings + 2; i++)); do
		echo "  - ping: {from: red, to: 10.0.0.$i}"
	done
}

prepare() {
	chmod 777 .
	cat >ready <<-'END'
		$ready = IO::Socket::INET->new(LocalPort => 9, Listen => 1) or die;
	END
	# To say something it has to ask for red, who hears of it that way
	cat ready - >speaker <<-'END'
		@from = map { IO::Socket::INET->new(Proto => "udp",
			LocalAddr => "10.0.0.$_", PeerAddr => "10.0.0.1",
			PeerPort => 9) or die } 2 .. $ARGV[0] + 1;
		while (1) {
			for (@from) {
				system("ip neigh del 10.0.0.1 dev eth0 2>/dev/null");
				$_->send("x");
				select(undef, undef, undef, 0.002);
			}
		}
	END
	scenario closed >closed.yaml
	scenario open >open.yaml
}

# test_late closed|open WORDS COMMAND... - which calls labcheck
test_late() {
	local i

	for i in 1 2; do
		"${@:3}" "${as[@]}" "$work/labcheck" "$1.yaml" \
			>out 2>&1 </dev/null || break
	done
	[ "$(grep -c '^ok' out)" = "$pings" ]
	verdict $? "$2"
}

cd "$work" || exit 3
there=$(processor last)
if [ "$(nproc)" = 1 ] || [ -z "$there" ]; then
	echo 'there is one processor alone'
	exit 77
fi
cp "$program" labcheck
prepare
chmod -R a+rX .

for user in $users; do
	as_user "$user"
	test_late closed "what another processor has is not taken for lost"
	test_late closed "nor what one has that labcheck was not started on" \
		taskset -c "$(processor first)"
	test_late open "nor when a deadline has passed while it waited"
done

finish
