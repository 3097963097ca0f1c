/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor: the supervisor of one tree. It owns the engine, hosts the core
 * or speaks with the daemon, and lives until the last process of the tree has
 * ended.
 */
#pragma once

#include "run/run_options.h"

/*
 * Runs a monitor.
 * @channel: to the front (see front.h); taken over
 * Returns: the exit status for the monitor's own process.
 */
int monitor_run(struct run_options *options, int channel);
