#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# builds: gcc-release
#
# doubt.sh - what `labcheck doubt` says, and that shipped scenarios stand it
#
#	ci/tests/doubt.sh [SCENARIO...]
#
# First scenarios with gaps that are known, as root and as an ordinary user; then
# every shipped scenario has to notice all that can be wrong with its lab, or to
# say in a comment why it cannot matter.  A skip counts as a failure, but for what
# needs a device that this user may not open.  The program is $LABCHECK, default
# ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"

cp "$program" "$work/labcheck"
chmod -R a+rX "$work"
cd "$work" || exit 3

# says STATUS DESCRIPTION ARGUMENT... - `labcheck doubt ARGUMENT...` ends with that
# status, and says what stands in `expected`
says() {
	local expected=$1 description=$2

	shift 2
	labcheck doubt "$@"
	[ $status = "$expected" ] && cat err >>out && : >err &&
		diff -u expected out >err
	verdict $? "$description (status $status)"
}

head='nodes:
  - {name: red, interfaces: [{name: eth0, addresses: [10.0.0.1/24]}]}
  - {name: blue, interfaces: [{name: eth0, addresses: [10.0.0.2/24, 192.168.9.2/24]}]}
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps:
  - tcp: {from: red, to: 10.0.0.2, port: 80, server: {on: blue}, seen_from: 10.0.0.1}'
echo "$head" >gap.yaml
{
	echo '# doubt: blue:eth0 lacks 192.168.9.2/24: it is : here for show'
	echo '# doubt: blue:eth0 has 192.168.9.254/24, not 192.168.9.2/24: likewise'
	cat gap.yaml
} >excused.yaml
{ echo '# doubt: blue:eth0 lacks 10.0.0.2/24: nobody asks for it'; cat excused.yaml; } >wrong.yaml
{ echo '# doubt: blue:eth0 lacks 10.0.9.2/24: there is none'; cat gap.yaml; } >stale.yaml
{ echo '# doubt: blue:eth0 lacks 192.168.9.2/24:'; cat gap.yaml; } >bare.yaml
sed 's/tcp: .*/{ping: {from: red, to: 10.0.0.9}}/' gap.yaml >failing.yaml
sed 's/tcp: {\(.*\)}/{tcp: {\1}, todo: later}/' gap.yaml >todo.yaml
{ echo 'requires: [privileged]'; cat gap.yaml; } >skipped.yaml
{ cat gap.yaml; echo "  - run: {on: red, command: \"echo >>$work/ran\"}"; } |
	sed 's/, 192.168.9.2.24//' >enough.yaml

# A service that needs an address, and that no step asks for
cat >service.yaml <<'END'
nodes:
  - name: red
    interfaces: [{name: d0, kind: bridge, addresses: [10.0.0.1/24]}]
    services:
      - {run: exec dnsmasq -d -C /dev/null -Rh -z -u root -a 10.0.0.1, ready: {udp: 53}}
steps:
  - ping: {from: red, to: 127.0.0.1}
END

# What a step brings is broken from its beginning, and what was there before stays
# broken behind it
cat >later.yaml <<'END'
requires: [iptables]
networks: [{name: net, subnet: 10.1.0.0/24}]
nodes: [{name: host}, {name: u1, network: net}]
steps:
  - create: {name: u2, network: net}
  - ping: {from: u1, to: 10.1.0.3}
END

# A rule that nobody meets
cat >rules.yaml <<'END'
requires: [nftables]
nodes:
  - name: red
    nftables: |
      table ip t {
        chain c {
          type filter hook input priority 0; policy accept
          udp dport 53 drop
          tcp dport 80 reject with tcp reset
        }
      }
steps:
  - udp: {from: red, to: 127.0.0.1, port: 53, server: {on: red}, expect: drop}
