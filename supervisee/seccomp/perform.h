/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Performing: a job that is allowed beyond what the kernel holds is run by the
 * monitor, as the asker; in a worker where it may have to wait.
 */
#pragma once

struct job;

/* Runs a job; the engine's performed() is told the result, now or later. */
void perform_job(struct job *job);
