/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wards: the objects that rules deny or ask for, as they were when the rule
 * came into force. A rule names a path; what had the name then stays under its
 * protection when somebody gives it another one, when it is reached through a
 * hard link or another mount, or by another spelling.
 *
 * As many as can be are held open, so that what they are called now is known
 * and nothing else gets their number. While every one of them is where its rule
 * says, and is reached by the one mount that it was found in, names suffice:
 * the kernel tells when a directory above is moved (fanotify(7)), or something
 * is mounted. Otherwise where an object lies in its file system is compared
 * with where they do.
 *
 * What rules refuse by a pattern has no ward, since nobody knows what it is: such
 * an object is known by all names that mounts and links give it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/ruleset.h"
#include "path/mounts.h"

struct wards;

/* Returns: 0 or a negative errno. wards_free() takes NULL and returns it. */
int wards_new(struct wards **ret, const struct ruleset *ruleset);
struct wards *wards_free(struct wards *wards);

/*
 * Tells of a new ruleset: what it refuses is added, the rest forgotten.
 * Returns: 0 or a negative errno; then the wards of before are kept, too.
 */
int wards_set(struct wards *wards, const struct ruleset *ruleset);

/* Readable when something above a ward has been moved; -1: nobody tells. */
int wards_fd(const struct wards *wards);

/*
 * Looks where they are now, after such a move, or when mounts have changed.
 * Returns: whether it was necessary; else nothing has changed.
 */
bool wards_look(struct wards *wards, bool mounts_changed);

/* Counts what may have changed what wards_exposed() says. */
unsigned int wards_changes(const struct wards *wards);

/* Whether some ward may be the object with this number: never wrongly not. */
bool wards_suspect(const struct wards *wards, ino_t inode);

/* An object whose other names are looked for. */
struct wards_object {
	const char *path; /* canonical, for us */
	dev_t device;
	ino_t inode;	/* 0: it does not exist */
	int place;	/* it, or its directory; -1: go by the path */
	uint64_t mount; /* that @place is in; 0: to be looked up */
	bool moves;	/* what is beneath it matters as well */
};

/* @rest: what beneath the object is called @path, "" for itself */
typedef int (*wards_name_fn)(void *userdata, const char *rest,
			     const char *path);

/*
 * Calls back for every name by which rules may refuse an object.
 * Returns: 0, -EACCES where it cannot be told since the object's path is not
 * its own (it is in a mount that is attached nowhere, say), -EAGAIN while its
 * links are still looked for, or what the callback returned.
 */
int wards_names(struct wards *wards, const struct wards_object *object,
		wards_name_fn callback, void *userdata);

/* What an object is, and where. */
struct wards_place {
	mode_t mode;
	dev_t device;
	ino_t inode;
	uint64_t mount; /* 0: nobody knows */
};

/* Returns: 0 or a negative errno. */
int wards_place_of(int fd, struct wards_place *ret);

/*
 * What rules refuse of rights on something that is at or beneath a path, but
 * not by that path: it is reached there by a hard link, or another mount.
 * @at: what has the path
 */
rights_t wards_exposed(struct wards *wards, const struct ruleset *ruleset,
		       const char *path, const struct wards_place *at,
		       rights_t rights);

/*
 * Which of some rights patterns refuse on names that there are beneath a
 * directory; all that they refuse anywhere where that takes too long.
 * @path, @directory: which it is, and a descriptor of it
 */
rights_t wards_contents(const struct wards *wards, const char *path,
			int directory, rights_t rights);

/* Whether patterns refuse some of these rights anywhere. */
bool wards_have_patterns(const struct wards *wards, rights_t rights);
