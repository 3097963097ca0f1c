/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world: a directory with one of everything, made anew whenever a call has
 * changed it, and what a call has changed.
 *
 * Whoever keeps it is never supervised, so what it sees is so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct world;

/*
 * Makes a world in the directory, which becomes the working directory.
 * @shared: others may make names in it, and some things are theirs
 * @mounts: with other file systems: one read-only, one full
 * Returns: NULL after it has said why.
 */
struct world *world_new(const char *directory, bool shared, bool mounts);

/* Makes what is missing or was changed, and remembers how it is. */
bool world_prepare(struct world *world);

/* Writes what has changed since, in one line without its end. */
void world_compare(struct world *world, FILE *out);

/* The name of an object, "?" when it has none. */
const char *world_name(const struct world *world, uint64_t device,
		       uint64_t inode);

/* Takes the connections that were made, and says whose they are. */
void world_accept(struct world *world, FILE *out);
