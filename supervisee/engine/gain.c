/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gains: see gain.h. */
#include "engine/gain.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Rights that matter for something that is not a directory. */
#define RIGHTS_OF_FILES                                                \
	(RIGHT_FS_EXECUTE | RIGHT_FS_WRITE_FILE | RIGHT_FS_READ_FILE | \
	 RIGHT_FS_TRUNCATE | RIGHT_FS_IOCTL_DEV | RIGHT_FS_RESOLVE_UNIX)

#define RIGHTS_MAKE                                               \
	((RIGHTS_CREATE & ~RIGHT_FS_REFER) | RIGHT_FS_MAKE_CHAR | \
	 RIGHT_FS_MAKE_BLOCK)

/* Something beneath a directory that no rule names: no name looks like that. */
#define ANYTHING "//"
#define ANYTHING_LENGTH (sizeof(ANYTHING) - 1)

#define NAME_BYTES (2 * PATH_MAX)

/* What no rule mentions under another name takes nothing away. */
static void be_stricter(struct judgement *judgement,
			const struct judgement *other)
{
	judgement->denied |= other->denied;
	judgement->asked =
		(judgement->asked | other->asked) & ~judgement->denied;
	judgement->allowed &= ~(judgement->asked | judgement->denied);
}

/* Whether what is meant beneath something is anything there. */
static bool means_anything(const char *rest, size_t length)
{
	return length >= ANYTHING_LENGTH &&
	       strcmp(rest + length - ANYTHING_LENGTH, ANYTHING) == 0;
}

/*
 * The root directory's own name ends in the slash. Anything has the name that
 * ruleset_judge_path() knows it by.
 */
static int join(char name[NAME_BYTES], const char *path, const char *rest)
{
	const int length = snprintf(name, NAME_BYTES, "%s%s",
				    path[1] || !*rest ? path : "", rest);

	if (means_anything(rest, strlen(rest)))
		name[length - 1] = '\0';
	return length;
}

static struct judgement judge_name(const struct gain_move *move,
				   const char *path, const char *rest,
				   rights_t wanted)
{
	char name[NAME_BYTES];
	const int length = join(name, path, rest);

	return ruleset_judge_path(move->ruleset, name, (size_t)length, wanted,
				  move->process);
}

static struct judgement refused(const struct gain_move *move, const char *path,
				const char *rest, rights_t wanted)
{
	char name[NAME_BYTES];
	const int length = join(name, path, rest);

	return ruleset_refused(move->ruleset, name, (size_t)length, wanted,
			       move->process);
}

/* What follows a name that another one begins with; NULL: it does not. */
static const char *after(const char *name, const char *start)
{
	const size_t length = strlen(start);

	if (strncmp(name, start, length) != 0 ||
	    (name[length] != '/' && name[length] != '\0'))
		return NULL;
	return name + length;
}

struct judgement gain_judge(const struct gain_move *move, unsigned int need,
			    const char *rest, rights_t wanted)
{
	const struct accesses *accesses = move->accesses;
	const struct object *object = &accesses->needs[need].object;
	struct judgement judgement;

	if (object->type != OBJECT_PATH || !*rest)
		judgement = ruleset_judge(move->ruleset, object, wanted,
					  move->process);
	else
		judgement = judge_name(move, object->bytes, rest, wanted);
	for (size_t i = 0; i < accesses->aliases_count; i++) {
		const struct alias *alias = &accesses->aliases[i];
		const char *left =
			alias->need == need ? after(rest, alias->rest) : NULL;
		struct judgement other;

		if (!left)
			continue;
		other = refused(move, alias->path, left, wanted);
		be_stricter(&judgement, &other);
	}
	return judgement;
}

/* Keeps what is missing on a name beneath. */
static void miss_beneath(struct gain *gain, const char *above, const char *rest,
			 size_t length, rights_t rights)
{
	char path[NAME_BYTES];
	const int written = snprintf(path, sizeof(path), "%s%.*s",
				     above[1] ? above : "", (int)length, rest);

	for (size_t i = 0; i < gain->count; i++)
		if (strcmp(gain->beneath[i].path, path) == 0) {
			gain->beneath[i].rights |= rights;
			return;
		}
	if (gain->count == GAIN_NAMES_MAX || written >= PATH_MAX) {
		gain->denied = true;
		return;
	}
	gain->beneath[gain->count].length = (size_t)written;
	strcpy(gain->beneath[gain->count].path, path);
	gain->beneath[gain->count++].rights = rights;
}

/* What a rule refuses by one of an object's names. */
static void find_refused(const struct gain_move *move, const char *path,
			 const char *rest, rights_t rights, rights_t *denied,
			 rights_t *asked)
{
	const struct judgement found = refused(move, path, rest, rights);

	*denied |= found.denied;
	*asked |= found.asked;
}

static void find_refused_by_any(const struct gain_move *move, unsigned int need,
				const char *rest, rights_t rights,
				rights_t *denied, rights_t *asked)
{
	const struct accesses *accesses = move->accesses;

	*denied = *asked = 0;
	find_refused(move, accesses->needs[need].object.bytes, rest, rights,
		     denied, asked);
	for (size_t i = 0; i < accesses->aliases_count; i++) {
		const struct alias *alias = &accesses->aliases[i];
		const char *left =
			alias->need == need ? after(rest, alias->rest) : NULL;

		if (left)
			find_refused(move, alias->path, left, rights, denied,
				     asked);
	}
}

/*
 * What a rule denies or asks for is so where it is; what no rule mentions is
 * asked for on what is moved.
 */
