/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What wards are made of: for ward.c, which finds them, and ward_names.c, which
 * knows what else is called by their names. */
#pragma once

#include "path/ward.h"

struct ward {
	char *path; /* of the rule; owned */
	int fd;	    /* -1: not held */
	bool found; /* there is an object */
	bool directory;
	bool shared; /* a file that has other names */
	bool kept;   /* for a new ruleset */
	dev_t device;
	ino_t inode;
	uint64_t mount;
	/* Where it lies in its file system; owned; NULL: not known. */
	char *inner;
};

struct wards {
	struct ward *items; /* by path */
	size_t count, allocated;
	size_t held;
	struct mounts mounts;
	int events;   /* of fanotify(7); -1: none */
	bool patient; /* nobody else waits yet */
	bool unsure;  /* somebody may move one, and nobody tells */
	bool moved;   /* one is not where its rule says */
	unsigned int changes;
	uint64_t inodes[16]; /* a bit for each that may be one */
};

/* Finds out again where they are. */
void wards_place(struct wards *wards);
