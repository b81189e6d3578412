#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# unheard.sh - a neighbour's entry is gone before anybody has looked at it
#
# The kernel clears failed entries away, and on a busy machine that may be before
# labcheck asks for one.  Here it is stopped from the moment that the neighbour is
# asked for, and a command in the lab deletes the entry as soon as it has failed.
# The program is $LABCHECK, default ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"

wait_for() { # a file
	until [ -e "$1" ]; do sleep 0.01; done
}

# scenario FAMILY TARGET - asked for three times within a second
scenario() {
	cat <<-END
		name: unheard
		nodes:
		  - name: red
		    interfaces: [{name: eth0, addresses: [10.0.0.1/24, "fd00::1/64"]}]
		    sysctls: [net.ipv4.neigh.eth0.retrans_time_ms=300, net.ipv6.neigh.eth0.retrans_time_ms=300]
		    services: [{run: "sh $PWD/collector $2"}]
		  - name: blue
		    interfaces: [{name: eth0, addresses: [10.0.0.2/24, "fd00::2/64"]}]
		links: [{endpoints: ["red:eth0", "blue:eth0"]}]
		steps: [{ping: {from: red, to: "$2"}, family: $1}]
	END
}

prepare() {
	chmod 777 .
	cat >collector <<-END
		is() { ip neigh show "\$1" dev eth0 | grep -q "\$2"; }
		until is "\$1" INCOMPLETE; do :; done
		touch $PWD/asked
		until [ -e $PWD/stopped ]; do sleep 0.01; done
		! is "\$1" INCOMPLETE || touch $PWD/in_time
		until is "\$1" FAILED; do sleep 0.01; done
		ip neigh del "\$1" dev eth0
		touch $PWD/gone
		exec sleep 1000
	END
}

is_stopped() { # a process
	grep -q '^State:.T' "/proc/$1/status"
}

# run_stopped - while the neighbour is asked for and given up
run_stopped() {
	local lab

	rm -f asked stopped in_time gone
	"${as[@]}" "$work/labcheck" unheard.yaml >out 2>err </dev/null &
	wait_for asked
	lab=$(pgrep -P $!)
	kill -STOP "$lab"
	until is_stopped "$lab"; do sleep 0.01; done
	touch stopped
	wait_for gone
	kill -CONT "$lab"
	wait $!
	status=$?
}

test_gone() { # FAMILY TARGET QUESTIONS
	scenario "$1" "$2" >unheard.yaml
	# A machine that is slow may have let it come too late
	run_stopped
	until [ -e in_time ]; do run_stopped; done
	[ $status = 1 ] && grep -q '^  got: no-neighbor' out &&
		grep -q "^  evidence: the next hop did not answer red's $3" out
	verdict $? "IPv$1: the entry is gone, and the neighbour still missing"
}

cd "$work" || exit 3
cp "$program" labcheck
chmod -R a+rX .
prepare

for user in $users; do
	as_user "$user"
	test_gone 4 10.0.0.9 'ARP requests'
	test_gone 6 fd00::9 'neighbour solicitations'
done

finish
