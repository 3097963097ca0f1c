/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directories of the user's own.
 */
#pragma once

/*
 * Makes the directories above a file (0700); those that exist are left alone.
 * Returns: 0 or a negative errno.
 */
int directory_make_parents(const char *path);

/* Makes a directory and those above it (0700). Returns: the same. */
int directory_make_all(const char *path);

/*
 * The directory of the control socket: "landlord" in $XDG_RUNTIME_DIR; where
 * that is not set, in /run/user/UID if that is there; else /tmp/landlord-UID.
 * Returns: a path (free(3)), NULL without memory.
 */
char *directory_runtime(void);
