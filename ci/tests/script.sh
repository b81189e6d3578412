#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# script.sh - what `labcheck plan` prints builds the lab that labcheck builds
#
#	ci/tests/script.sh [FILE...]
#
# The script is run in a sandbox of util-linux's unshare(1), the lab is built
# by `labcheck shell`, and both are asked for their links, addresses, routes,
# neighbours, forwarding entries, rules, queues and settings.  Services are left
# out, and so are IPv6's link-local part, which comes when it comes, and the range
# of groups that may ping where nobody set it: how it reads hangs on the user
# namespace.
#
# The program is $LABCHECK, default ./labcheck.  Needs iproute2, nft, jq, and
# for Open vSwitch its programs and ethtool.

set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
here=$(dirname "$(readlink -f "$0")")
[ -x "$program" ] || { echo "Bail out! no program: $program"; exit 3; }
[ $# != 0 ] ||
	set -- "$here"/script/*.yaml "$here"/../../scenarios/*.yaml

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# ovs-netdev is Open vSwitch's own, with an address by chance
cat >"$work/links.jq" <<'END'
.[] | select(.ifname != "ovs-netdev") | {
	ifindex, ifname, mtu, address, master, link_index, link,
	up: (.flags | index("UP") != null),
	quiet: .inet6_addr_gen_mode,
	kind: .linkinfo.info_kind,
	queues: .num_tx_queues,
	data: (.linkinfo.info_data // {} | {
		id, local, remote, group, port, link, mode, table,
		mcast_snooping, vni, protocol, proxy, l2miss, l3miss, learning
	} | del(..|nulls)),
	isolated: .linkinfo.info_slave_data.isolated,
	hairpin: .linkinfo.info_slave_data.hairpin
} | if .kind == "tun" then del(.ifindex) else . end | del(..|nulls)
END
cat >"$work/addresses.jq" <<'END'
.[] | .ifname as $name | .addr_info[]? |
select(.family == "inet" or .scope != "link") |
{ $name, local, prefixlen, scope, nodad } | del(..|nulls)
END
cat >"$work/routes.jq" <<'END'
.[] | select((.dst // "") | test("^(fe80|ff00|multicast ff00)") | not) |
select(.type != "anycast") |
{ type, dst, gateway, via, dev, prefsrc, metric, table, protocol, scope,
  onlink: (.flags // [] | index("onlink") != null) } | del(..|nulls)
END
cat >"$work/neighbours.jq" <<'END'
.[] | { dst, dev, lladdr } | del(..|nulls)
END
cat >"$work/forwarding.jq" <<'END'
.[] | select(.state == "permanent" and .dst != null) |
{ mac, ifname, dst, state, flags }
END
cat >"$work/rules.jq" <<'END'
.nftables[] | select(.metainfo == null) | del(..|.handle?)
END
cat >"$work/queues.jq" <<'END'
.[] | select(.kind == "netem") | { dev, options }
END

# What one namespace shows; run in it
cat >"$work/dump-one" <<'END'
ask() { # jq file, command...
	filter=$1
	shift
	"$@" | jq -S -c -f "$work/$filter.jq" | sort | sed "s/^/$filter /"
}
mount -t sysfs sysfs /sys 2>/dev/null
# Where the container engine's own name server is, which no command makes, these
# rules lead to it.  A container has no others; one that is a host as well does
if iptables-save -t nat 2>/dev/null | grep -q '^:DOCKER_OUTPUT '; then
	iptables -t nat -D OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT
	iptables -t nat -D POSTROUTING -d 127.0.0.11/32 -j DOCKER_POSTROUTING
	for chain in DOCKER_OUTPUT DOCKER_POSTROUTING; do
		iptables -t nat -F $chain
		iptables -t nat -X $chain
	done
	iptables-save -t nat | grep -q -e '^-' -e '^:DOCKER ' ||
		nft delete table ip nat
fi
ask links ip -j -d link
ask addresses ip -j address
ask routes ip -j route show table all
ask neighbours ip -j neighbor show nud permanent
ask forwarding bridge -j fdb show
# As nft has them, and in their order, which is what decides, as iptables has
ask rules nft -j list ruleset
for table in filter nat raw; do
	iptables-save -t "$table" 2>/dev/null | sed -n '/^:/s/ \[.*//p' | sort
	iptables-save -t "$table" 2>/dev/null | grep '^-'
done
ask queues tc -j qdisc
sysctl -a 2>/dev/null -r '^net\.(ipv4|ipv6|bridge)\.' |
	grep -v -e stable_secret -e fastopen_key \
		-e "ping_group_range = 1	0" -e "ping_group_range = 65534	0" |
	sort
END
cat >"$work/dump" <<'END'
for netns in $(ls /run/netns | sort); do
	echo "== $netns"
	ip netns exec "$netns" sh "$work/dump-one" 2>&1
done
END
export work

by_script() { # script
	# shellcheck disable=SC2016 # for the shell inside
	unshare --user --map-root-user --net --mount --pid --fork --mount-proc \
		--kill-child sh -c '
		mount -t tmpfs run /run && sh "$1" && . "$work/dump"
	' sh "$1"
}

compare() { # file
	"$program" plan "$1" >"$work/plan" 2>"$work/err" || return 1
	# A background command must not outlive, nor speak in, what is compared
	sed '/^ip netns exec .* sh -c .* &$/d' "$work/plan" >"$work/script"
	by_script "$work/script" >"$work/script.out" 2>"$work/err" || return 1
	"$program" shell "$1" <"$work/dump" >"$work/lab.out" 2>"$work/err" ||
		return 1
	[ -s "$work/lab.out" ] || return 1
	diff -U 0 "$work/script.out" "$work/lab.out" >"$work/err"
}

# The same behind the last step, where steps change the lab: there every step
# must be one that does.  The lab is asked by a step more, on its host.
compare_behind() { # file
	{ cat "$work/script"; grep -o '^step_[0-9]*' "$work/script"; } \
		>"$work/script.all"
	by_script "$work/script.all" >"$work/script.out" 2>"$work/err" ||
		return 1
	{ cat "$1"; cat <<-END; } >"$work/behind.yaml"
	  - run: {on: host, limit: 60s, command: "export work=$work; . $work/dump >$work/lab.out"}
	END
	"$program" "$work/behind.yaml" >"$work/err" 2>&1 || return 1
	[ -s "$work/lab.out" ] || return 1
	diff -U 0 "$work/script.out" "$work/lab.out" >"$work/err"
}

for file; do
	name=$(basename "$file" .yaml)
	if grep -Eq '^requires:.*(tun|openvswitch)' "$file" &&
		! (: >/dev/net/tun) 2>/dev/null; then
		skip "the script of $name" 'no access to /dev/net/tun'
		continue
	fi
	compare "$file"
	verdict $? "the script of $name" "$(head -n 40 "$work/err")"
	[ "$name" = changes ] || continue
	compare_behind "$file"
	verdict $? "the script of $name, behind its last step"
done

finish
