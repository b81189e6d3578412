#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# builds: gcc-release
#
# fidelity.sh - what ci/fidelity says when two labs differ
#
# Both labs are simulated here: it is the table that is tested, not the model.

set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

cd "$(dirname "$0")/../.." || exit 3
LABCHECK=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
[ -x "$LABCHECK" ] || { echo "Bail out! no program: $LABCHECK"; exit 3; }

PARTS=$(mktemp -d) || exit 3
export LABCHECK PARTS
trap 'rm -rf "$PARTS"' EXIT
trap 'exit 130' INT TERM

part() { # the steps, and what is different in one of the labs
	cat >"$PARTS/part.yaml" <<-'END'
	# A part
	name: part
	nodes:
	  - {name: red, interfaces: [{name: eth0, addresses: [10.1.0.1/24]}]}
	#model   - {name: blue, interfaces: [{name: eth0, addresses: [10.1.0.2/24]}]}
	END
	cat >>"$PARTS/part.yaml"
}

expect() { # what, exit status, patterns that its output must have
	what=$1
	wanted=$2
	shift 2
	ci/fidelity part >"$PARTS/out" 2>&1
	status=$?
	[ $status = "$wanted" ]
	result=$?
	for pattern; do
		grep -Eq "$pattern" "$PARTS/out" || result=1
	done
	verdict $result "$what" "exit status $status
$(cat "$PARTS/out")"
}

part <<'END'
#real   - {name: blue, interfaces: [{name: eth0, addresses: [10.1.0.2/24]}]}
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps:
#model   - do: {on: red, command: "true"}
  - ping: {from: red, to: 10.1.0.2}
#real   - do: {on: red, command: "true"}
#real   - do: {on: red, command: "true"}
  - ping: {from: red, to: 10.1.0.3, expect: no-neighbor}
END
expect 'two labs that agree' 0 '^   ping .* reply +reply +reply$' \
       'no-neighbor +no-neighbor +no-neighbor$' '^2 passed, 0 failed$'

part <<'END'
#real   - {name: blue, interfaces: [{name: eth0, addresses: [10.1.0.3/24]}]}
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps:
  - ping: {from: red, to: 10.1.0.2}
  - ping: {from: blue, to: red}
END
expect 'one cell differs' 1 '^!! ping .* reply +reply +no-neighbor$' \
       '^1 passed, 1 failed$'

part <<'END'
#real   - {name: blue, interfaces: [{name: eth0, addresses: [10.1.0.2/24]}]}
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps:
  - ping: {from: red, to: 10.1.0.3}
END
expect 'both say the same, and not what is expected' 1 \
       '^!! ping .* reply +no-neighbor +no-neighbor$' '^0 passed, 1 failed$'

part <<'END'
#real   - {name: bleu}
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps:
  - ping: {from: red, to: 10.1.0.2}
END
expect 'one of the files is wrong' 1 '^!! the two labs' \
       'real: .*error: ' '^0 passed, 1 failed$'

part <<'END'
#real   - {name: blue, interfaces: [{name: eth0, addresses: [10.1.0.2/24]}]}
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps:
#real   - do: {on: red, command: "false"}
  - ping: {from: red, to: 10.1.0.2}
END
expect 'what makes one of the labs fails' 1 '^!! ping .* reply +skipped' \
       'real: do on red: false: ' '^0 passed, 1 failed$'

part <<'END'
#real   - {name: blue, interfaces: [{name: eth0, addresses: [10.1.0.2/24]}]}
#real requires: [privileged]
links: [{endpoints: ["red:eth0", "blue:eth0"]}]
steps:
  - ping: {from: red, to: 10.1.0.2}
END
expect 'one of them cannot be had' 0 'skipped: .*privileged' \
       '^0 passed, 0 failed, 1 skipped$'

finish
