#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# etc.sh - labs have files of their own in /etc, whatever the machine has there
#
# good/etc.yaml runs on machines whose /etc/resolv.conf is a link to where
# nothing is, as with systemd-resolved, and on one that has no such files at
# all.  They are made of copies, in mount namespaces of the test's own.
set -u
# shellcheck source=ci/tests/lib/verdict.sh
. "$(dirname "$0")/lib/verdict.sh"

program=$(readlink -f "${LABCHECK:-./labcheck}") || exit 3
cd "$(dirname "$0")" || exit 3

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT

if ! unshare --user --map-root-user --mount true 2>/dev/null; then
	echo 'no user namespaces here'
	exit 77
fi

# A machine whose /etc is a copy that $1 has changed; $2 names it
machine() {
	unshare --user --map-root-user --mount /bin/bash -c '
		mount -t tmpfs tmpfs "$1" &&
		mkdir "$1/etc" && cp -a /etc/. "$1/etc" 2>/dev/null
		cd "$1/etc" && eval "$2" && mount --bind "$1/etc" /etc &&
		exec "$3" "$4"' sh "$work" "$1" "$program" "$PWD/good/etc.yaml" \
		>"$work.out" 2>&1
	local status=$?

	[ $status = 0 ] || sed 's/^/# /' "$work.out"
	rm -f "$work.out"
	verdict $status "$2"
}

machine 'rm resolv.conf; ln -s ../run/nowhere/stub-resolv.conf resolv.conf' \
	'resolv.conf is a link that leads nowhere'
machine 'rm -f resolv.conf' 'there is no resolv.conf'
machine 'rm -f resolv.conf hosts nsswitch.conf' 'there is none of the files'
machine 'sed -i "s/^hosts:.*/hosts: resolve [!UNAVAIL=return] dns/" nsswitch.conf
	echo "192.168.7.7 u1" >>hosts' 'names come from elsewhere'

finish
