#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pcap.sh - what --pcap records, as tshark reads it
#
# The captures of the NAT scenarios must show the addresses that their verdicts
# claim; files must be whole, in order, and complete or said not to be.  As root
# it is all done as an ordinary user as well.  The program is $LABCHECK, default
# ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"

command -v tshark >/dev/null || {
	echo 'ok - # SKIP there is no tshark (ci/install --test)'
	exit 77
}

# read_pcap FILE - a packet a line, into `packets`: step, interface, direction
# (1: in, 2: out), from, to, their ports, TCP flags, what it is, comment; fails
# if tshark has a complaint
read_pcap() {
	tshark -r "$1" -T fields -E separator='|' -E occurrence=f \
		-e frame.interface_name -e frame.packet_flags_direction \
		-e ip.src -e ip.dst -e tcp.srcport -e udp.srcport \
		-e tcp.dstport -e udp.dstport -e tcp.flags.str -e icmp.type \
		-e _ws.col.Protocol -e eth.type -e vlan.id -e frame.comment \
		>fields 2>complaint || return 1
	! grep -v '^Running as user' complaint || return 1
	awk -F '|' '{
		step = $14; sub(/^step [0-9]*: /, "", step)
		flags = $9; gsub(/[^A-Z]/, "", flags)
		what = $10 == 8 ? "request" : $10 == "0" ? "reply" : $11
		print step "|" $1 "|" ($2 ~ /1$/ ? "in" : "out") "|" $3 "|" \
			$4 "|" $5 $6 "|" $7 $8 "|" flags "|" what "|" $12 \
			"|" $13
	}' fields >packets
}

# Whether a packet is there, as an extended regular expression for the whole of
# it: of a step, at an interface; `any` for what does not matter
seen() { # STEP INTERFACE DIRECTION FROM TO FROM-PORT TO-PORT WHAT
	awk -F '|' -v want="$*" -v step="$1" -v at="$2" -v way="$3" \
		-v from="$4" -v to="$5" -v port="$6" -v to_port="$7" \
		-v what="$8" '
	function is(field, wanted) { return wanted == "any" || field == wanted }
	$1 == step && is($2, at) && is($3, way) && is($4, from) &&
	is($5, to) && is($6, port) && is($7, to_port) &&
	(is($8, what) || $9 == what) { found = 1 }
	END { exit !found }' packets && return
	{
		echo "not in the capture: $*"
		grep -F "$1|$2" packets
	} >complaint
	return 1
}

absent() {
	! seen "$@" || { echo "in the capture: $*" >complaint; return 1; }
}

# The port that a step's first TCP or UDP packet has at an interface
source_port() { # STEP INTERFACE
	awk -F '|' -v step="$1" -v at="$2" \
		'$1 == step && $2 == at && $6 != "" { print $6; exit }' packets
}

# The scenario passes, and says the same as without; its packets are read
record() { # NAME
	labcheck "$top/scenarios/$1.yaml"
	cp out before
	labcheck --pcap pcap "$top/scenarios/$1.yaml"
	[ $status = 0 ] && cmp before out && read_pcap "pcap/$1.pcapng"
	verdict $? "$1 passes, says the same when recorded, and tshark reads it"
}

test_masquerade() {
	local step="lan sees the host's address in blue's place"

	record masquerade
	seen "$step" blue:veth-blue out 192.168.15.2 192.168.1.3 any any request &&
	seen "$step" lan:eth0 in 192.168.1.2 192.168.1.3 any any request &&
	absent "$step" lan:eth0 any 192.168.15.2 any any any any &&
	absent "$step" host:eth0 any 192.168.15.2 any any any any &&
	seen "$step" lan:eth0 out 192.168.1.3 192.168.1.2 any any reply &&
	seen "$step" blue:veth-blue in 192.168.1.3 192.168.15.2 any any reply
	verdict $? 'masquerade: echo requests change their source at the host'
	step='with TCP'
	port=$(source_port "$step" blue:veth-blue)
	seen "$step" blue:veth-blue out 192.168.15.2 192.168.1.3 "$port" 80 S &&
	seen "$step" lan:eth0 in 192.168.1.2 192.168.1.3 "$port" 80 S &&
	seen "$step" lan:eth0 out 192.168.1.3 192.168.1.2 80 "$port" AS &&
	seen "$step" blue:veth-blue in 192.168.1.3 192.168.15.2 80 "$port" AS
	verdict $? 'masquerade: TCP as well, and its port is kept'
	step='and with UDP'
	port=$(source_port "$step" blue:veth-blue)
	seen "$step" blue:veth-blue out 192.168.15.2 192.168.1.3 "$port" 5353 any &&
	seen "$step" lan:eth0 in 192.168.1.2 192.168.1.3 "$port" 5353 any &&
	seen "$step" blue:veth-blue in 192.168.1.3 192.168.15.2 5353 "$port" any
	verdict $? 'masquerade: and UDP'
	step='between red and blue nothing is translated'
	seen "$step" blue:veth-blue in 192.168.15.1 192.168.15.2 any any request
	verdict $? 'masquerade: what stays inside keeps its address'
	step='then the next request arrives with an address that lan can'\''t answer'
	seen "$step" lan:eth0 in 192.168.15.2 192.168.1.3 any any request &&
	absent "$step" lan:eth0 out any any any any reply
	verdict $? 'masquerade: without the rule it keeps it, and no answer leaves'
}

