#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# builds: gcc-release
#
# cluster.sh - the files of ci/cluster do what they say
#
# Their commands are taken out of them and run as the systems would, with the
# variables that those set: all shards, and then the report; once with a shard
# that fails, once with one that is missing.  sbatch is played by a script here.
# The program is $LABCHECK, default ./labcheck.
# shellcheck disable=SC2016 # what others are to expand
# shellcheck disable=SC2317 # systems are called by their names
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"
unset -f labcheck		# the program, as systems find it
unset GITHUB_STEP_SUMMARY

cluster=$top/ci/cluster

prepare() {
	mkdir bin scenarios
	ln -s "$program" bin/labcheck
	PATH=$work/bin:$PATH
	for name in a b c d e f; do
		cat >scenarios/$name.yaml <<-YAML
		nodes: [{name: red}]
		steps: [{run: {on: red, command: "true"}}]
		YAML
	done
	sed 's/true/false/' scenarios/a.yaml >scenarios/e.yaml
	labcheck scenarios/*.yaml >whole 2>/dev/null
}

# commands FILE PATTERN - the lines of it that run labcheck, without their key
commands() {
	sed -nE 's/^ *(- run: |- )?(labcheck '"$2"'.*)/\2/p' "$cluster/$1"
}

# how FILE SHARD - run one shard as FILE says; then the report
github_shard() {
	commands github-actions.yml '-j' | sed -E "
		s/\\$\{\{ matrix\.shard \}\}/$1/g
		s/\\$\{\{ strategy\.job-total \}\}/4/" >commands.sh
	SCENARIOS='scenarios/*.yaml' sh -e commands.sh
}

github_report() {
	commands github-actions.yml merge >commands.sh
	sh -e commands.sh
}

gitlab_shard() {
	commands gitlab-ci.yml '-j' >commands.sh
	CI_NODE_INDEX=$1 CI_NODE_TOTAL=4 SCENARIOS='scenarios/*.yaml' \
		sh -e commands.sh
}

gitlab_report() {
	commands gitlab-ci.yml merge >commands.sh
	sh -e commands.sh
}

# kubernetes N - the script of the N-th job
kubernetes() {
	awk -v n="$1" '
		/^ *- \|$/ { block++; match($0, / */); margin = RLENGTH + 2; next }
		block == n && match($0, / */) && RLENGTH >= margin {
			print substr($0, margin + 1); next }
		block == n { exit }' "$cluster/kubernetes.yaml" |
		sed "s|/reports/|$work/|g" >commands.sh
}

kubernetes_shard() {
	kubernetes 1
	JOB_COMPLETION_INDEX=$(($1 - 1)) SHARDS=4 sh -c "$(cat commands.sh)"
}

# The missing one never said that it is over; what ends the job is a deadline
kubernetes_report() {
	kubernetes 2
	touch over-1 over-2 over-3 over-4
	SHARDS=4 sh -c "$(cat commands.sh)"
}

try() { # SYSTEM
	local shard status

	rm -f ./*.json ./over-*
	for shard in 1 2 3 4; do
		"$1_shard" $shard >out 2>err
		status=$?
		[ $status = $((shard == 1)) ]
		verdict $? "$1: shard $shard"
	done
	"$1_report" >out 2>err
	[ $? = 1 ] && diff whole out >>err
	verdict $? "$1: the report is that of one call"
	rm -f ./shard-3.json
	"$1_report" >out 2>err
	[ $? = 3 ] && grep -q '^Bail out! shard 3/4 is missing' out
	verdict $? "$1: a shard is missing"
}

# Slurm's part: the tasks, one after the other, and the job behind them.  The
# third one is not run if $lose says so
make_sbatch() {
	cat >bin/sbatch <<-'SH'
	#!/bin/sh
	array= parsable=
	while :; do
		case $1 in
		--array=*) array=${1#--array=1-} ;;
		--export=ALL,*) export "${1#--export=ALL,}" ;;
		--parsable) parsable=yes ;;
		--*) ;;
		*) break ;;
		esac
		shift
	done
	export SLURM_CPUS_PER_TASK=2 SLURM_ARRAY_JOB_ID=7
	if [ -z "$array" ]; then
		SLURM_JOB_ID=99 sh "$@"
		exit
	fi
	for task in $(seq "$array"); do
		[ "$task" != "${lose-}" ] || continue
		SLURM_JOB_ID=$task SLURM_ARRAY_TASK_ID=$task \
			SLURM_ARRAY_TASK_COUNT=$array sh "$@" >/dev/null
	done
	[ -z "$parsable" ] || echo "7;cluster"
	SH
	chmod +x bin/sbatch
}

try_slurm() {
	make_sbatch
	"$cluster/slurm.sh" 4 scenarios/*.yaml >out 2>err
	[ $? = 1 ] && diff whole out >>err && [ -s labcheck-7/report.xml ]
	verdict $? 'slurm: the report is that of one call'
	rm -r labcheck-7
	lose=3 "$cluster/slurm.sh" 4 scenarios/*.yaml >out 2>err
	[ $? = 3 ] && grep -q '^Bail out! shard 3/4 is missing' out
	verdict $? 'slurm: a shard is missing'
	"$cluster/slurm.sh" x scenarios/*.yaml >out 2>err
	[ $? = 2 ] && grep -q usage err
	verdict $? 'slurm: a number that is none'
}

# Where there is something that reads it
check_yaml() {
	local file

	python3 -c 'import yaml' 2>/dev/null || return 0
	for file in "$cluster"/*.y*ml; do
		python3 -c 'import sys, yaml; list(yaml.safe_load_all(sys.stdin))' \
			<"$file" >out 2>err
		verdict $? "$(basename "$file") is YAML"
	done
}

cd "$work" || exit 3
prepare
for system in github gitlab kubernetes; do
	try $system
done
try_slurm
check_yaml

finish
