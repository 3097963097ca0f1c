/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sweep: from time to time, as long as any call waits, somebody looks
 * whether it still does (see targets.h).
 */
#pragma once

struct seccomp;

/* There is something to look at. */
void sweep_arm(struct seccomp *seccomp);
