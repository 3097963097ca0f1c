/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where device nodes may be: on every mount without "nodev", but for those of
 * file systems that have none.
 *
 * Source: proc_pid_mountinfo(5).
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct devices;

/* Reads the mounts of the moment. Returns: 0 or a negative errno. */
int devices_new(struct devices **ret);

/* Reads a table as proc_pid_mountinfo(5) has it. Returns: the same. */
int devices_read(struct devices **ret, FILE *table);

/* Takes NULL. */
struct devices *devices_free(struct devices *devices);

/* Whether there may be any in a directory, or beneath; @path is canonical. */
bool devices_possible(const struct devices *devices, const char *path);
