/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls by which a thread becomes another user or group: setuid(2),
 * setreuid(2), setresuid(2), setfsuid(2), and their like for groups.
 */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>

#include "task/identity.h"

/*
 * Whether a call leaves its thread what it is. Programs that may have been
 * started by a set-user-ID file make such calls before each of their children,
 * GNU make for one.
 * @self: what the thread is
 */
bool setid_changes_nothing(const struct identity *self,
			   const struct seccomp_data *data);
