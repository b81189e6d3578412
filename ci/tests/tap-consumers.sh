#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# builds: gcc-release
#
# tap-consumers.sh - readers of TAP understand what we mean
#
# The streams come from `tap_test NAME` (see ci/tests/tap_test.c), and from
# labcheck itself where it is built.  Each is read by prove, by automake's
# tap-driver.sh, by meson and by `tap-parser --strict`, and what each of them
# counted must be what was meant.  A reader that is not installed is skipped.
# shellcheck disable=SC2317 # read_* are called by name
set -eu
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

cd "$(dirname "$0")/../.."
top=$PWD
build=$(realpath "${BUILD-build/cc-release}")
producer=$build/tests/tap_test
labcheck=$(realpath "${LABCHECK-$build/labcheck}")
tap_parser=$top/build/npm/node_modules/.bin/tap-parser

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM

# Streams, and what is meant: pass fail skip todo bail.  An error is a failure
streams='
pass	3 0 0 0 0
fail	1 2 0 0 0
skip	1 0 1 0 0
todo	1 0 0 1 0
error	1 1 0 0 0
mixed	2 2 1 1 0
odd	1 1 0 0 0
nothing	0 0 0 0 0
bail	1 0 0 0 1'

# Each reader prints its five counts, and whatever it complained about

read_prove() {
	perl -MTAP::Parser -e '
		my $parser = TAP::Parser->new({ exec => [ $ARGV[0] ] });
		my ($pass, $fail, $skip, $todo, $bail) = (0) x 5;
		my @complaints;
		while (my $line = $parser->next) {
			if ($line->is_test) {
				if ($line->has_skip && $line->is_actual_ok) { $skip++ }
				elsif ($line->has_todo) { $todo++ }
				elsif ($line->is_ok) { $pass++ }
				else { $fail++ }
			} elsif ($line->is_bailout) { $bail++ }
			elsif ($line->is_unknown) {
				push @complaints, "unknown: " . $line->as_string;
			}
		}
		print "$pass $fail $skip $todo $bail\n";
		push @complaints, $parser->parse_errors unless $bail;
		print "$_\n" for @complaints' "$1"
}

read_automake() {
	"$driver" --test-name stream --log-file "$work/log" \
		--trs-file "$work/trs" --color-tests no --ignore-exit \
		--enable-hard-errors yes --expect-failure no -- "$1" \
		>"$work/automake"
	awk '
		/^PASS/ { pass++ }
		/^FAIL/ { fail++ }
		/^SKIP: stream [0-9]/ { skip++ }
		/^XFAIL/ { todo++ }
		/^ERROR: stream - Bail out!/ { bail++; next }
		/^(ERROR|XPASS)/ { complaints = complaints "\n" $0 }
		END {
			print pass + 0, fail + 0, skip + 0, todo + 0, bail + 0 complaints
		}' "$work/automake"
}

# Of a subtest meson prints a line that ends with what became of it
read_meson() {
	local name

	name=$(basename "$1")
	LC_ALL=C.UTF-8 meson test -C "$work/meson/build" --no-rebuild -v \
		"$name" >"$work/meson/out" 2>&1 || true
	sed 's/ *$//' "$work/meson/out" | awk '
		/^▶ .* OK$/ { pass++ }
		/^▶ .* FAIL$/ { fail++ }
		/^▶ .* SKIP$/ { skip++ }
		/^▶ .* EXPECTEDFAIL$/ { todo++ }
		/^▶ .* ERROR$/ { bail++ }
		/^▶ .* UNEXPECTEDPASS$|UNKNOWN:|not terminated|Unknown TAP/ {
			complaints = complaints "\n" $0
		}
		END {
			print pass + 0, fail + 0, skip + 0, todo + 0, bail + 0 complaints
		}'
}

read_tap_parser() {
	"$1" >"$work/stream" || true
	"$tap_parser" --strict --json <"$work/stream" >"$work/json" || true
	node -e '
		const events = JSON.parse(require("fs").readFileSync(0, "utf8"))
		const counts = { pass: 0, fail: 0, skip: 0, todo: 0, bail: 0 }
		const complaints = []
		let bailed = false
		for (const [kind, value] of events) {
			if (kind === "assert") {
				if (value.skip) counts.skip++
				else if (value.todo) counts.todo++
				else if (value.tapError) complaints.push(value.tapError)
				else counts[value.ok ? "pass" : "fail"]++
			} else if (kind === "bailout") {
				counts.bail++
				bailed = true
			} else if (kind === "extra") complaints.push("garbage: " + value)
			else if (kind === "complete" && !bailed)
				for (const failure of value.failures)
					if (failure.tapError) complaints.push(failure.tapError)
		}
		console.log(Object.values(counts).join(" "))
		for (const line of complaints) console.log(line)' <"$work/json"
}

# The values of a list of the `odd` stream, as the two readers of YAML have it;
# what is not ASCII they read into texts of different kinds
diag_prove() {
	perl -MTAP::Parser -MJSON::PP -e '
		my $parser = TAP::Parser->new({ exec => [ $ARGV[0] ] });
		while (my $line = $parser->next) {
			next unless $line->is_yaml;
			my $items = $line->data->{item};
			print JSON::PP->new->encode([ grep { !/[^\x00-\x7f]/ } @$items ]), "\n";
		}' "$1"
}

