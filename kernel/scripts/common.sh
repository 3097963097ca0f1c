# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Names and helpers that the scripts beside this file share.  Sourced, not run.
#
# Everything built lives outside the checkout, in $CACHE:
#
#   tarball/      the base, as fetched
#   base/         the base, unpacked and untouched
#   linux/        the base with the series applied
#   build/T-C/    objects of tree T (base, linux) with configuration C
#   tests/T/      selftests of tree T, built
#   results/T-C/  what the last run in that kernel printed
#   full/         the same for the whole source, where only that will do
#
# Every directory can be removed at any time; the next run makes it again.

# shellcheck disable=SC2034	# used by the scripts that source this file
BASE_VERSION=7.3.4
KERNEL=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
[ "${KERNEL##*/}" != scripts ] || KERNEL=${KERNEL%/scripts}
CACHE=${LANDLORD_KERNEL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/landlord/kernel}
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}

# Exit status for "cannot be done here", as kselftest has it.
SKIP=4

say() {
	printf '%s\n' "$*" >&2
}

die() {
	say "$(basename "$0"): $*"
	exit 1
}

skip() {
	say "$(basename "$0"): skipped: $*"
	exit "$SKIP"
}

# usage: help "$@"; prints the comment block on top of the script.
help() {
	case ${1-} in
	-h | --help)
		sed -n '3,/^$/s/^# \{0,1\}//p' "$0"
		exit 0
		;;
	esac
}

# The patches in their order, one absolute file name a line, without those for files
# that the base lacks.
series() {
	while read -r patch condition file; do
		case $patch in
		'' | '#'*) continue ;;
		esac
		[ "$condition" != if ] || [ -e "$CACHE/base/$file" ] || continue
		printf '%s/patches/%s\n' "$KERNEL" "$patch"
	done <"$KERNEL/patches/series"
}

# usage: need PROGRAM...; ends the script when one is missing.
need() {
	for program; do
		command -v "$program" >/dev/null ||
			die "$program is missing: run 'apt-get install \$(grep -v \"^#\" $KERNEL/packages)'"
	done
}

# usage: tree base|linux; prints where the tree is, and makes it if need be.
tree() {
	case $1 in
	base) "$KERNEL/scripts/apply" --base ;;
	linux) "$KERNEL/scripts/apply" ;;
	*) die "unknown tree '$1'" ;;
	esac
}

# Whether an x86 kernel can run on this processor.  There are virtual machines with
# a /dev/kvm that only runs kernels made for it: what counts is the processor.
hardware() {
	[ -w /dev/kvm ] && grep -q '^flags.* \(vmx\|svm\) ' /proc/cpuinfo
}

# Goes on with trees of the whole source, in a cache of their own: what is not
# User-Mode Linux needs more of it than LINUX_TARBALL may hold.
full() {
	LINUX_TARBALL=$("$KERNEL/scripts/fetch" --full)
	CACHE=$CACHE/full
	LANDLORD_KERNEL_CACHE=$CACHE
	export LINUX_TARBALL LANDLORD_KERNEL_CACHE
	mkdir -p "$CACHE"
}
