/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What wards are made of: for ward.c, which has them; ward_find.c, which finds
 * them; ward_watch.c, which has the kernel tell of them; and ward_names.c,
 * which knows what else is called by their names. */
#pragma once

#include "path/ward.h"

struct ward {
	char *path; /* of the rule; owned */
	int fd;	    /* -1: not held */
	bool found; /* there is an object */
	bool directory;
	bool shared;  /* a file that has other names */
	bool kept;    /* for a new ruleset */
	bool fresh;   /* not yet looked for, or found just now */
	bool watched; /* the kernel tells what happens above it */
	size_t order; /* among the refusals of the ruleset */
	size_t next;  /* the next that is found, or their count */
	dev_t device;
	ino_t inode;
	uint64_t mount;
	struct mount *at; /* the same, in the table; NULL: not there */
	/* Where it lies in its file system; owned; NULL: not known. */
	char *inner;
};

#define WARD_NAMES 16384 /* bits */

struct wards {
	struct ward *items; /* by path */
	size_t count, allocated;
	size_t held;
	size_t first; /* that is found, or their count */
	struct mounts mounts;
	int events;   /* of fanotify(7); -1: none */
	bool patient; /* nobody else waits yet */
	bool unsure;  /* somebody may move one, and nobody tells */
	bool moved;   /* one is not where its rule says */
	unsigned int changes;
	uint64_t inodes[16]; /* a bit for each that may be one */
	/* A bit for each name on the way to one, by its hash. */
	uint64_t names[WARD_NAMES / 64];
};

/* The directory in which names are looked for: most have neighbours. */
struct ward_finder {
	int fd;	     /* -1: see @absent */
	bool absent; /* nothing is beneath it; else nothing is known of it */
	size_t length;
	char directory[PATH_MAX];
};

#define WARD_FINDER_NONE ((struct ward_finder){.fd = -1})

/* The directories that are watched: those above one ward. */
struct ward_watching {
	const char *path; /* of that ward; borrowed; NULL: none yet */
	/* The first that is not watched, and the first that is not there: their
	 * lengths and 1; 0: all are. */
	size_t failed, absent;
};

/* These change with whoever looks; names are all there is to go by. */
static inline bool ward_is_virtual(const struct ward *ward)
{
	return mounts_after(ward->path, "/proc") ||
	       mounts_after(ward->path, "/sys");
}

/*
 * Finds the object that has the name now. That costs least for paths in order,
 * with one finder. The caller closes the finder's descriptor.
 */
void ward_find(struct ward_finder *finder, struct wards *wards,
	       struct ward *ward);

/* Holds the object that has been found, or what has the name by now. */
void ward_hold(struct wards *wards, struct ward *ward);

/* How many more can be held. */
size_t wards_room(const struct wards *wards);

/*
 * Watches all directories above a ward but those that it has in common with the
 * last one; of one that is not there, those that are.
 * @watching: zero it to start
 * Returns: whether all are watched.
 */
bool ward_watch_above(struct ward_watching *watching, const struct wards *wards,
		      const struct ward *ward);

/* Notes the names on the way to all wards, which ward_watch_read() looks for.
 */
void ward_watch_names(struct wards *wards);

/*
 * Whether some of what the kernel has told may concern a ward.
 * @bytes: events of fanotify(7), whole ones
 */
bool ward_watch_concern(const struct wards *wards, const char *bytes,
			size_t length);

/*
 * Takes what the kernel has told.
 * Returns: whether some of it may concern a ward. Everybody makes files in the
 * directories that are watched; most have names that lead to none.
 */
bool ward_watch_read(const struct wards *wards);

/* Finds out again where they are. */
void wards_place(struct wards *wards);
