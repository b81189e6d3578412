#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# reports.sh - JSON, JUnit and GitHub's, and what becomes of them in `merge`
#
# What a step prints is anything, so one prints every byte there is; readers that
# are not ours must then find what was found.  Run as root all is done as an
# ordinary user as well.  The program is $LABCHECK, default ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"
unset GITHUB_STEP_SUMMARY

command -v xmllint >/dev/null && perl -MJSON::PP -e 1 || {
	echo 'this needs xmllint and JSON::PP'
	exit 77
}

# is ARGUMENT EXPECTED - of JSON: a Perl expression on $d; of XML: an XPath
json() {
	[ "$(perl -MJSON::PP -e 'local $/; open F, "<", $ARGV[0] or die;
		my $d = JSON::PP->new->utf8->decode(<F>);
		my $r = eval $ARGV[1]; print $r // "none"' "$1" "$2" 2>>err)" = "$3" ]
}

xml() {
	[ "$(xmllint --xpath "$2" "$1" 2>>err)" = "$3" ]
}

prepare() {
	chmod 777 .
	cat >mixed.yaml <<-'YAML'
	name: mixed & <more>
	description: every result there is
	tags: [one, two]
	nodes: [{name: red}]
	steps:
	  - run: {on: red, command: "true"}
	  - name: "every, byte: 100% <&\"']]>"
	    run: {on: red, command: "sh bytes; exit 3"}
	    hint: look, there
	  - {run: {on: red, command: "false"}, todo: "a known -- bug"}
	  - {run: {on: red, command: "true"}, needs: "every, byte: 100% <&\"']]>"}
	YAML
	awk 'BEGIN {
		for (i = 1; i < 256; i++)
			if (i != 10)
				printf "printf \"\\\\%03o\"\n", i
		print "echo; echo; echo ::error::one; echo \"##[error]two\""
	}' >bytes
	cat >pass.yaml <<-'YAML'
	nodes: [{name: red}]
	steps:
	  - run: {on: red, command: "true"}
	YAML
	cat >negative.yaml <<-'YAML'
	nodes: [{name: red}]
	steps:
	  - ping: {from: red, to: 10.0.0.1, expect: no-route}
	YAML
	sed 's/red}\]/red, sysctls: [net.nothing=1]}]/' pass.yaml >error.yaml
	sed 's/"true"/"touch running; sleep 20"/' pass.yaml >hung.yaml
	printf 'nodes: [{name: red}]\n' >stepless.yaml
	printf 'nmae: x\n' >wrong.yaml
	sed 's/true/false/' pass.yaml >fail.yaml
}

test_json() {
	local s='$d->{scenarios}[0]'

	labcheck --json r.json negative.yaml
	[ $status = 0 ] && json r.json \
		"${s}{steps}[0]{notes}{evidence} =~ /^red -> 10.0.0.1: .*Network is unreachable/" 1
	verdict $? 'JSON: how a negative that passed was proved'

	labcheck -j 2 --json r.json mixed.yaml error.yaml
	[ $status = 3 ] && json r.json \
		'join " ", map { "$_=$d->{summary}{$_}" } sort keys %{$d->{summary}}' \
		'errors=1 failed=1 passed=1 skipped=1 steps=5 todo=1'
	verdict $? 'JSON: its sums'
	json r.json "join ' ', map { \$_->{result} } @{${s}{steps}}" \
		'pass fail fail skip' &&
		json r.json "${s}{steps}[2]{todo}" 'a known -- bug' &&
		json r.json "${s}{steps}[3]{reason}" \
			"needs 'every, byte: 100% <&\"']]>', which did not pass" &&
		json r.json '$d->{scenarios}[1]{steps}[0]{result}' error &&
		json r.json '$d->{scenarios}[1]{steps}[0]{reason} =~ /no such setting/' 1
	verdict $? 'JSON: results'
	json r.json "${s}{name} . ' ' . join ',', @{${s}{tags}}" \
		'mixed & <more> one,two' &&
		json r.json "${s}{steps}[1]{title}" "every, byte: 100% <&\"']]>" &&
		json r.json "join ':', ${s}{file}, @{${s}{steps}[1]}{'line', 'column'}" \
			mixed.yaml:7:5 &&
		json r.json "${s}{steps}[1]{notes}{expected}" 'exit 0' &&
		json r.json "${s}{steps}[1]{hint}" 'look, there' &&
		json r.json "scalar @{${s}{steps}[1]{notes}{stdout}} > 2" 1 &&
		json r.json "${s}{built_ns} > 0 && ${s}{elapsed_ns} > ${s}{built_ns}" 1
	verdict $? 'JSON: names, place, notes, durations'
	json r.json "substr(${s}{steps}[1]{notes}{stdout}[0], 0, 9) eq join '', map chr, 1..9" 1
	verdict $? 'JSON: control characters are what they were'
	"${as[@]}" "$work/labcheck" --repeat 2 --shuffle=5 --json r.json \
		pass.yaml >out 2>err
	json r.json 'join " ", $d->{seed}, $d->{repeat}, map { $_->{round} } @{$d->{scenarios}}' '5 2 1 2'
	verdict $? 'JSON: rounds and seed'
}

