/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy plugins that landlordd was told to ask.
 */
#pragma once

#include "daemon/daemon_options.h"
#include "supervision/supervisor.h"

/* Returns: 0, or a negative errno: one line has said which and why. */
int plugins_open(struct supervisor *supervisor,
		 const struct daemon_options *options);
