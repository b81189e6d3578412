#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# netfilter.sh - rules of a node against those that iptables-nft makes
#
# The same list is loaded twice, each time into a namespace of its own: by
# labcheck's own netlink requests (netfilter_test, see there), and by
# iptables-nft-restore.  Then iptables-save and nft must show the same.  After
# that, rules change, while a user meddles with them as on any host.
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD-$top/build/cc-release}
tool=$(realpath "$BUILD/tests/netfilter_test")
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

for program in iptables-nft iptables-nft-restore iptables-nft-save nft unshare
do
	command -v "$program" >/dev/null && continue
	echo "$program is not installed"
	exit 77
done
if ! unshare -rn true 2>/dev/null; then
	echo 'no user and network namespaces here'
	exit 77
fi
if ! unshare -rn iptables-nft-save >/dev/null 2>&1; then
	echo 'this kernel has no nf_tables'
	exit 77
fi

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM

# A namespace in which nothing of the machine is touched
inside() {
	unshare -rn "$@"
}

# What iptables-save and nft show, but for dates and handles
export show='iptables-nft-save | grep -v "^#"; nft --debug=netlink list ruleset 2>/dev/null |
	sed -E "s/^(ip [a-z]+ [^ ]+) [0-9]+( [0-9]+)*/\1/"'
export save='iptables-nft-save | grep -v "^#"'

same() { # description, file, file
	local difference

	if [ ! -s "$2" ]; then
		verdict 1 "$1" "nothing was shown"
		return
	fi
	difference=$(diff "$2" "$3")
	verdict $? "$1" "$difference"
}

# (An ordinary user's iptables can't load 1000 rules at once, hence not `many`)
for list in all abc other embedded; do
	inside "$tool" "=$list" "$show" >"$work/ours" 2>&1
	"$tool" "?$list" >"$work/rules"
	inside sh -c "iptables-nft-restore && $show" \
		<"$work/rules" >"$work/theirs" 2>&1
	same "the list \`$list\` is as iptables-nft makes it" \
		"$work/ours" "$work/theirs"
done

# own DO... - what the chain OWN then has, in a word
own() {
	inside "$tool" "$@" 'iptables-nft -S OWN' 2>&1 |
		sed -nE 's/^-A OWN -i (.*) -j ACCEPT$/\1/p; t; /^[^-]/p' |
		tr -d '\n'
}

becomes() { # expected, description, what to do...
	local expected=$1 description=$2 got

	shift 2
	got=$(own "$@")
	[ "$got" = "$expected" ]
	verdict $? "$description" "expected $expected, got $got"
}

becomes abc 'loaded' =abc
becomes xaybzcw 'new rules go where the plan has them' =abc =xaybzcw
becomes abc 'rules that are gone are deleted' =abc =xaybzcw =abc
becomes cab 'a rule that changes its place' =abc =cab
becomes aab 'the same rule twice' =abc =aab
becomes ab 'one of two same rules is deleted' =aab 'iptables-nft -D OWN -i a -j ACCEPT' =aab
becomes c 'of the same rules none is left' =aab =c

becomes abu "a user's rule stays" =abc \
	'iptables-nft -A OWN -i u -j ACCEPT; iptables-nft -D OWN -i c -j ACCEPT' =abc
becomes uxaybzcw "a user's rule at the head, new rules around the old" \
	=abc 'iptables-nft -I OWN -i u -j ACCEPT' =xaybzcw
becomes c 'rules that a user has deleted are not missed' \
	=xaybzcw 'iptables-nft -D OWN -i y -j ACCEPT' =c
becomes xayzcw 'nor when new ones were to go in front of them' \
	=abc 'iptables-nft -D OWN -i b -j ACCEPT' =xaybzcw
becomes xyzw 'nor when all were' =abc 'iptables-nft -F' =xaybzcw
becomes '' 'a flush leaves nothing, and nothing comes back' \
	=abc 'iptables-nft -F OWN' =abc =c
becomes ucab 'what others inserted is not in the way of a reordering' \
	=abc 'iptables-nft -I OWN -i u -j ACCEPT' =cab

