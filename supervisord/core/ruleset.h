/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rulesets: what some books of rules (rulebook.h) say together, as they were at
 * one moment.
 *
 * A request is judged against exactly one ruleset, which is one generation; a
 * commit replaces the whole ruleset by exchanging one pointer. Books go on to
 * change, and a ruleset sees nothing of it: so the next generation costs what
 * has changed, and those of many domains share what they have in common.
 *
 * Rules are in tries by component of their objects. The cost of a judgement is
 * that of the path's depth, and of the rules that are about what is on the way.
 * A rule whose time is over has no say from that second on, whether or not
 * somebody has made another generation.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "core/object.h"
#include "core/process_id.h"
#include "core/right.h"
#include "core/rule.h"
#include "core/rulebook.h"

struct ruleset;

/* The most books that a ruleset is made of. */
#define RULESET_BOOKS_MAX 6

/*
 * Takes the books as they are now. Rules whose @expires has passed at @now are
 * removed from them (the owner makes a new generation when the next one
 * expires).
 * @books: each gets a reference
 * @count: up to RULESET_BOOKS_MAX
 * @now: seconds since the epoch
 * Returns: 0 or -ENOMEM.
 */
int ruleset_of_books(struct ruleset **ret, struct rulebook *const *books,
		     unsigned int count, uint64_t generation, int64_t now);

/*
 * Makes a ruleset of rules; they are copied.
 * Returns: 0, -ENOMEM, -EINVAL for a rule that makes no sense.
 */
int ruleset_new(struct ruleset **ret, const struct rules *rules,
		uint64_t generation, int64_t now);

struct ruleset *ruleset_ref(struct ruleset *ruleset);
/* Takes NULL; always returns NULL. */
struct ruleset *ruleset_unref(struct ruleset *ruleset);
DEFINE_CLEANUP(struct ruleset *, ruleset_unref);

uint64_t ruleset_generation(const struct ruleset *ruleset);

/* How many books it was made of. */
unsigned int ruleset_books(const struct ruleset *ruleset);

/*
 * One of the books it was made of, in their order; borrowed.
 * @ret_version: the version of it that counts
 */
struct rulebook *ruleset_book(const struct ruleset *ruleset, unsigned int part,
			      uint64_t *ret_version);

/*
 * Whether it certainly refuses nothing that an older ruleset did not, and takes
 * nothing back. It costs as much as has changed.
 */
bool ruleset_only_adds(const struct ruleset *ruleset,
		       const struct ruleset *old);

/*
 * Sets the clock by which rules expire, instead of the real one.
 * @clock: borrowed, for as long as anybody has the ruleset. NULL: it is judged
 * as if it were still the moment that it was made for, which may be long ago:
 * for what was recorded.
 */
void ruleset_set_clock(struct ruleset *ruleset, const struct clock *clock);

/* The earliest expiry of the rules compiled in, 0 if none expires. */
int64_t ruleset_next_expiry(const struct ruleset *ruleset);

/* Whether any rule is bound to a process (then who asks matters). */
bool ruleset_has_process_rules(const struct ruleset *ruleset);

/* Calls back for those. Returns: 0, or its first non-zero value. */
int ruleset_each_bound(const struct ruleset *ruleset, rulebook_fn callback,
		       void *userdata);

/* What the rules say of one object: a partition of the wanted rights. */
struct judgement {
	rights_t allowed;
	rights_t denied;
	rights_t asked;
};

/*
 * Judges rights on an object. Of a port whose address is not known, what is
 * refused of any address is refused, and what is allowed of some is not allowed.
 * @process: who asks, for rules of lifetime "process"; or PROCESS_NONE
 */
struct judgement ruleset_judge(const struct ruleset *ruleset,
			       const struct object *object, rights_t wanted,
			       struct process_id process);

/*
 * What rules allow of a port for some address or other, whatever they refuse of
 * others. Of objects that are no ports: what they allow.
 */
rights_t ruleset_allowed_somewhere(const struct ruleset *ruleset,
				   const struct object *object, rights_t wanted,
				   struct process_id process);

/*
 * As ruleset_judge() for a path, without building an object.
 * @path: canonical, @length bytes. A last name of one NUL byte, which no object
 * has, stands for anything there that no rule mentions.
 */
struct judgement ruleset_judge_path(const struct ruleset *ruleset,
				    const char *path, size_t length,
				    rights_t wanted, struct process_id process);

/*
 * The rule that decides one right on an object, for `landlord why`.
 * Returns: a rule owned by the ruleset, NULL when none does (asked).
 */
