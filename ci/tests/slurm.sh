#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# builds: gcc-release
#
# slurm.sh - ci/cluster/slurm.sh on a real Slurm of one node
#
# Its two daemons live in namespaces of the test's own (network, processes,
# mounts, host name) and so end with it; they can be reached by nobody else.  It
# needs root and slurm-wlm (Debian), which no other test does, so that ci/install
# leaves it out.  The program is $LABCHECK, default ./labcheck.
# shellcheck source=ci/tests/lib/users.bash
. "$(dirname "$0")/lib/users.bash"
unset -f labcheck		# the program, as Slurm finds it

if [ "${1-}" != inside ]; then
	for needed in slurmctld slurmd sbatch sinfo; do
		command -v $needed >/dev/null || {
			echo "this needs $needed, of slurm-wlm"
			exit 77
		}
	done
	[ "$(id -u)" = 0 ] || { echo 'this needs root'; exit 77; }
	LABCHECK=$program unshare --net --mount --uts --pid --fork --kill-child \
		--mount-proc "$0" inside
	exit
fi

cd "$work" || exit 3

prepare() {
	local name

	mkdir state spool scenarios bin
	ln -s "$program" bin/labcheck
	PATH=$PWD/bin:$PATH
	for name in a b c d e f; do
		cat >scenarios/$name.yaml <<-YAML
		nodes: [{name: red}]
		steps: [{run: {on: red, command: "true"}}]
		YAML
	done
	sed 's/true/false/' scenarios/a.yaml >scenarios/e.yaml
	labcheck scenarios/*.yaml >whole 2>/dev/null
}

start_slurm() {
	hostname node1
	printf '127.0.0.1 localhost\n10.0.0.1 node1\n' >hosts
	mount --bind hosts /etc/hosts
	# With a loopback alone there are no addresses for Slurm's resolver
	ip link set lo up
	ip link add here type bridge
	ip address add 10.0.0.1/24 dev here
	ip link set here up
	cat >slurm.conf <<-END
	ClusterName=labcheck
	SlurmctldHost=node1(10.0.0.1)
	SlurmUser=root
	AuthType=auth/none
	CredType=cred/none
	ProctrackType=proctrack/pgid
	TaskPlugin=task/none
	SelectType=select/cons_tres
	SelectTypeParameters=CR_CPU
	JobAcctGatherType=jobacct_gather/none
	AccountingStorageType=accounting_storage/none
	MpiDefault=none
	ReturnToService=2
	StateSaveLocation=$PWD/state
	SlurmdSpoolDir=$PWD/spool
	SlurmctldPidFile=$PWD/slurmctld.pid
	SlurmdPidFile=$PWD/slurmd.pid
	SlurmctldLogFile=$PWD/slurmctld.log
	SlurmdLogFile=$PWD/slurmd.log
	SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
	NodeName=node1 NodeAddr=10.0.0.1 CPUs=2 State=UNKNOWN
	PartitionName=main Nodes=node1 Default=YES State=UP
	END
	echo 'CgroupPlugin=autodetect' >cgroup.conf
	export SLURM_CONF=$PWD/slurm.conf
	slurmctld -D >/dev/null 2>&1 &
	slurmd -D -N node1 >/dev/null 2>&1 &
	for _ in $(seq 300); do
		sinfo -h -o %T 2>/dev/null | grep -q idle && return
		sleep 0.1
	done
	tail -n 20 slurmctld.log slurmd.log >complaint
	verdict 1 'Slurm starts'
	finish
	exit 1
}

prepare
start_slurm

"$top/ci/cluster/slurm.sh" 4 scenarios/*.yaml >out 2>err
[ $? = 1 ] && diff whole out >>err &&
	grep -q testsuites labcheck-*/report.xml
verdict $? 'the report is that of one call'
rm -rf labcheck-*

rm scenarios/e.yaml
"$top/ci/cluster/slurm.sh" 3 scenarios/*.yaml >out 2>err
[ $? = 0 ] && grep -q '^1\.\.5$' out
verdict $? 'all pass'
rm -rf labcheck-*

# One of the tasks is cancelled while it runs
cat >scenarios/e.yaml <<YAML
nodes: [{name: red}]
steps: [{run: {on: red, command: "touch $PWD/runs; sleep 25"}}]
YAML
"$top/ci/cluster/slurm.sh" 3 scenarios/*.yaml >out 2>err &
for _ in $(seq 300); do
	[ ! -e runs ] || break
	sleep 0.1
done
scancel --signal=TERM --full "$(squeue -h -t R -o %A -n labcheck | head -n 1)"
wait $!
[ $? = 3 ] && grep -q '^Bail out! labcheck-.*shard-2.json: interrupted by SIGTERM' out
verdict $? 'a task that is ended is told as one'

finish
