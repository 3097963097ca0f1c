/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of proc(5), and the like, that are more than their path says.
 */
#pragma once

#include <stdbool.h>

#include "operation/notif.h"

/*
 * The same for what somebody else has found: a path, which means to us what it
 * does to the program, and what has it.
 * @monitor: whose descendants the tree is
 */
bool proc_path_maps_users(const char *path, int fd, pid_t monitor);
bool proc_path_is_setting(const char *path, int fd, pid_t monitor);

/*
 * Whether only the program itself may open what is pinned. What proc(5) shows
 * of a process outside the tree depends on who looks, and the monitor may look
 * at more. /dev/tty is another terminal for each process.
 */
bool proc_is_personal(const struct notif *notif, const struct pin *pin);

/*
 * Whether what is pinned says which users there are in a user namespace of the
 * tree's own (uid_map, gid_map, setgroups): to write it belongs to making one.
 */
bool proc_maps_users(const struct notif *notif, const struct pin *pin);

/*
 * Whether what is pinned is a process's name or how the kernel treats it among
 * others (comm, oom_score_adj, ...), and that process is of the tree. A program
 * may set the same of itself by prctl(2), and no rule could name the process.
 */
bool proc_is_own_setting(const struct notif *notif, const struct pin *pin);