test_junit() {
	labcheck -j 2 --junit r.xml mixed.yaml error.yaml
	[ $status = 3 ] && xmllint --noout r.xml 2>>err &&
		xml r.xml 'string(/testsuites/@tests)' 5 &&
		xml r.xml 'string(/testsuites/@failures)' 1 &&
		xml r.xml 'string(/testsuites/@errors)' 1 &&
		xml r.xml 'string(/testsuites/@skipped)' 2 &&
		xml r.xml 'count(//testcase)' 5 &&
		xml r.xml 'count(//failure)' 1 &&
		xml r.xml 'count(//error)' 1 &&
		xml r.xml 'count(//skipped)' 2
	verdict $? 'JUnit: sums'
	xml r.xml 'string(//testsuite[1]/testcase[2]/@name)' \
		"every, byte: 100% <&\"']]>" &&
		xml r.xml 'string(//testsuite[1]/testcase[2]/@line)' 7 &&
		xml r.xml 'string(//testcase[3]/skipped/@message)' \
			'todo: a known -- bug' &&
		xml r.xml 'contains(//failure, "hint: look, there")' true &&
		xml r.xml 'contains(//failure, "␁␂␃␄␅␆␇␈")' true
	verdict $? 'JUnit: texts'
	labcheck --repeat 2 --junit r.xml pass.yaml
	xml r.xml 'string(//testsuite[2]/@name)' 'pass.yaml (round 2)'
	verdict $? 'JUnit: rounds'
}

test_github() {
	: >summary
	chmod 666 summary
	GITHUB_STEP_SUMMARY=$PWD/summary labcheck --github mixed.yaml error.yaml
	[ $status = 3 ] && [ "$(grep -c '^::error file=' err)" = 2 ] &&
		! grep -v '^::error file=' err &&
		grep -q '^::error file=mixed.yaml,line=7,col=5,title=every%2C byte%3A 100%25 <&"'"'"'\]\]>::at: mixed' err &&
		grep -q 'stdout: ::error::one%0Astdout: ##\[error\]two%0A' err
	verdict $? 'GitHub: annotations'
	grep -q '^### labcheck: 1 passed, 1 failed, 1 errors, 1 skipped, 1 todo$' summary &&
		[ "$(grep -c '^<details>.*</details>$' summary)" = 2 ] &&
		xmllint --html --noout summary 2>>err &&
		! grep -q '<&' summary
	verdict $? 'GitHub: the summary'
	! grep -q '^::' out && [ "$(grep -c '^\(not \)*ok' out)" = 5 ]
	verdict $? 'GitHub: standard output is TAP'
}

test_disk() {
	local option

	for option in --json --junit; do
		labcheck $option /dev/full pass.yaml
		[ $status = 3 ] && grep -q '/dev/full: No space left' err
		verdict $? "$option on a full disk"
		labcheck $option missing/file pass.yaml
		[ $status = 3 ] && grep -q 'missing/file: No such file' err &&
			[ ! -s out ]
		verdict $? "$option in no folder"
		labcheck $option - pass.yaml
		[ $status = 2 ] && grep -q 'takes a file' err
		verdict $? "$option on standard output"
	done
	GITHUB_STEP_SUMMARY=/dev/full labcheck --github pass.yaml
	[ $status = 3 ] && grep -q '/dev/full: No space left' err
	verdict $? 'a summary on a full disk'
	labcheck merge --json /dev/full shard1.json shard2.json shard3.json
	[ $status = 3 ] && grep -q '/dev/full: No space left' err
	verdict $? 'merge on a full disk'
}

# plain FILE - without what differs from run to run
plain() {
	sed -E 's/"(built|elapsed)_ns": [0-9]+/"\1_ns": 0/' "$1"
}

