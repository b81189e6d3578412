#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# slurm.sh - labcheck as an array of Slurm's, and one report of it
#
#	slurm.sh N FILE...	N tasks; waits, prints TAP, ends with its status
#
# Copy it to where the scenarios are: a folder that all nodes see, on nodes that
# have labcheck.  What sbatch has to be told beside (a partition, a time limit)
# goes into SBATCH_... variables.  Each call leaves its reports and logs in a
# folder of its own, labcheck-JOB.
#
#SBATCH --job-name=labcheck
#SBATCH --output=/dev/null
#SBATCH --cpus-per-task=2
set -u

submit() {
	shards=$1
	shift
	case $shards in
	'' | *[!0-9]* | 0*)
		echo 'usage: slurm.sh N FILE...' >&2
		return 2
		;;
	esac
	array=$(sbatch --parsable --array="1-$shards" \
		--export=ALL,LABCHECK_ROLE=shard "$0" "$@") || return 3
	folder=labcheck-${array%%;*}
	# The report of what is there, however the tasks ended
	sbatch --wait --dependency="afterany:${array%%;*}" \
		--kill-on-invalid-dep=yes --cpus-per-task=1 \
		--export=ALL,LABCHECK_ROLE=report "$0" "$folder" >/dev/null
	if [ ! -e "$folder/status" ]; then
		echo "slurm.sh: no report was made in $folder" >&2
		return 3
	fi
	cat "$folder/report.tap"
	cat "$folder/report.log" >&2
	return "$(cat "$folder/status")"
}

# A task of the array; it is labcheck itself that Slurm's signals reach, so that
# its report says how it ended
shard() {
	folder=labcheck-$SLURM_ARRAY_JOB_ID
	mkdir -p "$folder" || return 3
	exec labcheck -j "${SLURM_CPUS_PER_TASK:-1}" \
		--shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
		--json "$folder/shard-$SLURM_ARRAY_TASK_ID.json" "$@" \
		>"$folder/shard-$SLURM_ARRAY_TASK_ID.log" 2>&1
}

# The job behind the array
report() {
	folder=$1
	mkdir -p "$folder" || return 3
	labcheck merge --json "$folder/report.json" \
		--junit "$folder/report.xml" "$folder"/shard-*.json \
		>"$folder/report.tap" 2>"$folder/report.log"
	echo $? >"$folder/status"
}

case ${LABCHECK_ROLE-} in
shard) shard "$@" ;;
report) report "$@" ;;
*) submit "$@" ;;
esac
