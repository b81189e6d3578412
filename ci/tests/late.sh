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
# and its own processor is at rest.
# The program is $LABCHECK, default ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"

pings=8 bridges=8

# The last that we may use
processor() {
	sed -n 's/^Cpus_allowed_list:.*[^0-9]\([0-9]*\)$/\1/p' /proc/self/status
}

# service SCRIPT WORDS - by perl, there; what it says "ready" with comes last
service() {
	cat <<-END
		    services:
		      - ready: {tcp: 9}
		        run: exec taskset -c $there perl -MIO::Socket::INET $PWD/$1 $2
	END
}

# rules FAMILY HOOK-AND-PRIORITY RULE...
rules() {
	cat <<-END
		    nftables: |
		      table $1 f {
		        chain c {
		          type filter hook $2
		$(printf '          %s\n' "${@:3}")
		        }
		      }
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

	echo '  - name: storm'
	echo '    interfaces:'
	echo '      - {name: br0, kind: bridge, ports: [a0, a1]}'
	echo '      - {name: br1, kind: bridge, ports: [b0, b1]}'
	mapfile -t slow < <(seq -f 'ether type %g drop' 40000 40199)
	rules bridge 'prerouting priority 0' "${slow[@]}"
	service storm a0
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

scenario() {
	local i

	echo 'name: late'
	echo 'nodes:'
	nodes
	echo 'links:'
	echo '  - endpoints: ["storm:a0", "storm:b0"]'
	echo '  - endpoints: ["storm:a1", "storm:b1"]'
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
	# From there on they go round
	cat - ready >storm <<-'END'
		socket(S, 17, 3, 0) or die;
		$ifindex = (split ":", `ip -o link show $ARGV[0]`)[0];
		$to = pack("SnlSCCa8", 17, 0x88b5, $ifindex, 0, 0, 6, "");
		$frame = "\xff" x 6 . "\2\0\0\0\0\1\x88\xb5" . "\0" x 50;
		send(S, $frame, 0, $to) for 1 .. 300;
		close(S);
	END
	echo 'sleep 1000' >>storm
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
	scenario >late.yaml
}

test_late() {
	local i

	for i in 1 2; do
		"${as[@]}" "$work/labcheck" late.yaml >out 2>&1 </dev/null ||
			break
	done
	[ "$(grep -c '^ok' out)" = "$pings" ]
	verdict $? "what another processor has is not taken for lost"
}

cd "$work" || exit 3
there=$(processor)
if [ "$(nproc)" = 1 ] || [ -z "$there" ]; then
	echo 'there is one processor alone'
	exit 77
fi
cp "$program" labcheck
prepare
chmod -R a+rX .

for user in $users; do
	as_user "$user"
	test_late
done

finish
