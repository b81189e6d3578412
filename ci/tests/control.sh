#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# control.sh - a negative passes with a control of its sender, and not without
#
# Steps of control/*.yaml that are called "error: ..." must end in an error, those
# called "failed: ..." must fail, and all others pass; where a title ends with what
# the control must say (behind ": "), the report must say that.  As root and as an
# ordinary user.  The program is $LABCHECK, default ./labcheck.
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

labcheck=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
cd "$(dirname "$0")" || exit 3
[ -x "$labcheck" ] || { echo "Bail out! no program: $labcheck"; exit 3; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
cp "$labcheck" "$work/labcheck"
cp control/*.yaml "$work"
chmod -R a+rX "$work"
mkdir -m 777 "$work/told"

# What became of each step, and what its control says: RESULT|TITLE|CONTROL
steps() {	# JSON
	perl -MJSON::PP -e '
		local $/; my $d = decode_json(<STDIN>);
		for my $t (map { @{$_->{steps}} } @{$d->{scenarios}}) {
			my $c = $t->{notes}{control} // "";
			$c = join " and ", @$c if ref $c;
			$c ||= $t->{reason} // "";
			print "$t->{result}|$t->{title}|$c\n";
		}' < "$1"
}

judge() {	# RESULT TITLE CONTROL
	case $2 in
	'error: '*) [ "$1" = error ] ;;
	'failed: '*) [ "$1" = fail ] ;;
	*': '*) [ "$1" = pass ] && [[ $3 == *"${2##*: }"* ]] ;;
	*) [ "$1" = pass ] ;;
	esac
}

run() {		# UID FILE
	local as=() status=0 result title control json=$work/told/$1-$2.json
	[ "$1" -eq "$(id -u)" ] ||
		as=(setpriv "--reuid=$1" "--regid=$1" --clear-groups)
	"${as[@]}" env HOME=/tmp "$work/labcheck" --json "$json" \
		"$work/$2.yaml" > "$work/told/tap" 2>&1
	while IFS='|' read -r result title control; do
		judge "$result" "$title" "$control" && continue
		echo "# $result - $title ($control)"
		status=1
	done < <(steps "$json")
	[ -s "$json" ] || status=1
	verdict $status "$2 as uid $1" "$(grep -v '^ok' "$work/told/tap")"
}

users=$(id -u)
[ "$users" -eq 0 ] && users='0 1000'
for uid in $users; do
	for file in holds adopted missing; do
		run "$uid" "$file"
	done
done
finish
