/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Side doors: ways to a file that is denied, one function each.
 */
#pragma once

#include <limits.h>

/* The door is shut, for what errno says. Returns: 0. */
int shut(const char *what);

/* Whether an open file, or -1, is the forbidden one. Returns: 0 or 1. */
int look(const char *what, int fd);

/* The same of a path, which is formatted. */
int look_at(const char *what, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

/*
 * The directory of the file, and (what is returned) its name there.
 */
const char *split(const char *file, char directory[PATH_MAX]);

/*
 * Tries to read @file, which is denied.
 * Returns: 0, the door is shut; 1, it is open; 77, there is none here.
 */
int door_open(const char *file);
int door_reopen(const char *file);
int door_proc(const char *file);
int door_chroot(const char *file);
int door_namespaces(const char *file);
int door_mounts(const char *file);
int door_given(const char *file);
int door_false_path(const char *file);
int door_sent(const char *file);
int door_remote_name(const char *file);
int door_io_uring(const char *file);
int door_i386(const char *file);
int door_x32(const char *file);
int door_handle(const char *file);
int door_undumpable(const char *file);
int door_vfork(const char *file);
int door_supervisor(const char *file);
int door_listener(const char *file);
int door_memfd(const char *file);
int door_signals(const char *file);