static void miss(struct gain *gain, const struct gain_move *move,
		 unsigned int need, const char *rest, rights_t rights)
{
	size_t length = strlen(rest);
	rights_t denied, asked;

	if (!rights)
		return;
	gain->any = true;
	find_refused_by_any(move, need, rest, rights, &denied, &asked);
	gain->denied = gain->denied || denied;
	/* What is missing on anything in a directory is so on itself. */
	if (means_anything(rest, length))
		length -= ANYTHING_LENGTH;
	if (!length)
		denied = asked = 0;
	gain->here[need] |= rights & ~(denied | asked);
	if (denied | asked)
		miss_beneath(gain, move->accesses->needs[need].object.bytes,
			     rest, length, denied | asked);
}

static rights_t allowed(const struct gain_move *move, unsigned int need,
			const char *rest)
{
	return gain_judge(move, need, rest, RIGHTS_FS).allowed;
}

/*
 * What the object of a name can be used for. That it may be made there says
 * nothing about the one that is moved.
 */
static rights_t usable(const char *rest)
{
	if (means_anything(rest, strlen(rest)))
		return RIGHTS_FS;
	return RIGHTS_OF_FILES | RIGHT_FS_READ_DIR |
	       (*rest ? RIGHTS_REMOVE : 0);
}

/* One name beneath a directory that is moved, or the directory's own. */
static void compare(struct gain *gain, const struct gain_move *move,
		    const char *rest)
{
	const rights_t before = allowed(move, move->from, rest);
	const rights_t gained =
		allowed(move, move->to, rest) & ~before & usable(rest);
	const rights_t plain = *rest ? allowed(move, move->from, ANYTHING) : 0;

	/* What anything there would gain is said once. */
	miss(gain, move, move->from, rest, gained & ~gain->here[move->from]);
	/* It leaves its place, and comes to another. */
	miss(gain, move, move->from, rest,
	     plain & ~before & RIGHTS_REMOVE & ~gained);
	if (*rest)
		miss(gain, move, move->to, rest,
		     before & allowed(move, move->to, ANYTHING) &
			     ~allowed(move, move->to, rest) & RIGHTS_MAKE);
}

struct gain_visit {
	struct gain *gain;
	const struct gain_move *move;
	const char *before; /* the part of a name that comes first */
};

/* The name itself, and what is beneath it. */
static int visit(void *userdata, const char *rest)
{
	const struct gain_visit *visit = userdata;
	char name[NAME_BYTES];

	if (snprintf(name, sizeof(name), "%s%s", visit->before, rest) >=
	    (int)sizeof(name) - (int)sizeof(ANYTHING)) {
		visit->gain->any = visit->gain->denied = true;
		return 0;
	}
	compare(visit->gain, visit->move, name);
	strcat(name, ANYTHING);
	if (*rest)
		compare(visit->gain, visit->move, name);
	return 0;
}

/* All that rules name beneath one of the two, by any of its names. */
static void visit_names(struct gain *gain, const struct gain_move *move,
			unsigned int need)
{
	const struct accesses *accesses = move->accesses;
	const struct object *object = &accesses->needs[need].object;
	struct gain_visit now = {.gain = gain, .move = move, .before = ""};

	if (ruleset_each_beneath(move->ruleset, object->bytes, object->length,
				 visit, &now))
		gain->any = gain->denied = true;
	for (size_t i = 0; i < accesses->aliases_count; i++) {
		const struct alias *alias = &accesses->aliases[i];

		if (alias->need != need)
			continue;
		now.before = alias->rest;
		if (*alias->rest)
			visit(&now, "");
		if (ruleset_each_beneath(move->ruleset, alias->path,
					 strlen(alias->path), visit, &now))
			gain->any = gain->denied = true;
	}
}

/*
 * What patterns make of a move, whatever is beneath by then. Nobody can be asked
 * about names that are not known: it is as if the other place were on another
 * file system, so that programs copy what they may.
 *
 * Where the same patterns go on from either place, what must not leave its name
 * is looked for. What is not there by then does not come to be there in time:
 * no move brings it, and what a move makes match has not been kept before.
 */
static void look_at_patterns(struct gain *gain, const struct gain_move *move,
			     const char *from, const char *to)
{
	const rights_t used = RIGHTS_OF_FILES | RIGHT_FS_READ_DIR;
	const struct pattern_move found =
		ruleset_pattern_move(move->ruleset, from, to);
	const rights_t left =
		found.left &
		(move->accesses->named ? move->accesses->kept[move->from]
				       : RIGHTS_REMOVE);

	if (!(found.gained & (used | RIGHTS_REMOVE)) && !left &&
	    !(found.met & RIGHTS_MAKE))
		return;
	gain->any = gain->denied = gain->elsewhere = true;
}

/* By all names of the two that are not of something beneath them. */
static void visit_patterns(struct gain *gain, const struct gain_move *move)
{
	const struct accesses *accesses = move->accesses;
	const char *const from = accesses->needs[move->from].object.bytes;
	const char *const to = accesses->needs[move->to].object.bytes;

	look_at_patterns(gain, move, from, to);
	for (size_t i = 0; i < accesses->aliases_count; i++) {
		const struct alias *alias = &accesses->aliases[i];

		if (alias->need == move->from)
			look_at_patterns(gain, move, alias->path, to);
		else if (alias->need == move->to)
			look_at_patterns(gain, move, from, alias->path);
	}
}

void gain_init(struct gain *gain)
{
	memset(gain, 0, offsetof(struct gain, beneath));
}

void gain_add(struct gain *gain, const struct gain_move *move)
{
	if (!move->directory) {
		miss(gain, move, move->from, "",
		     RIGHTS_OF_FILES & allowed(move, move->to, "") &
			     ~allowed(move, move->from, ""));
		return;
	}
	compare(gain, move, ANYTHING);
	compare(gain, move, "");
	visit_names(gain, move, move->from);
	visit_names(gain, move, move->to);
	visit_patterns(gain, move);
}
