# SPDX-License-Identifier: GPL-2.0-or-later
#
# storm.bash - a node that keeps a processor's receive queue full
#
# Hundreds of frames go round between two bridges of its own, each past two hundred
# rules.  A program sets them off, on the processor that they stay on.
# shellcheck shell=bash

# processor first|last - of those that we may use
processor() {
	local list

	list=$(sed -n 's/^Cpus_allowed_list:[^0-9]*//p' /proc/self/status)
	case $1 in
	first) echo "${list%%[-,]*}" ;;
	last) echo "${list##*[-,]}" ;;
	esac
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

# storm_node PROCESSOR FILE closed|open - with a program that is called FILE, and its
# packet socket afterwards: while that is open it may have a part in the lab
storm_node() {
	cat >"$2" <<-'END'
		socket(S, 17, 3, 0) or die;
		$ifindex = (split ":", `ip -o link show a0`)[0];
		$to = pack("SnlSCCa8", 17, 0x88b5, $ifindex, 0, 0, 6, "");
		$frame = "\xff" x 6 . "\2\0\0\0\0\1\x88\xb5" . "\0" x 50;
		send(S, $frame, 0, $to) for 1 .. 300;
		close(S) unless $ARGV[0] eq "open";
		$ready = IO::Socket::INET->new(LocalPort => 9, Listen => 1) or die;
		sleep 1000
	END
	echo '  - name: storm'
	echo '    interfaces:'
	echo '      - {name: br0, kind: bridge, ports: [a0, a1]}'
	echo '      - {name: br1, kind: bridge, ports: [b0, b1]}'
	mapfile -t slow < <(seq -f 'ether type %g drop' 40000 40199)
	rules bridge 'prerouting priority 0' "${slow[@]}"
	echo '    services:'
	echo '      - ready: {tcp: 9}'
	echo "        run: exec taskset -c $1 perl -MIO::Socket::INET $2 $3"
}

storm_links() {
	echo '  - endpoints: ["storm:a0", "storm:b0"]'
	echo '  - endpoints: ["storm:a1", "storm:b1"]'
}
