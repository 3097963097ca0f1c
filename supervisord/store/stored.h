/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a file of grants says, as it was last read, so that one more costs what
 * one costs: it is appended to the file and added to the book.
 *
 * Whoever else writes makes the file another one, longer, or newer. Then it is
 * read anew, and the book is another one, too.
 */
#pragma once

#include "core/rulebook.h"
#include "store/grants_file.h"
#include "store/lines.h"

struct stored {
	struct rulebook *book; /* NULL before the first look */
	struct grants_stamp stamp;
	bool known;   /* the book says what the file with this stamp does */
	size_t lines; /* in the file that are understood */
	size_t end; /* where the next one begins, what is torn being cut off */
	bool feed;  /* the last one has no line feed */
};

void stored_finish(struct stored *stored);

/*
 * Reads the file if it is not the one that is known.
 * @errors: what is not understood, each time; may be NULL
 * Returns: 0, or a negative errno as grants_file_read(): what was known stays.
 */
int stored_refresh(struct stored *stored, const struct grants_file *file,
		   struct file_errors *errors);

/* Whether what says nothing any more is worth writing the file anew. */
bool stored_is_untidy(const struct stored *stored, int64_t now);

/* A rule that is to be stored or revoked, and the line that says so. */
struct addition {
	struct grant grant; /* with its id and origin */
	char *line;
	bool joins; /* the one with that id is replaced */
};

/* So many at once; longer lists are written with the whole file. */
#define ADDITIONS_MAX 16

struct additions {
	struct addition items[ADDITIONS_MAX];
	size_t count;
};

void additions_finish(struct additions *additions);

/*
 * Adds the line of one rule, and one for each that it takes all rights from.
 * Returns: 0; -EEXIST: it takes some rights of others and leaves some, or there
 *          are too many, so that the file has to be written anew; -EINVAL for a
 *          rule that cannot be persisted; -EMSGSIZE; -EIO; -ENOMEM.
 */
int stored_prepare(const struct stored *stored, const struct rule *rule,
		   const char *agent, int64_t now, struct additions *additions);

/* Adds the line that revokes a rule of the book. Returns: the same. */
int stored_prepare_revocation(const struct rule *rule, const char *agent,
			      int64_t now, struct additions *additions);

/*
 * Appends lines; the lock is held, and the file known.
 * Returns: 0: they are on the disk; or a negative errno: none of them counts.
 */
int stored_append(struct stored *stored, const struct grants_file *file,
		  const struct additions *additions);
