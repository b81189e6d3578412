#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# builds: clang-san
#
# tools.sh - scenarios about real tools pass, notice, and leave nothing behind
#
#	ci/tests/tools.sh [SCENARIO...]
#
# Each of scenarios/tools passes, as root and as an ordinary user.  One that says
# `requires: [..., privileged]` passes as root with --privileged, on a machine of its
# own: namespaces in which the commands that it shows in its comments have been run,
# since these make what it looks at.  Each line of tools.list
# changes the tool of one, which must then fail in the step that is named.  And
# when labcheck is killed while a daemon runs in its lab, all of it is gone.
#
# Without the tools (ci/install --tools) what is about them is skipped.  The
# program is $LABCHECK, default ./labcheck.

set -u

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
cd "$(dirname "$0")" || exit 3
[ -x "$program" ] || { echo "Bail out! no program: $program"; exit 3; }

here=$PWD
jobs=0
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

cp "$program" "$work/labcheck"
cp -R ../../scenarios/tools "$work/tools"
chmod -R a+rX "$work"
cd "$work" || exit 3

# Most of the time is spent on waiting: four at a time, each in a folder of its own
job() { # command...
	jobs=$((jobs + 1))
	mkdir "$jobs"
	cp -R tools "$jobs/tools"
	ln -s ../labcheck "$jobs/labcheck"
	(cd "$jobs" && "$@") >"$jobs/told" 2>&1 &
	[ $((jobs % 4)) != 0 ] || wait
}

ok() { # description
	echo "ok - $1"
}

not_ok() { # description
	echo "not ok - $1"
}

skipped() { # is all that was printed a skip?
	! grep -v '# SKIP this machine lacks' out | grep -Eq '^(not )?ok' &&
		grep -q '# SKIP' out
}

why() {
	sed -n '/# SKIP/{s/.*# SKIP/# SKIP/p;q;}' out
}

show() {
	sed 's/^/# /' err
	grep -A 9 -e '^not ok' -e '^Bail' -e '# SKIP' out | sed 's/^/# /'
}

run_as() { # uid, labcheck's arguments...
	uid=$1
	shift
	if [ "$uid" = "$(id -u)" ]; then
		./labcheck "$@" >out 2>err </dev/null
	else
		setpriv --reuid="$uid" --regid="$uid" --clear-groups \
			env HOME=/tmp ./labcheck "$@" >out 2>err </dev/null
	fi
}

run_privileged() { # file
	{
		echo 'set -e; mount -t tmpfs tmpfs /run; mount -t sysfs sysfs /sys'
		echo 'ip link set lo up'
		sed -n 's/^#	//p' "$1"
		echo "./labcheck --privileged $1"
	} >machine
	PATH=$work/tools:$PATH unshare --mount --net --pid --fork --kill-child \
		--mount-proc --propagation private \
		sh machine >out 2>err </dev/null
}

# As whoever is meant; what a privileged one is about can't be made by others
run() { # uid, file
	if is_privileged "$2"; then
		run_privileged "$2"
	else
		run_as "$1" "$2"
	fi
}

is_privileged() { # file
	grep -q '^requires:.*\<privileged\>' "$1"
}

passes() { # description, uid, file
	what=$1
	run "$2" "$3"
	status=$?
	if [ $status = 0 ] && skipped; then
		ok "$what $(why)"
	elif [ $status = 0 ] && ! grep -q '# SKIP' out; then
		ok "$what"
	else
		not_ok "$what"
		echo "# exit status $status"
		show
	fi
}

notices() { # scenario, edit, step
	if [ "$(id -u)" != 0 ] && is_privileged "tools/$1.yaml"; then
		ok "$1 notices: $3 # SKIP not root"
		return
	fi
	copy=tools/twin.yaml
	sed -e "1,/^steps:/{$2
}" -e "/\<do:/{$2
}" "tools/$1.yaml" >$copy
	if cmp -s $copy "tools/$1.yaml"; then
		echo "# the edit changes nothing"
		not_ok "$1 notices: $3"
		return
	fi
	run "$(id -u)" $copy
	status=$?
	if [ $status = 0 ] && skipped; then
		ok "$1 notices: $3 $(why)"
	elif [ $status = 1 ] && grep '^not ok' out | grep -Eq "$3"; then
		ok "$1 notices: $3"
	else
		not_ok "$1 notices: $3"
		echo "# exit status $status; the edit: $2"
		show
	fi
}

# Of the lab's pid namespace, by the link that all its processes have
processes_in() {
	for link in /proc/[0-9]*/ns/pid; do
		[ "$(readlink "$link" 2>/dev/null)" = "$1" ] && return 0
	done
	return 1
}

# What such a daemon would leave where it does not belong
traces() {
	find /sys/fs/cgroup /etc /opt /var/lib /run /root -maxdepth 3 \
		\( -name '*docker*' -o -name '*containerd*' -o -name key.json \) \
		2>/dev/null | sort
}

# The lab is killed when its third step has passed: a container runs by then
leaves_nothing() { # flag of labcheck, or none
	what="nothing is left of a daemon whose lab was killed${1:+, $1}"
	traces >before
	mkfifo lines
	./labcheck "$@" tools/docker-bridge.yaml >lines 2>err </dev/null &
	pid=$!
	namespace=
	while read -r line; do
		case $line in
		*'# SKIP'*) break ;;
		'ok 3 '*)
			inside=$(cat "/proc/$pid/task/$pid/children")
			namespace=$(readlink "/proc/${inside%% *}/ns/pid")
			kill -KILL $pid
			break
			;;
		esac
	done <lines
	wait $pid 2>/dev/null
	if [ -z "$namespace" ]; then
		ok "$what # SKIP this machine lacks docker"
		return
	fi
	for _ in $(seq 100); do
		processes_in "$namespace" || break
		sleep 0.1
	done
	traces >after
	if processes_in "$namespace" || ! diff before after; then
		not_ok "$what"
	else
		ok "$what"
	fi
}

# shellcheck disable=SC2046 # names of scenarios have no blanks
[ $# = 0 ] && set -- $(cd tools && printf "%s\n" *.yaml | sed "s/[.]yaml$//")
wanted=" $* "

for name; do
	if ! is_privileged "tools/$name.yaml"; then
		job passes "$name as uid $(id -u)" "$(id -u)" "tools/$name.yaml"
		[ "$(id -u)" != 0 ] ||
			job passes "$name as uid 1000" 1000 "tools/$name.yaml"
	elif [ "$(id -u)" = 0 ]; then
		job passes "$name with --privileged" 0 "tools/$name.yaml"
	else
		job ok "$name # SKIP not root"
	fi
done

tab=$(printf '\t')
sed -e '/^#/d' -e '/^[[:space:]]*$/d' -e 's/ | /\t/' "$here/tools.list" |
	sed 's/\(.*\) | \(.*\)/\1\t\2/' >list
while IFS="$tab" read -r name edit step; do
	case $wanted in *" $name "*) job notices "$name" "$edit" "$step" ;; esac
done <list
for name; do
	cut -f 1 list | grep -qx "$name" ||
		job not_ok "$name has a line in tools.list"
done
wait

job leaves_nothing
wait
if [ "$(id -u)" = 0 ]; then
	job leaves_nothing --privileged
	wait
fi

for n in $(seq $jobs); do
	cat "$n/told"
done >told
cat told
echo "1..$jobs"
failed=$(grep -c '^not ok' told)
echo "# tools: $((jobs - failed)) passed, $failed failed"
[ "$failed" = 0 ]
