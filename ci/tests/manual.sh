#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# manual.sh - what the manual shows is the language
#
# builds: gcc-release
#
# Every block of YAML in scenarios/README.md must pass `labcheck lint`: a whole
# file as it stands, a part of one with what it refers to added.  The first
# scenario must say just what the manual says it does.  The program is $LABCHECK,
# default ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"
cd "$top/scenarios" || exit 3

# The nodes of which the manual's examples speak
lab() {
	cat <<-'END'
	nodes:
	  - name: host
	    interfaces:
	      - {name: v-net-0, kind: bridge, ports: [veth-red-br, veth-blue-br],
	         addresses: [192.168.15.5/24]}
	      - {name: eth0, addresses: [192.168.1.2/24]}
	      - {name: vx0, kind: vxlan, vni: 10, remote: 192.168.1.3}
	  - name: lan
	    interfaces: [{name: eth0, addresses: [192.168.1.3/24]}]
	  - name: red
	    interfaces: [{name: veth-red, addresses: [192.168.15.1/24]}]
	  - name: blue
	    interfaces: [{name: veth-blue, addresses: [192.168.15.2/24]}]
	  - name: gray
	    interfaces: [{name: eth0, addresses: [192.168.15.3/24]}]
	  - {name: u, count: 2, network: my-net}
	  - {name: c, count: 2, network: my-net}
	networks: [{name: my-net}]
	links:
	  - endpoints: ["red:veth-red", "host:veth-red-br"]
	  - endpoints: ["blue:veth-blue", "host:veth-blue-br"]
	  - endpoints: ["host:eth0", "lan:eth0"]
	  - endpoints: ["gray:eth0", "host:gray"]
	END
}

# whole - a part of a scenario on standard input, made whole
whole() {
	cat >"$work/part"
	case $(head -n 1 "$work/part") in
	'#!'*) ;;
	'- '*) lab; echo 'steps:' ;;
	links:*) echo 'nodes: [{name: red}, {name: blue}, {name: host}, {name: lan}]' ;;
	esac
	cat "$work/part"
	case $(head -n 1 "$work/part") in
	nodes:*) # its bridge's port
		grep -q veth-red-br "$work/part" &&
			printf '%s\n' '  - name: red' 'links:' \
			'  - endpoints: ["red:veth-red", "router:veth-red-br"]' \
			'  - endpoints: ["red:eth0", "router:eth0"]'
		;;
	esac
	grep -q '^steps:\|^- ' "$work/part" ||
		printf '%s\n' 'steps:' '  - namespace: {of: ["*"], kind: pid, expect: same}'
}

# Each block of YAML into a file of its own, named by its line
awk -v work="$work" '
	/^```yaml/ { name = sprintf("%s/%03d.block", work, NR); next }
	/^```/ { name = "" }
	name { print >name }' README.md

for block in "$work"/*.block; do
	line=$(basename "$block" .block)
	whole <"$block" >"$work/whole.yaml"
	"$program" lint "$work/whole.yaml" >"$work/out" 2>&1
	result=$?
	[ $result = 0 ] || sed 's/^/# /' "$work/out"
	verdict $result "the block at line $line"
done

# The first scenario, and the block behind it
awk '/^```/ { fence++; next } fence == 1' README.md >"$work/first.yaml"
awk '/^```/ { fence++; next } fence == 3' README.md | grep -v '^\$ ' >"$work/expected"
"$program" "$work/first.yaml" >"$work/got" 2>&1
diff -u "$work/expected" "$work/got" >"$work/diff"
result=$?
[ $result = 0 ] || sed 's/^/# /' "$work/diff"
verdict $result 'the first scenario says what the manual says'

# Every verb and every shipped scenario is spoken of
for verb in $(sed -n 's/.*lc_check_\([a-z_]*\) = {/\1/p' ../checks/*.c); do
	grep -q "\`*$verb\`*: \|$verb\`" README.md
	verdict $? "the verb $verb is there"
done
for file in *.yaml; do
	grep -q "($file)" README.md
	verdict $? "$file is there"
done

finish
