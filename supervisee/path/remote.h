/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File systems that may keep who uses them waiting: those on a network, and
 * those that a process serves (fuse(4)). What could wait for one is not done in
 * the event loop, where everybody else would wait as well.
 *
 * Source: proc_pid_mountinfo(5), openat2(2) on RESOLVE_CACHED.
 */
#pragma once

#include <stdbool.h>

#include "path/lookup_base.h"

struct remote;

/*
 * Whether a kind of file system may keep one waiting, by the name that
 * proc_pid_mountinfo(5) has for it; "fuse" may have a ".KIND".
 */
bool remote_is_type(const char *type);

/* Returns: 0 or a negative errno. remote_free() returns NULL. */
int remote_new(struct remote **ret);
struct remote *remote_free(struct remote *remote);

/*
 * A descriptor on which poll(2) reports POLLPRI when the mounts have changed;
 * call remote_update() then. -1 when there is none.
 */
int remote_fd(const struct remote *remote);
void remote_update(struct remote *remote);

/*
 * Whether following a path may keep one waiting. It is looked for only in what
 * the kernel has in memory; never waits itself.
 * @base: where the path starts
 */
bool remote_may_block(const struct remote *remote,
		      const struct lookup_base *base, const char *path);

/* Whether there is none for sure, so that nothing needs to be looked at. */
bool remote_is_absent(const struct remote *remote);

/* Whether what a descriptor refers to lies there. */
bool remote_is_fd(const struct remote *remote, int fd);
