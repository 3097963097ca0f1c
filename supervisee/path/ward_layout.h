/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What wards are made of: for ward.c, which has them; ward_find.c, which finds
 * them; ward_way.c, which goes to the directories above them and has the kernel
 * tell of those; ward_watch.c, which reads what it tells; ward_names.c, which
 * knows what else is called by their names; and ward_patterns.c, which does of
 * what has no ward. */
#pragma once

#include "base/folder.h"
#include "path/ward_links.h"
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
	size_t first;		 /* that is found, or their count */
	struct ruleset *ruleset; /* that they are from; NULL: not known */
	struct mounts mounts;
	int table;    /* see mounts_changed() */
	int events;   /* of fanotify(7); -1: none */
	bool patient; /* nobody else waits yet */
	bool unsure;  /* somebody may move one, and nobody tells */
	bool moved;   /* one is not where its rule says */
	unsigned int changes;
	uint64_t inodes[16]; /* a bit for each that may be one */
	/* A bit for each name on the way to one, by its hash. */
	uint64_t names[WARD_NAMES / 64];
	rights_t reached; /* what patterns may refuse anywhere */
	struct ward_links links;
};

/* A directory above wards. */
struct ward_level {
	size_t length; /* of its path; 0: the root directory */
	int fd;	       /* -1: see @absent */
	bool absent;   /* nothing is beneath it; else nothing is known of it */
	bool watched;  /* the kernel tells of it, and of all above */
	struct folder *folder; /* the names in it; NULL: not read */
};

/* The directories above one ward, from the root on: most wards have neighbours,
 * and each directory is opened, watched and read once. Zero it to start. */
struct ward_way {
	bool all;	     /* wards are looked for that are not fresh */
	char path[PATH_MAX]; /* of the ward that was last */
	struct ward_level *levels;
	size_t count, allocated;
};

/* These change with whoever looks; names are all there is to go by. */
static inline bool ward_is_virtual(const struct ward *ward)
{
	return mounts_after(ward->path, "/proc") ||
	       mounts_after(ward->path, "/sys");
}

/*
 * Goes to the directory above a ward: has the kernel tell of all on the way to
 * it, and then reads its names if many are looked for. That costs least for
 * wards in order.
 * @i: its number; not of one that is virtual
 * Returns: the directory, or the first above it that is not there; NULL when
 * memory is short.
 */
const struct ward_level *ward_way_to(struct ward_way *way,
				     const struct wards *wards, size_t i);
void ward_way_finish(struct ward_way *way);

/*
 * Opens a name. A file system that may keep us waiting can do so only before the
 * program runs.
 * @path: the whole of it
 * Returns: an O_PATH descriptor; -EAGAIN where it would have to be waited for;
 * or another negative errno.
 */
int ward_way_open(const struct wards *wards, int at, const char *name,
		  const char *path);

/*
 * Finds the object that has the name now.
 * @above: the directory above it; NULL: not known
 * @hold: holds it, too, while there is room
 */
void ward_find(const struct ward_level *above, struct wards *wards,
	       struct ward *ward, bool hold);

/* Holds the object that has been found, or what has the name by now. */
void ward_hold(struct wards *wards, struct ward *ward);
void ward_let_go(struct wards *wards, struct ward *ward);

/* How many more can be held. */
size_t wards_room(const struct wards *wards);

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
 * directories that are watched; most have names that lead to none. While one is
 * not where its rule says, all of it may.
 */
bool ward_watch_read(const struct wards *wards);

/*
 * Looks for them all again, and at the mounts, as wards_look() does.
 * @mounts_changed: there are others now, too, with links that are not known
 */
void ward_look_anew(struct wards *wards, bool mounts_changed);

/* Finds out again where they are. */
void wards_place(struct wards *wards);

/* Finds out what patterns may refuse, of a ruleset that is new or in mounts that
 * are. */
void ward_patterns_look(struct wards *wards);

/* Names an object as wards_names() does, for patterns. */
int ward_patterns_names(struct wards *wards, const struct mount *mount,
			const struct wards_object *object,
			wards_name_fn callback, void *userdata);

/*
 * As wards_exposed(), for patterns.
 * @inner: where it lies in its file system
 */
rights_t ward_patterns_exposed(const struct wards *wards,
			       const struct mount *mount, const char *path,
			       const char *inner, bool directory);

/* Whether a path is in what the system has installed: programs could not even
 * start if the kernel did not hold it, and nobody but root could put a link to
 * another file there. */
bool ward_is_installed(const char *path);
