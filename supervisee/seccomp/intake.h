/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intake: calls that the kernel has handed to us and that are not served yet.
 *
 * Until a call has been received any signal with a handler interrupts it, also
 * one that natively never is; afterwards only a fatal one does. So all are
 * received before anything is done that takes longer than a glance.
 */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>

#define INTAKE_MAX 128

struct seccomp;

struct intake {
	struct seccomp_notif calls[INTAKE_MAX]; /* a ring */
	unsigned int first, count;
};

/*
 * Receives what there is, at most until @wanted calls are not served. Never
 * waits. The engine's remote file systems are up to date afterwards.
 * Returns: whether there will be more, ever.
 */
bool intake_receive(struct seccomp *seccomp, unsigned int wanted);

/* Takes the oldest call out; there is one. */
struct seccomp_notif intake_take(struct intake *intake);