test_port_forward() {
	local step='but at the host'\''s, and blue sees lan itself' port

	record port-forward
	port=$(source_port "$step" lan:eth0)
	seen "$step" lan:eth0 out 192.168.1.3 192.168.1.2 "$port" 8080 S &&
	seen "$step" blue:veth-blue in 192.168.1.3 192.168.15.2 "$port" 80 S &&
	seen "$step" blue:veth-blue out 192.168.15.2 192.168.1.3 80 "$port" AS &&
	seen "$step" lan:eth0 in 192.168.1.2 192.168.1.3 8080 "$port" AS &&
	absent "$step" lan:eth0 any 192.168.15.2 any any any any
	verdict $? 'port-forward: the destination changes, the source does not'
	step='without a service behind it, it is blue that refuses'
	seen "$step" blue:veth-blue out 192.168.15.2 192.168.1.3 80 any AR
	verdict $? 'port-forward: the reset is of blue'
	step='lan'\''s request still arrives, but no answer returns'
	seen "$step" blue:veth-blue in 192.168.1.3 192.168.15.2 any 80 S &&
	absent "$step" lan:eth0 in any any any any AS
	verdict $? 'port-forward: arrives, and no answer returns'
}

test_custom_bridge() {
	local step='which sees the host'\''s address in its place' port

	record custom-bridge
	port=$(source_port "$step" u1:eth0)
	seen "$step" u1:eth0 out 172.18.0.2 192.168.1.3 "$port" 80 S &&
	seen "$step" lan:eth0 in 192.168.1.2 192.168.1.3 any 80 S &&
	seen "$step" u1:eth0 in 192.168.1.3 172.18.0.2 80 "$port" AS &&
	absent "$step" lan:eth0 any 172.18.0.2 any any any any
	verdict $? 'custom-bridge: the lan sees the host'
	step='with UDP it is the same'
	seen "$step" u2:eth0 out 172.18.0.3 192.168.1.3 any 53 any &&
	seen "$step" lan:eth0 in 192.168.1.2 192.168.1.3 any 53 any
	verdict $? 'custom-bridge: with UDP it is the same'
	step="their services too, and they see each other's own address"
	seen "$step" u2:eth0 in 172.18.0.2 172.18.0.3 any 80 S
	verdict $? 'custom-bridge: containers see each other'
}

test_published_ports() {
	local step='from the lan, which is seen as itself' port

	record published-ports
	port=$(source_port "$step" lan:eth0)
	seen "$step" lan:eth0 out 192.168.1.3 192.168.1.2 "$port" 8080 S &&
	seen "$step" web:eth0 in 192.168.1.3 10.10.0.2 "$port" 80 S &&
	seen "$step" lan:eth0 in 192.168.1.2 192.168.1.3 8080 "$port" AS
	verdict $? 'published-ports: the lan is seen as itself'
	step='with UDP as well'
	seen "$step" lan:eth0 out 192.168.1.3 192.168.1.2 any 5001 any &&
	seen "$step" web:eth0 in 192.168.1.3 10.10.0.2 any 5001 any &&
	seen "$step" lan:eth0 in 192.168.1.2 192.168.1.3 5001 any any
	verdict $? 'published-ports: with UDP as well'
	step='the host, at its loopback, by the proxy'
	seen "$step" host:lo in 127.0.0.1 127.0.0.1 any 8080 S &&
	seen "$step" web:eth0 in 10.10.0.1 10.10.0.2 any 80 S
	verdict $? 'published-ports: the proxy comes from the gateway'
	step='a sibling, by the proxy'
	seen "$step" sibling:eth0 out 10.10.0.3 192.168.1.2 any 8080 S &&
	seen "$step" web:eth0 in 10.10.0.1 10.10.0.2 any 80 S &&
	absent "$step" web:eth0 in 10.10.0.3 any any any S
	verdict $? 'published-ports: for a sibling as well'
	step="a sibling's datagram arrives, and the proxy's answer comes from the wrong address"
	seen "$step" sibling:eth0 out 10.10.0.3 192.168.1.2 any 5001 any &&
	seen "$step" sibling:eth0 in 10.10.0.1 10.10.0.3 5001 any any
	verdict $? 'published-ports: the answer from the wrong address'
}