END
chmod a+r ./*.yaml

gaps() {
	cat >expected <<-'END'
	gap.yaml:3:69: no step noticed that blue:eth0 lacks 192.168.9.2/24
	gap.yaml:3:69: no step noticed that blue:eth0 has 192.168.9.254/24, not 192.168.9.2/24
	gap.yaml: 8 of 10 noticed, 0 excused (80 %)
	END
	says 1 'what no step noticed is told with its place' gap.yaml
	echo 'excused.yaml: 8 of 10 noticed, 2 excused (100 %)' >expected
	says 0 'what cannot matter is excused' excused.yaml
	cat >expected <<-'END'
	wrong.yaml:1: this excuse is wrong, a step noticed that blue:eth0 lacks 10.0.0.2/24: 'tcp red -> 10.0.0.2 port 80 is seen from 10.0.0.1'
	wrong.yaml: 8 of 10 noticed, 2 excused (100 %)
	END
	says 1 'but not what a step notices' wrong.yaml
	cat >expected <<-'END'
	stale.yaml:1: this excuses nothing: write `# doubt: WORDS: REASON`, with the words of 'labcheck doubt --list'
	END
	says 2 'nor what there is not' stale.yaml
	sed -i s/stale/bare/ expected
	says 2 'nor without a reason' bare.yaml
	cat >expected <<-'END'
	gap.yaml:2:30: red:eth0 is down
	gap.yaml:2:55: red:eth0 lacks 10.0.0.1/24
	gap.yaml:2:55: red:eth0 has 10.0.0.254/24, not 10.0.0.1/24
	gap.yaml:2:55: red:eth0 has 10.0.0.1/32, not /24
	gap.yaml:3:31: blue:eth0 is down
	gap.yaml:3:56: blue:eth0 lacks 10.0.0.2/24
	gap.yaml:3:56: blue:eth0 has 10.0.0.254/24, not 10.0.0.2/24
	gap.yaml:3:56: blue:eth0 has 10.0.0.2/32, not /24
	gap.yaml:3:69: blue:eth0 lacks 192.168.9.2/24
	gap.yaml:3:69: blue:eth0 has 192.168.9.254/24, not 192.168.9.2/24
	END
	says 0 'all mutants can be listed' --list gap.yaml
	echo "failing.yaml: fails as it is, at 'ping red -> 10.0.0.9'" >expected
	says 1 'of a scenario that fails nothing is said' failing.yaml
	sed 's/^gap/todo/' >expected <<-'END'
	gap.yaml:2:30: no step noticed that red:eth0 is down
	gap.yaml:2:55: no step noticed that red:eth0 lacks 10.0.0.1/24
	gap.yaml:2:55: no step noticed that red:eth0 has 10.0.0.254/24, not 10.0.0.1/24
	gap.yaml:2:55: no step noticed that red:eth0 has 10.0.0.1/32, not /24
	gap.yaml:3:31: no step noticed that blue:eth0 is down
	gap.yaml:3:56: no step noticed that blue:eth0 lacks 10.0.0.2/24
	gap.yaml:3:56: no step noticed that blue:eth0 has 10.0.0.254/24, not 10.0.0.2/24
	gap.yaml:3:56: no step noticed that blue:eth0 has 10.0.0.2/32, not /24
	gap.yaml:3:69: no step noticed that blue:eth0 lacks 192.168.9.2/24
	gap.yaml:3:69: no step noticed that blue:eth0 has 192.168.9.254/24, not 192.168.9.2/24
	gap.yaml: 0 of 10 noticed, 0 excused (0 %)
	END
	says 1 'a step under todo notices nothing' todo.yaml
	cat >expected <<-'END'
	later.yaml:2:12: no step noticed that host:br-net lacks 10.1.0.1/24
	later.yaml:2:12: no step noticed that host:br-net has 10.1.0.254/24, not 10.1.0.1/24
	later.yaml:2:12: no step noticed that host:br-net has 10.1.0.1/32, not /24
	later.yaml:3:9: no step noticed that host does not forward
	later.yaml:3:43: no step noticed that u1:eth0 has 10.1.0.254/24, not 10.1.0.2/24
	later.yaml:3:43: no step noticed that u1 lacks the route to default via 10.1.0.1
	later.yaml:3:43: no step noticed that u1 has the route to default via 10.1.0.254, not 10.1.0.1
	later.yaml:5:33: no step noticed that u2 lacks the route to default via 10.1.0.1
	later.yaml:5:33: no step noticed that u2 has the route to default via 10.1.0.254, not 10.1.0.1
	later.yaml: 9 of 18 noticed, 0 excused (50 %)
	END
	says 1 'no step mends what is broken' later.yaml
	cat >expected <<-'END'
	rules.yaml:4:15: no step noticed that red lacks the rule 'tcp dport 80 reject with tcp reset'
	rules.yaml:4:15: no step noticed that red has 'drop' in the rule 'tcp dport 80 reject with tcp reset'
	rules.yaml: 1 of 3 noticed, 0 excused (33 %)
	END
	says 1 'each rule of a rule set counts' rules.yaml
	cat >expected <<-'END'
	service.yaml:3:18: no step noticed that red:d0 is down
	service.yaml:5:9: no step noticed that red lacks the service 'exec dnsmasq -d -C /dev/null -Rh -z -u root -a 10.0.0.1'
	service.yaml: 2 of 4 noticed, 0 excused (50 %)
	END
	says 1 'a service that does not start has noticed' service.yaml
	echo 'enough.yaml: 8 of 8 noticed, 0 excused (100 %)' >expected
	: >ran && chmod a+w ran
	says 0 'all is noticed at once' enough.yaml
	[ "$(wc -l <ran)" = 1 ]
	verdict $? 'and what comes behind is not run'
	[ "$user" = 0 ] && return
	labcheck doubt skipped.yaml
	verdict $((! (status == 0) || ! $(grep -c '^skipped.yaml: skipped: ' out))) \
		'a scenario that is skipped is skipped'
}

shipped() {
	local name=$1 file=$top/scenarios/$1.yaml

	if grep -Eq '^requires:.*(tun|openvswitch)' "$file" &&
		! (: >/dev/net/tun) 2>/dev/null; then
		skip "$name" 'no access to /dev/net/tun'
		return
	fi
	labcheck doubt --must-run -j 8 "$file"
	[ $status = 0 ] && grep -q '(100 %)$' out
	verdict $? "$name: $(tail -n 1 out | sed 's/.*yaml: //')"
}

[ "$(id -u)" = 0 ] || echo "# not root: as uid $users alone"
for uid in $users; do
	as_user "$uid"
	[ $# = 0 ] && gaps
done

as_user "$(id -u)"
# shellcheck disable=SC2046 # names of scenarios have no blanks
[ $# = 0 ] && set -- $(cd "$top/scenarios" &&
	printf '%s\n' *.yaml | sed 's/[.]yaml$//')
for name; do
	shipped "$name"
done

finish
