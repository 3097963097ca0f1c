/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accesses: everything that one call of a program, or one event of the kernel's,
 * needs. This is what engines judge; how they learn of it and what they do with
 * the result is up to each.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/object.h"
#include "core/request.h"
#include "core/right.h"

/* Rights that are needed on an object. */
struct need {
	struct object object;
	rights_t rights;
	/* The object itself, where it exists; 0 and 0 otherwise. */
	dev_t device;
	ino_t inode;
	int64_t born; /* when it was made, ns; 0: to be looked up */
	/* A descriptor of it, or of the directory that it would be in; -1:
	 * there is none. Borrowed. */
	int place;
	/* The mount that @place is in, by number; 0: to be looked up. */
	uint64_t mount;
	/* It does not leave the domain: only a rule that denies matters. */
	bool within;
};

/*
 * What an object is called, too: the name that it had when a rule about it came
 * into force. It may be something beneath what a need is about.
 */
struct alias {
	unsigned int need; /* number of it */
	char *rest;	   /* "" or "/NAME...": beneath the need's object */
	char *path;	   /* canonical */
};

struct accesses {
	size_t count;
	/* The object of needs[0] gets the name of needs[1] (and the reverse,
	 * for an exchange): it must not gain rights by that. */
	bool reparents, exchanges;
	bool directories[2]; /* which of the two are */
	/* Nobody can allow it, whatever the rules say. */
	bool impossible;
	/* Why nobody is asked: a sentence without its full stop. */
	const char *reason;
	/* Other names of what is needed, by which it is judged as well. */
	struct alias *aliases;
	size_t aliases_count;
	bool named; /* they are known; and so is: */
	/* What patterns forbid to take from its name beneath a directory that
	 * gets another one. */
	rights_t kept[2];

	/* accesses_init() leaves them as they are: 400 bytes that are written
	 * before they are read. */
	struct need needs[REQUEST_ACCESSES_MAX];
};

/* Nothing is needed yet. */
void accesses_init(struct accesses *accesses);

/*
 * Adds a need. No more than REQUEST_ACCESSES_MAX are.
 * @object: its bytes, if any, must outlive the accesses
 * Returns: it, for more to be said of it.
 */
struct need *accesses_need(struct accesses *accesses,
			   const struct object *object, rights_t rights);

/*
 * Gives a need another name; an equal one is not kept twice.
 * Returns: 0 or -ENOMEM.
 */
int accesses_alias(struct accesses *accesses, unsigned int need,
		   const char *rest, const char *path);

/* Nothing is needed any more; objects are their owner's. */
void accesses_forget(struct accesses *accesses);
