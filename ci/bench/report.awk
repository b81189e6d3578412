# SPDX-License-Identifier: GPL-2.0-or-later
#
# report.awk - what interleave measured, as tables, and held against the targets
#
#   awk -f report.awk [-v slack=2] targets JOB.tsv...
#
# Ends with status 1 if a target is missed by more than `slack` times, or if
# labcheck itself had a wrong result.

function job_of(path) {
	sub(/.*\//, "", path)
	sub(/\.tsv$/, "", path)
	return path
}

function trailing(name) {
	return match(name, /[0-9]+$/) ? substr(name, RSTART) + 0 : 1
}

function heading() {
	printf "\n%s, %d rounds\n\n", title[job], $2
	printf "| | median ms | range | CPU ms | in user space | MiB | wrong | to floor | to labcheck |\n"
	printf "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
}

# The ratio to the row of that name, if the job has one
function ratio(name) {
	return (job, name) in column ? sprintf("%.2f", $(9 + column[job, name])) : ""
}

function row() {
	printf "| %s | %.1f | %.1f..%.1f | %.1f | %.1f | %.1f | %d | %s | %s |\n",
		$1, $3, $4, $5, $6, $7, $8 / 1024, $9, ratio("floor"),
		ratio("labcheck")
}

function measured(t,    j, r, o) {
	j = target[t, 1]; r = target[t, 3]; o = target[t, 4]
	if (!((j, r) in median))
		return -1
	if (target[t, 2] == "memory")
		return memory[j, r]
	if (target[t, 2] == "growth" && (o, r) in median)
		return median[j, r] * trailing(o) / median[o, r] / trailing(j)
	if (!((j, o) in median))
		return -1
	if (target[t, 2] == "extra")
		return median[j, r] - median[j, o]
	if (target[t, 2] == "cpu")
		return cpu[j, r] / cpu[j, o]
	return pairwise[j, r, column[j, o]]
}

function judge(t,    value, limit, worse, verdict) {
	value = measured(t)
	if (value == -1)
		return
	limit = target[t, 6]
	worse = value / limit
	if (target[t, 5] == "at-least")
		worse = limit / value
	verdict = worse <= 1 ? "holds" : "missed"
	if (target[t, 5] == "out-of-reach" && worse > 1) {
		worse = value / target[t, 7]
		verdict = worse <= 1 ? "out of reach" : "missed"
	} else if (slack > 1 && target[t, 7])
		worse = value / target[t, 7]
	if (worse > (slack ? slack : 1))
		bad = 1
	printf "| %s | %s of %s%s | %s %s | %.2f | %s |\n", target[t, 1],
		target[t, 2], target[t, 3],
		target[t, 4] == "-" ? "" : " to " target[t, 4],
		target[t, 5] == "at-least" ? ">=" : "<=", limit, value, verdict
}

# How many parts a job has: pairs of B, else nodes
function parts(name,    n) {
	n = trailing(name)
	return name ~ /^B/ ? n * (n - 1) : n
}

# What a part takes in a job, by what it takes in a smaller one of the kind
function growth(who, small, large,    before) {
	if (!((small, who) in median) || !((large, who) in median))
		return ""
	before = median[small, who] / parts(small)
	return sprintf("%.2f", median[large, who] / parts(large) / before)
}

function growths(    j, head) {
	for (j = 2; j <= job_count; j++) {
		if (jobs[j] !~ /^[BDI][0-9]+$/ ||
		    substr(jobs[j], 1, 1) != substr(jobs[j - 1], 1, 1))
			continue
		if (!head++) {
			printf "\n| time of a node, or of a pair (B) | labcheck | floor |\n"
			printf "| --- | ---: | ---: |\n"
		}
		printf "| %s to %s | %s | %s |\n", jobs[j - 1], jobs[j],
			growth("labcheck", jobs[j - 1], jobs[j]),
			growth("floor", jobs[j - 1], jobs[j])
	}
}

BEGIN {
	FS = "\t"
	title["S"] = "S: exec to exit of the least there is to do"
	title["A"] = "A: two nodes on a bridge, a ping each way"
	title["docker"] = "A as two containers of a Docker-like network"
	title["B30"] = "B30: 30 nodes, every ordered pair"
	title["B50"] = "B50: 50 nodes, every ordered pair"
	title["B100"] = "B100: 100 nodes, every ordered pair"
	title["C200"] = "C200: 200 nodes on a bridge"
	title["D100"] = "D100: 100 nodes on two bridges"
	title["D1000"] = "D1000: 1,000 nodes on two bridges"
	title["D4000"] = "D4000: 4,000 nodes on five bridges"
	title["E100"] = "E100: 100 times A, the floor as 100 processes, one or two (j2) at a time; gone: until all namespaces are"
	title["F"] = "F: negatives"
	title["Fping"] = "F by ping: 1 and 6 that a filter drops"
	title["G"] = "G: 100 captures of one step"
	title["H"] = "H: lint of 10,000 steps"
	title["I127"] = "I127: a tree of 127 routers"
	title["I1023"] = "I1023: a tree of 1,023 routers"
}

FILENAME ~ /targets$/ {
	if ($0 ~ /^#/ || !NF)
		next
	targets++
	words = split($0, word, / +/)
	for (i = 1; i <= words; i++)
		target[targets, i] = word[i]
	next
}

{
	job = job_of(FILENAME)
	column[job, $1] = FNR
	line[job, FNR] = $0
	lines[job] = FNR
	median[job, $1] = $3
	cpu[job, $1] = $6
	memory[job, $1] = $8
	for (i = 10; i <= NF; i++)
		pairwise[job, $1, i - 9] = $i
	if (FNR == 1)
		jobs[++job_count] = job
	if ($1 !~ /floor|batch|in-place|move|pyroute2|mininet|ping-|pcap/ && $9)
		bad = 1
}

END {
	for (j = 1; j <= job_count; j++) {
		job = jobs[j]
		for (i = 1; i <= lines[job]; i++) {
			$0 = line[job, i]
			if (i == 1)
				heading()
			row()
		}
	}
	growths()
	printf "\n| job | target | | measured | |\n| --- | --- | ---: | ---: | --- |\n"
	for (t = 1; t <= targets; t++)
		judge(t)
	exit bad
}