const struct rule *ruleset_why(const struct ruleset *ruleset,
			       const struct object *object, rights_t right,
			       struct process_id process);

/*
 * The part that a kernel can hold: calls back for every path beneath which,
 * and for every port at which, some rights are allowed without exception.
 * Never for a right that a deny or ask rule beneath the path takes away, never
 * for rules bound to a process or with an expiry.
 * Parents come before children; a child is left out when its parent already
 * covers its rights.
 * @here: more rights, for the object itself and not for what is beneath it
 * Returns: 0, or the first non-zero value of the callback.
 */
typedef int (*ruleset_uniform_fn)(void *userdata, const struct object *object,
				  rights_t rights, rights_t here);
int ruleset_uniform(const struct ruleset *ruleset, ruleset_uniform_fn callback,
		    void *userdata);

/*
 * As ruleset_uniform() for one path: the rights that are allowed without
 * exception on it and everything beneath it. An engine that meets a directory
 * which is not uniform ("/etc" with secrets) can so hold its present entries.
 * @ret_here: may be NULL; the rights that are so allowed on the object itself
 */
rights_t ruleset_uniform_path(const struct ruleset *ruleset, const char *path,
			      size_t length, rights_t *ret_here);

/*
 * Whether some rule is about an object strictly beneath a path, or may be, since
 * it is about a pattern. Renaming such a
 * directory, or another to its name, would change what those rules mean.
 */
bool ruleset_names_beneath(const struct ruleset *ruleset, const char *path,
			   size_t length);

/*
 * Calls back for every path that some rule denies rights on, or asks for; not
 * for patterns.
 * @beneath: the rule is about the hierarchy
 * Returns: 0, or the first non-zero value of the callback.
 */
int ruleset_each_refusal(const struct ruleset *ruleset,
			 int (*callback)(void *userdata, const char *path,
					 bool beneath),
			 void *userdata);

/*
 * What rules refuse of some rights on a path, each with its own words: what no
 * rule mentions is in none of them.
 */
struct judgement ruleset_refused(const struct ruleset *ruleset,
				 const char *path, size_t length,
				 rights_t wanted, struct process_id process);

/*
 * Calls back for every name strictly beneath a path that some rule is about or
 * leads through: "/NAME", "/NAME/NAME", ...; maybe more than once, and also for
 * some whose rules have been removed.
 * Returns: 0, the first non-zero value of the callback, -ENOMEM, or -EINVAL for
 * a path that is not canonical.
 */
int ruleset_each_beneath(const struct ruleset *ruleset, const char *path,
			 size_t length,
			 int (*callback)(void *userdata, const char *rest),
			 void *userdata);

/*
 * How far patterns reach: the rights that rules about them deny or ask for on a
 * path, on something above it, or, as there may be such a name, beneath it.
 * Rather too much, and whatever other rules say.
 */
rights_t ruleset_reach(const struct ruleset *ruleset, const char *path,
		       size_t length);

/* The same of patterns that match the path itself. */
rights_t ruleset_matched(const struct ruleset *ruleset, const char *path,
			 size_t length);

/* Whether some pattern may match strictly beneath a path. */
bool ruleset_reaches_beneath(const struct ruleset *ruleset, const char *path,
			     size_t length);

/*
 * The same two of many names in one directory.
 * Nothing else is asked of the ruleset meanwhile: a directory uses what its
 * patterns have for one way at a time.
 */
struct ruleset_directory;

/* Returns: 0, -EINVAL for a path that is not canonical, -ENOMEM. */
int ruleset_directory_new(struct ruleset_directory **ret,
			  const struct ruleset *ruleset, const char *path);
struct ruleset_directory *
ruleset_directory_free(struct ruleset_directory *directory);

/* @ret_beneath: whether some pattern may match strictly beneath the name */
rights_t ruleset_directory_matched(const struct ruleset_directory *directory,
				   const char *name, bool *ret_beneath);

/*
 * Calls back for every rule that denies or asks for what a pattern matches.
 * Returns: 0, or the first non-zero value of the callback.
 */
int ruleset_each_pattern(const struct ruleset *ruleset, rulebook_fn callback,
			 void *userdata);

/* What patterns may make of a directory's move, of any names beneath it. */
struct pattern_move {
	rights_t gained; /* refused there by no pattern any more, or allowed */
	rights_t met;	 /* refused there only */
	rights_t left;	 /* refused where it is, there as well or not */
};

struct pattern_move ruleset_pattern_move(const struct ruleset *ruleset,
					 const char *from, const char *to);