# The way of one echo and its answer, in a file that four others share
test_order() {
	local way want

	want='blue:veth-blue host:veth-blue-br host:v-net-0 host:eth0 lan:eth0 '
	want+='lan:eth0 host:eth0 host:v-net-0 host:veth-blue-br blue:veth-blue '
	read_pcap pcap/masquerade.pcapng
	way=$(awk -F '|' '$1 == "blue reaches lan" && /request|reply/ {
		printf "%s ", $2 }' packets)
	echo "$way" >complaint
	[ "$way" = "$want" ]
	verdict $? 'packets of several nodes are in the order of their way'
	! grep -F '0x88b5' packets >complaint
	verdict $? "the marks of a step's capture are left out"
}

lab() { # steps on standard input
	printf '%s\n' 'nodes:' \
		'  - {name: red, interfaces: [{name: eth0, addresses: [10.0.0.1/24]}]}' \
		'  - {name: blue, interfaces: [{name: eth0, addresses: [10.0.0.2/24]}]}' \
		'links: [{endpoints: ["red:eth0", "blue:eth0"]}]' \
		'steps:'
	cat
}

test_failure() {
	lab <<-'END' >fails.yaml
	  - name: passes
	    ping: {from: red, to: blue}
	  - name: fails
	    udp: {from: red, to: blue, port: 9}
	END
	labcheck --pcap deep fails.yaml
	[ $status = 1 ] && [ "$(grep -c 'pcap:' out)" = 1 ] &&
		sed -n '/^not ok 2/,$p' out |
		grep -qx '  pcap: deep/fails.pcapng' &&
		read_pcap deep/fails.pcapng &&
		seen fails blue:eth0 in 10.0.0.1 10.0.0.2 any 9 any &&
		seen 'fails (sent again, to learn where it ends)' \
			blue:eth0 in 10.0.0.1 10.0.0.2 any 9 any
	verdict $? 'a failed step says where its packets are; DIR is made'
	cp out before
	labcheck fails.yaml
	# The port that it is sent from is the kernel's choice
	grep -vx '  pcap: .*' before | sed 's/:[0-9]* > /: > /' >recorded
	sed 's/:[0-9]* > /: > /' out | diff recorded - >complaint
	verdict $? 'and says the rest as without'
}

test_names() {
	printf 'name: "../a b"\nnodes: [{name: red}]\nsteps:\n  - run: {on: red, command: "true"}\n' >one.yaml
	sed 's/"\.\..*/n.2/' one.yaml >two.yaml
	sed 's/"\.\..*/n/' one.yaml >three.yaml
	labcheck --pcap names -j 3 --repeat 2 one.yaml two.yaml three.yaml
	[ $status = 0 ] && [ "$(cd names && echo *)" = \
		'_._a_b.2.pcapng _._a_b.pcapng n.2.2.pcapng n.2.pcapng n.3.pcapng n.pcapng' ]
	verdict $? 'each run has a file of its own'
	labcheck --pcap
	[ $status = 2 ] && labcheck --pcap '' one.yaml && [ $status = 2 ]
	[ $status = 2 ]
	verdict $? '--pcap without a directory is wrong'
}

