/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pins: a path resolved once, and held.
 *
 * What is decided and what is then done refer to the same objects, however
 * names change in between: the object itself and the directory of its last
 * name are open (O_PATH), and later steps use these descriptors, never the
 * program's path again.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "path/lookup_base.h"

enum pin_mode {
	PIN_FOLLOW,   /* the object, the last symbolic link followed */
	PIN_NOFOLLOW, /* the object, a last symbolic link itself */
	PIN_ENTRY,    /* the name in its directory, and what is there now */
	PIN_CREATE,   /* the object; where it is missing, the name (followed
		       * through dangling links) that would be created */
};

struct pin {
	int parent; /* PIN_ENTRY, and PIN_CREATE when missing */
	/* The parent is the base's origin: the base has to live longer. */
	bool lent;
	int fd; /* -1: there is nothing */
	/* The descriptor by whose link in proc(5) the object was found, in
	 * whatever process; -1: by none. */
	int number;
	bool internal;	  /* a pipe, socket, memfd, ...: no path governs it */
	struct stat stat; /* of the target */
	uint64_t mount;	  /* that the target is in, by number; 0: not known */
	int64_t born;	  /* when the target was made, ns; 0: not known */
	size_t length;	  /* of the path */
	/* From here on, written before it is read: see pin_init(). */
	char name[NAME_MAX + 2]; /* last component, trailing slash kept */
	/*
	 * Canonical path in the monitor's base: of the target (FOLLOW,
	 * NOFOLLOW), else the parent's path and the name.
	 */
	char path[PATH_MAX];
};

#define PIN_INIT                                     \
	{                                            \
		.parent = -1, .fd = -1, .number = -1 \
	}

/* As PIN_INIT, without the cost of making the names zero. */
void pin_init(struct pin *pin);

/*
 * Resolves a path of a supervised thread.
 * @path: the program's, as read once
 * @resolve: RESOLVE_* of openat2(2)
 * Returns: 0, or the negative errno that the path deserves: for FOLLOW and
 * NOFOLLOW -ENOENT when the object is missing; for ENTRY only when its
 * directory is (and -EEXIST for "/", "." and "..", which name no entry).
 */
int pin_path(struct pin *ret, const struct lookup_base *base, const char *path,
	     enum pin_mode mode, uint64_t resolve);

/*
 * Pins the directory, too, in which the name of an object was found.
 * @follow: it was found at the end of all last links
 * Returns: 0, -EAGAIN when names have changed, -ENOLINK for an object that was
 * found through a link of proc(5), in no directory.
 */
int pin_directory(struct pin *pin, const struct lookup_base *base,
		  const char *path, bool follow, uint64_t resolve);

/* Pins what an open descriptor refers to; takes the descriptor over. */
int pin_fd(struct pin *ret, int fd);

/*
 * Whether a pin's path leads to what is pinned, for the caller. It does not
 * when that lies in a mount that is attached nowhere, or elsewhere in another
 * mount namespace: then the path may be that of something else.
 */
bool pin_is_named(const struct pin *pin);

void pin_release(struct pin *pin);