diag_tap_parser() {
	"$1" >"$work/stream" || true
	"$tap_parser" --strict --json <"$work/stream" >"$work/json" || true
	node -e '
		const events = JSON.parse(require("fs").readFileSync(0, "utf8"))
		for (const [kind, value] of events)
			if (kind === "assert" && value.diag)
				console.log(JSON.stringify(value.diag.item.filter(
					(text) => !/[^\x00-\x7f]/.test(text))))' <"$work/json"
}

# prepare_meson STREAM... - one project whose tests are the streams
prepare_meson() {
	local stream

	mkdir -p "$work/meson"
	{
		echo "project('streams')"
		for stream; do
			echo "test('$(basename "$stream")'," \
				"find_program('$stream'), protocol: 'tap')"
		done
	} >"$work/meson/meson.build"
	meson setup "$work/meson/build" "$work/meson" >"$work/meson/log" 2>&1
}

# ask READER STREAM MEANT
ask() {
	local name said

	name=$(basename "$2")
	said=$("read_$1" "$2" 2>&1)
	if [ "$said" = "$3" ]; then
		verdict 0 "$1 understands $name"
	else
		verdict 1 "$1 understands $name" "meant: $3
said: $said"
	fi
}

# stream NAME COMMAND - a program that writes a stream
stream() {
	printf '#!/bin/sh\n%s\n' "$2" >"$work/streams/$1"
	chmod 755 "$work/streams/$1"
}

make_streams() {
	local name meant

	mkdir "$work/streams"
	while read -r name meant; do
		[ -n "$name" ] || continue
		stream "$name" "exec '$producer' $name"
		printf '%s\n' "$meant" >"$work/$name.meant"
	done <<<"$streams"
}

# meant NAME PASS FAIL SKIP TODO BAIL
meant() {
	printf '%s\n' "$2 $3 $4 $5 $6" >"$work/$1.meant"
}

# The same from labcheck itself; the second is interrupted in its second step
make_labcheck_streams() {
	[ -x "$labcheck" ] || return 0
	cat >"$work/mixed.yaml" <<-'YAML'
	nodes: [{name: red}]
	steps:
	  - run: {on: red, command: "true"}
	  - run: {on: red, command: "echo 'a: b'; echo '- c # {'; exit 3"}
	  - {run: {on: red, command: "false"}, todo: "known # bug {"}
	  - {name: "fails {", run: {on: red, command: "exit 1"}}
	  - name: "skipped # { because"
	    needs: "fails {"
	    run: {on: red, command: "true"}
	YAML
	stream labcheck-mixed "exec '$labcheck' '$work/mixed.yaml' 2>/dev/null"
	meant labcheck-mixed 1 2 1 1 0
	# Two at a time, with the comment that tells the order
	stream labcheck-beside "exec '$labcheck' -j 2 --shuffle=1 \\
	'$work/mixed.yaml' '$work/mixed.yaml' 2>/dev/null"
	meant labcheck-beside 2 4 2 2 0
	cat >"$work/bail.yaml" <<-YAML
	nodes: [{name: red}]
	steps:
	  - run: {on: red, command: "true"}
	  - run: {on: red, command: "echo >$work/running; sleep 20"}
	YAML
	stream labcheck-bail "rm -f '$work/running'
'$labcheck' '$work/bail.yaml' 2>/dev/null &
until [ -e '$work/running' ]; do sleep 0.02; done
kill -TERM \$!
wait \$!"
	meant labcheck-bail 1 0 0 0 1
}

require() { # READER, what it needs
	case $1 in
	prove) command -v prove >/dev/null ;;
	automake) [ -n "$driver" ] ;;
	meson) command -v meson >/dev/null && command -v ninja >/dev/null ;;
	tap_parser) [ -x "$tap_parser" ] && command -v node >/dev/null ;;
	esac
}

# prove's own verdict, by its exit status
check_prove() {
	local name=$1 wanted=$2 status=0

	prove -e '' "$work/streams/$name" >"$work/prove" 2>&1 || status=1
	if [ $status = "$wanted" ]; then
		verdict 0 "prove ends with status $wanted on $name"
	else
		verdict 1 "prove ends with status $wanted on $name" \
			"$(cat "$work/prove")"
	fi
}

driver=
for candidate in /usr/share/automake-*/tap-driver.sh; do
	[ ! -x "$candidate" ] || driver=$candidate
done

echo 'TAP version 13'
make_streams
make_labcheck_streams

for reader in prove automake meson tap_parser; do
	if ! require $reader; then
		skip "$reader" 'it is not installed'
		continue
	fi
	[ $reader != meson ] || prepare_meson "$work"/streams/*
	for file in "$work"/streams/*; do
		ask $reader "$file" "$(cat "$work/$(basename "$file").meant")"
	done
done

if require prove; then
	for name in pass skip todo nothing; do
		check_prove $name 0
	done
	for name in fail error mixed odd bail; do
		check_prove $name 1
	done
fi

if require prove && require tap_parser; then
	perl_has=$(diag_prove "$work/streams/odd")
	node_has=$(diag_tap_parser "$work/streams/odd")
	if [ -n "$perl_has" ] && [ "$perl_has" = "$node_has" ]; then
		verdict 0 'prove and tap-parser read the same values'
	else
		verdict 1 'prove and tap-parser read the same values' \
			"prove: $perl_has
tap-parser: $node_has"
	fi
fi

finish