# A frame with a VLAN's tag, which the kernel keeps beside the packet; and what
# has no Ethernet header
test_links() {
	cat >tagged.pl <<-'END'
	open(my $f, "<", "/sys/class/net/eth0/ifindex") or die; my $n = <$f>;
	socket(my $s, 17, 3, 0) or die "socket: $!";
	send($s, pack("H*", "ffffffffffff02000000000181006007080600010800" .
		"06040001020000000001") . "\0" x 40, 0,
		pack("S n l S C C a8", 17, 0x8100, $n, 0, 0, 6, "")) or die "$!";
	END
	cat >tun.pl <<-'END'
	open(my $f, "+<", "/dev/net/tun") or die "$!";
	my $r = pack("a16 S a22", "t0", 0x1001, "");
	ioctl($f, 0x400454ca, $r) or die "$!";
	system("ip link set t0 up && ip address add 10.1.0.1/24 dev t0");
	my $ping = pack("H*", "45000022000040004001" . "26d7" . "0a010002" .
		"0a010001" . "0800f7ff00000000" . "000000000000");
	# A link that was set up takes a while until it sends
	for (1 .. 500) {
		syswrite($f, $ping) or die "$!";
		my ($ready, $answer) = ("");
		vec($ready, fileno($f), 1) = 1;
		while (select(my $is = $ready, undef, undef, 0.02)) {
			sysread($f, $answer, 2000);
			exit 0 if ord($answer) == 0x45;
		}
	}
	die "no answer";
	END
	lab <<-END >links.yaml
	  - name: tagged
	    do: {on: red, command: "perl $PWD/tagged.pl"}
	END
	labcheck --pcap links links.yaml
	[ $status = 0 ] && read_pcap links/links.pcapng &&
		grep -q '^tagged|blue:eth0|in|.*|7$' packets
	verdict $? 'the tag of a VLAN is in its frame'
	if [ "$user" != 0 ] || ! [ -c /dev/net/tun ]; then
		skip 'raw IP' 'this takes /dev/net/tun, and root'
		return
	fi
	printf '  - {name: raw, do: {on: red, command: "perl %s/tun.pl"}}\n' \
		"$PWD" >>links.yaml
	labcheck --pcap links links.yaml
	[ $status = 0 ] && read_pcap links/links.pcapng &&
		seen raw red:t0 in 10.1.0.2 10.1.0.1 any any request &&
		seen raw red:t0 out 10.1.0.1 10.1.0.2 any any reply
	verdict $? 'an interface without Ethernet is raw IP'
}

# Interfaces that are not there any more, nor in the plan, when they are read
test_change() {
	lab <<-'END' >change.yaml
	  - name: comes and goes
	    do: {on: red, command: "ip link add b0 type veth peer name b1 && ip link set b0 up && ip link set b1 up && ip address add 10.3.0.1/24 dev b0 && ping -c 1 -W 0.1 10.3.0.2; ip link del b0"}
	  - name: renamed
	    do: {on: red, command: "ip link set eth0 name eth9"}
	  - name: under its new name
	    ping: {from: red, to: blue}
	END
	labcheck --pcap change change.yaml
	[ $status = 0 ] && read_pcap change/change.pcapng &&
		grep -q '^comes and goes|red:b1|.*|ARP|' packets &&
		seen 'under its new name' red:eth9 out 10.0.0.1 10.0.0.2 any any request
	verdict $? 'interfaces that come, go and are renamed'
	labcheck --pcap change "$top/scenarios/connect-disconnect.yaml"
	[ $status = 0 ] && read_pcap change/connect-disconnect.pcapng &&
		grep -q '|two:eth1|' packets
	verdict $? 'and those of containers that are connected later'
}

test_many() {
	lab <<-'END' >many.yaml
	  - name: many
	    ping: {from: red, to: blue, count: 2500}
	  - name: flood
	    do: {on: red, command: "ping -f -q -c 2500 10.0.0.2"}
	END
	labcheck --pcap many many.yaml
	[ $status = 0 ] && read_pcap many/many.pcapng &&
		[ "$(grep -c '^many|.*re[pq]' packets)" = 10000 ] &&
		[ "$(grep -c '^flood|.*re[pq]' packets)" = 10000 ] &&
		! grep -qaF 'packets were lost' many/many.pcapng
	verdict $? 'ten thousand packets of a step, none is lost'
}

