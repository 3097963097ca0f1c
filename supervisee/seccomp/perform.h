/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Performing: a job that is allowed beyond what the kernel holds is run by the
 * monitor, as the target; in a worker where it may have to wait.
 */
#pragma once

struct job;

/* Performs a job: @done gets the result, now or later. */
void perform(struct job *job, void (*done)(struct job *job, int result));
