/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The marker: a value in a register that a system call does not use, by which
 * a program says "try this without the supervisor". The filter lets a marked
 * call pass, and the static Landlock layer alone judges it.
 *
 * The marker is no secret and grants nothing: any program may set it, and gets
 * what the kernel's copy of the policy allows, which is never more than the
 * policy does. So it is honoured only
 * - for calls whose every right the static layer holds on this kernel, and
 * - where the policy asks for no more than Landlock does. Not for renames and
 *   links, which could give an object a name that rules made since are about.
 *   Not for programs to execute: /proc/self/fd/N may be memory of the
 *   program's own making, which Landlock does not govern. Not for ftruncate:
 *   a file that the monitor has opened is not of the program's domain.
 * When the policy takes back what the static layer allows, the marker is taken
 * back from the whole tree: see seccomp/recall/recall.h.
 */
#pragma once

#include <stdint.h>

#define MARKER UINT64_C(0x6c616e646c6f7264)
#define MARKER_ARGUMENT 5 /* the sixth, r9: no call below has so many */