# The one who reads stands still, while an interface goes, and then more comes
# than there is room for
test_losses() {
	local parent child

	lab <<-END >lost.yaml
	  - name: lost
	    do: {on: red, command: "touch $PWD/begun; until [ -e $PWD/go ]; do sleep 0.01; done; ip link add a0 type veth peer name a1; ip link set a0 up; ip link set a1 up; ip address add 10.2.0.1/24 dev a0; ping -c 1 -W 1 10.2.0.2; ip link del a0; ping -f -q -c 9000 10.0.0.2; touch $PWD/flown; sleep 0.1"}
	END
	rm -f begun go flown
	"${as[@]}" "$work/labcheck" --pcap lost lost.yaml >out 2>err &
	parent=$!
	until [ -e begun ]; do sleep 0.01; done
	child=$(ps -o pid= --ppid "$parent")
	child=${child// /}
	kill -STOP "$child"
	touch go
	until [ -e flown ]; do sleep 0.01; done
	kill -CONT "$child"
	wait "$parent"
	status=$?
	[ $status = 0 ] && read_pcap lost/lost.pcapng &&
		grep -qaE '[1-9][0-9]* packets were lost on the interfaces of this node' \
			lost/lost.pcapng
	verdict $? 'what was lost is told in the statistics'
	seen lost red:a0 out any any any any ARP &&
		seen lost red:a1 in any any any any ARP
	verdict $? 'an interface that is gone when it is read has its name'
}

# What a run says about its steps, whatever becomes of the file
test_unwritable() {
	local fits

	: >file
	lab <<-'END' >unwritable.yaml
	  - ping: {from: red, to: blue, count: 100}
	  - ping: {from: blue, to: red, count: 100}
	END
	labcheck --pcap file/x unwritable.yaml
	[ $status = 3 ] && [ "$(grep -c ^ok out)" = 2 ] &&
		grep -qxF 'labcheck: file/x/unwritable.pcapng: Not a directory' err
	verdict $? 'a directory that is none: exit status 3, and the verdicts'
	mkdir -p full
	ln -sf /dev/full full/unwritable.pcapng
	labcheck --pcap full unwritable.yaml
	[ $status = 3 ] && [ "$(grep -c ^ok out)" = 2 ] &&
		grep -qxF 'labcheck: full/unwritable.pcapng: No space left on device' err
	verdict $? 'nothing fits: the same'
	# shellcheck disable=SC2016 # what the other shell is to expand
	"${as[@]}" unshare -rm sh -c 'mkdir -p small &&
		mount -t tmpfs -o size=20k none small || exit 99
		"$0" --pcap small unwritable.yaml; status=$?
		cat small/unwritable.pcapng >small.pcapng
		exit $status' "$work/labcheck" >out 2>err
	status=$?
	[ $status != 99 ] || {
		skip 'a full disk' 'no file system can be mounted here'
		return
	}
	fits=$(stat -c %s small.pcapng)
	[ $status = 3 ] && [ "$(grep -c ^ok out)" = 2 ] && [ "$fits" -gt 0 ] &&
		grep -qF 'small/unwritable.pcapng: No space left on device' err &&
		read_pcap small.pcapng
	verdict $? 'a full disk: the same, and the file is whole blocks'
}

test_killed() {
	lab <<-'END' >killed.yaml
	  - name: before
	    ping: {from: red, to: blue}
	  - name: hangs
	    do: {on: red, command: "sleep 300"}
	END
	rm -f out
	"${as[@]}" "$work/labcheck" --pcap killed killed.yaml >out 2>err &
	until grep -q '^ok 1' out 2>/dev/null; do sleep 0.01; done
	kill -KILL $!
	wait $! 2>/dev/null
	read_pcap killed/killed.pcapng &&
		seen before blue:eth0 in 10.0.0.1 10.0.0.2 any any request &&
		seen before red:eth0 in 10.0.0.2 10.0.0.1 any any reply
	verdict $? 'killed: all steps that were told are in the file'
}

test_tcpdump() {
	command -v tcpdump >/dev/null || {
		skip 'tcpdump reads it' 'there is no tcpdump'
		return
	}
	tcpdump -nr pcap/masquerade.pcapng >out 2>err &&
		grep -q '192.168.1.2 > 192.168.1.3: ICMP echo request' out
	verdict $? 'tcpdump reads it'
}

run_all() { # UID
	as_user "$1"
	mkdir "$work/$1"
	cd "$work/$1" || exit 3
	chmod 777 .
	test_masquerade
	test_port_forward
	test_custom_bridge
	test_published_ports
	test_order
	test_failure
	test_names
	test_links
	test_change
	test_many
	test_losses
	test_unwritable
	test_killed
	test_tcpdump
}

chmod 755 "$work"
cp "$program" "$work/labcheck"
mkdir "$work/scenarios"
cp "$top"/scenarios/*.yaml "$work/scenarios"
chmod -R a+rX "$work/scenarios"
top=$work
run_all "$(id -u)"
[ "$(id -u)" != 0 ] || run_all 1000
finish
