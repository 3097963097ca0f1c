/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The namespaces of a thread: whether a path, and a process id, mean to it what
 * they mean to us. Our root can be exchanged by pivot_root(2) of
 * somebody else; our PID namespace stays.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Whether a thread has another root directory than we have, or may have. */
bool namespaces_other_root(pid_t tid);

/* The same of its PID namespace, its user namespace, and its IPC namespace. */
bool namespaces_other_pids(pid_t tid);
bool namespaces_other_users(pid_t tid);
bool namespaces_other_ipc(pid_t tid);