out=$(inside "$tool" =abc =other "$save")
expected=$("$tool" '?other' | inside sh -c "iptables-nft-restore; $save")
[ "$(grep -v '^:INPUT\|^:OUTPUT' <<<"$out")" = \
	"$(grep -v '^:INPUT\|^:OUTPUT' <<<"$expected")" ]
verdict $? 'chains come and go, and a policy changes' "$out"

out=$(inside "$tool" =abc 'iptables-nft -A OWN -i u -j DROP' =other \
	'iptables-nft -S OWN' 2>&1)
[ "$out" = $'-N OWN\n-A OWN -i u -j DROP' ]
verdict $? "a chain with a user's rule in it stays" "$out"

out=$(inside "$tool" =abc 'iptables-nft -A FORWARD -j OWN' =none \
	'iptables-nft -S' 2>&1)
grep -qx -e '-N OWN' <<<"$out" && ! grep -q -e '-A OWN' <<<"$out"
verdict $? "nor is one deleted that a user's rule jumps to" "$out"

out=$(inside "$tool" =abc 'iptables-nft -P FORWARD DROP' =xaybzcw \
	'iptables-nft -S FORWARD')
[ "$out" = '-P FORWARD DROP' ]
verdict $? "a policy that is the same in both plans is a user's to change" \
	"$out"

out=$(inside "$tool" =abc 'nft flush ruleset' =xaybzcw 2>&1)
[ "$out" = '=xaybzcw: iptables -A OWN -i w -j ACCEPT on host: No such file or directory (No such file or directory)' ]
verdict $? 'what a user has deleted whole is missed, in the words of iptables' \
	"$out"

out=$(inside "$tool" =nowhere 2>&1)
[ "$out" = '=nowhere: iptables -A FORWARD -i a -j NOWHERE on host: No such file or directory (No such file or directory)' ]
verdict $? 'a rule that the kernel refuses' "$out"

out=$(inside "$tool" !conntrakk 2>&1)
[ "$out" = '!conntrakk: iptables -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT on host: this kernel lacks the match conntrakk, or its nft_compat (Operation not supported)' ]
verdict $? 'a module that the kernel lacks is told from a mistake' "$out"

out=$(inside "$tool" try 2>&1)
verdict $? 'whether it lacks one is tried' "$out"

out=$(inside "$tool" =abc +embedded =xaybzcw "$save" 2>&1)
grep -qx -e '-A OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT' <<<"$out" &&
	grep -qx -e '-A DOCKER_OUTPUT -d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:40000' <<<"$out" &&
	grep -qx -e '-A OWN -i x -j ACCEPT' <<<"$out"
verdict $? 'rules that only the builder knows are added, and stay' "$out"

out=$(inside "$tool" =many =c =many 'iptables-nft -S OWN | grep -c docker0' 2>&1)
[ "$out" = 1000 ]
verdict $? 'a thousand rules come, go, and come back' "$out"

becomes c 'a thousand that a user has deleted are not missed either' \
	=many 'iptables-nft -F OWN' =c

# What people do on a host
out=$(inside "$tool" =all 'iptables-nft -D FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
	iptables-nft -t nat -C POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
	iptables-nft -t nat -D DOCKER -p tcp -m tcp --dport 8000:8010 -j DNAT --to-destination 172.17.0.2:9000-9010/8000
	iptables-nft -I FORWARD 1 -i eth9 -j DROP
	iptables-nft -S FORWARD
	iptables-nft -t nat -F && iptables-nft -t nat -S DOCKER
	iptables-nft -F && iptables-nft -X && iptables-nft -S' 2>&1)
[ "$out" = '-P FORWARD DROP
-A FORWARD -i eth9 -j DROP
-A FORWARD -j DOCKER
-A FORWARD ! -i docker0 ! -o br-3 -j DROP
-A FORWARD -i br-+ ! -o veth+ -j RETURN
-N DOCKER
-P INPUT ACCEPT
-P FORWARD DROP
-P OUTPUT ACCEPT' ]
verdict $? 'iptables deletes, checks, inserts and flushes them' "$out"

finish