test_merge() {
	local k files='mixed.yaml pass.yaml fail.yaml'

	# shellcheck disable=SC2086 # names
	for k in 1 2 3; do
		labcheck --shard $k/3 --json shard$k.json $files
	done
	# shellcheck disable=SC2086
	labcheck --json whole.json $files
	mv out whole
	labcheck merge shard3.json shard1.json shard2.json --json merged.json \
		--junit merged.xml
	# Of bytes that are no text JSON does not say which they were
	[ $status = 1 ] && [ "$(grep -v '^    - ' out)" = \
		"$(grep -v '^    - ' whole)" ]
	verdict $? 'merged shards say what one call does'
	[ "$(plain merged.json)" = "$(plain whole.json)" ]
	verdict $? 'and their JSON is the same'
	xml merged.xml 'string(/testsuites/@tests)' 6
	verdict $? 'and their JUnit is whole'
	labcheck merge merged.json
	[ $status = 1 ]
	verdict $? 'what was merged can be merged'
	labcheck merge shard2.json shard3.json --junit merged.xml
	[ $status = 3 ] && grep -q '^Bail out! shard 1/3 is missing' out &&
		xml merged.xml 'string(//testsuite[last()]//error/@message)' \
			'shard 1/3 is missing'
	verdict $? 'a missing shard'
	labcheck merge shard2.json shard2.json
	[ $status = 2 ] && grep -q 'are both shard 2/3' err
	verdict $? 'a shard that comes twice'
	labcheck --shard 1/3 --json other.json pass.yaml fail.yaml
	labcheck merge other.json shard2.json shard3.json
	[ $status = 2 ] && grep -q 'other scenarios' err
	verdict $? 'a shard of something else'
	labcheck merge whole.json shard2.json
	[ $status = 2 ] && grep -q 'another number of shards' err
	verdict $? 'a whole and a shard'
	head -c 900 shard2.json >cut.json
	labcheck merge shard1.json cut.json shard3.json
	[ $status = 3 ] && grep -q '^labcheck: cut.json:' err &&
		grep -q '^Bail out! cut.json' out && grep -q '^1\.\.2$' out
	verdict $? 'a report that was cut off'
	sed 's/"result": "fail"/"result": "fine"/' shard1.json >odd.json
	labcheck merge odd.json shard2.json shard3.json
	[ $status = 3 ] && grep -q "odd.json: no report.*'result'" err
	verdict $? 'a report with a word of its own'
	labcheck merge missing.json
	[ $status = 3 ] && grep -q 'missing.json' err
	verdict $? 'a report that is not there'
	labcheck --json one.json pass.yaml
	labcheck --json two.json error.yaml
	labcheck merge one.json two.json
	[ $status = 3 ] && grep -q '^1\.\.2$' out
	verdict $? 'two calls; the worse one counts'
	labcheck merge one.json
	[ $status = 0 ]
	verdict $? 'one that passed'
}

# A report must not say more than was found out
test_cut_short() {
	labcheck --json r.json pass.yaml
	labcheck --json r.json pass.yaml wrong.yaml
	[ $status = 2 ] && json r.json '$d->{ended} =~ /nothing was run/' 1
	verdict $? 'the report of an earlier call does not stay'
	labcheck merge r.json
	[ $status = 3 ] && grep -q '^Bail out!.*nothing was run' out
	verdict $? 'merge knows that nothing was run'
	labcheck --must-run --json r.json stepless.yaml
	[ $status = 1 ] && json r.json '$d->{ended} =~ /no step to run/' 1
	verdict $? 'a call that must run and had nothing to'
	rm -f running
	"${as[@]}" env --default-signal=TERM "$work/labcheck" --json r.json \
		--junit r.xml pass.yaml hung.yaml >out 2>err </dev/null &
	until [ -e running ]; do sleep 0.01; done
	kill -TERM $!
	wait $!
	[ $? = 143 ] && json r.json '$d->{ended}' 'interrupted by SIGTERM' &&
		json r.json '$d->{summary}{steps}' 1 &&
		xml r.xml 'string(/testsuites/@errors)' 1
	verdict $? 'an interrupted call is told as one'
	labcheck merge r.json
	[ $status = 3 ] && grep -q '^Bail out!.*interrupted by SIGTERM' out
	verdict $? 'merge knows that it was interrupted'
	rm -f running
}

cd "$work" || exit 3
cp "$program" labcheck
chmod a+rx labcheck
prepare

for user in $users; do
	as_user "$user"
	test_json
	test_junit
	test_github
	test_merge
	test_disk
	test_cut_short
	rm -f ./*.json ./*.xml summary running
done

finish
