#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# custom-bridge.sh - scenarios/custom-bridge.yaml by hand: ip netns, nft, ping
#
#   custom-bridge.sh in-place     each veth end is created where it stays
#   custom-bridge.sh move         both ends here, then moved, as most guides do
#   custom-bridge.sh empty        the sandbox alone, to be subtracted
#
# With `positive` behind it, it leaves out the pings that must fail, and with
# them the second that they wait.
#
# The same lab and the same questions in the same order, with less behind the
# answers: where the scenario has a TCP or UDP server tell who came, this only
# pings, and where it tells apart how a probe failed, this sees silence.  What
# a good script would do to be fast, it does: commands that can be one are one,
# pings that must fail wait side by side, and nothing is deleted at the end;
# its own sandbox goes, and everything with it.
set -eu

how=${1-in-place}
what=${2-all}

# A sandbox of its own, so that not a trace is left on the machine
if [ -z "${BENCH_SANDBOX-}" ]; then
	user=
	[ "$(id -u)" = 0 ] || user=--user\ --map-root-user
	# shellcheck disable=SC2086 # two words or none
	BENCH_SANDBOX=1 exec unshare $user --net --mount "$0" "$how" "$what"
fi
mount -t tmpfs none /run
[ "$how" != empty ] || exit 0

# cable NODE INTERFACE NODE INTERFACE
cable() {
	case $how in
	in-place)
		ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
		;;
	move)
		ip link add "a-$2" type veth peer name "b-$4"
		ip link set "a-$2" netns "$1" name "$2"
		ip link set "b-$4" netns "$3" name "$4"
		;;
	esac
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

# node NAME INTERFACE PREFIX
node() {
	ip -n "$1" link set lo up
	ip -n "$1" addr add "$3" dev "$2"
}

# container NAME PREFIX
container() {
	ip netns add "$1"
	cable host "veth-$1" "$1" eth0
	ip -n host link set "veth-$1" master br-my-net
	node "$1" eth0 "$2"
	ip -n "$1" route add default via 172.18.0.1
}

build() {
	ip netns add host
	ip netns add lan
	ip -n host link add br-my-net type bridge
	ip -n host link set br-my-net up
	node host br-my-net 172.18.0.1/16
	cable host eth0 lan eth0
	ip -n host addr add 192.168.1.2/24 dev eth0
	node lan eth0 192.168.1.3/24
	container u1 172.18.0.2/16
	container u2 172.18.0.3/16
	container u3 172.18.0.9/16
	ip netns exec host sysctl -q -w net.ipv4.ip_forward=1
	ip netns exec host nft -f - <<-RULES
	table ip nat {
		chain postrouting {
			type nat hook postrouting priority srcnat
			ip saddr 172.18.0.0/16 oifname != "br-my-net" masquerade
		}
	}
	RULES
}

failed() {
	echo "custom-bridge.sh: $*" >&2
	exit 1
}

# reaches NODE ADDRESS
reaches() {
	ip netns exec "$1" ping -n -q -c 1 -W 1 "$2" >/dev/null ||
		failed "$1 does not reach $2"
}

# reach_none NODE ADDRESS... - pairs, all of which must fail; they wait together
reach_none() {
	local pids=() pid

	[ "$what" = all ] || return 0
	while [ $# -gt 0 ]; do
		ip netns exec "$1" ping -n -q -c 1 -W 1 "$2" >/dev/null 2>&1 &
		pids+=($!)
		shift 2
	done
	for pid in "${pids[@]}"; do
		! wait "$pid" || failed 'an answer came that must not come'
	done
}

# has NODE INTERFACE PREFIX
has() {
	ip -n "$1" -br addr show dev "$2" | grep -qF " $3 " ||
		failed "$1:$2 lacks $3"
}

build

has host br-my-net 172.18.0.1/16
has u1 eth0 172.18.0.2/16
has u2 eth0 172.18.0.3/16
has u3 eth0 172.18.0.9/16
ip -n u1 route show default | grep -q 'via 172.18.0.1 dev eth0' ||
	failed 'u1 has no default route'

reaches u1 172.18.0.3
reaches u1 172.18.0.9
reaches u2 172.18.0.2
reaches u2 172.18.0.9
reaches u3 172.18.0.2
reaches u3 172.18.0.3
reaches u1 172.18.0.3		# TCP port 80 in the scenario
reaches host 172.18.0.2
reaches u1 172.18.0.1

reaches u1 192.168.1.3
reaches u1 192.168.1.3		# TCP port 80, seen from 192.168.1.2
reaches u2 192.168.1.3		# UDP port 53, seen from 192.168.1.2
reach_none lan 172.18.0.2

ip -n host link set veth-u2 down
reaches u1 172.18.0.9
reaches u3 172.18.0.2
reach_none u1 172.18.0.3 u3 172.18.0.3 u2 172.18.0.2 u2 172.18.0.9
ip -n host link set veth-u2 up
reaches u2 192.168.1.3
