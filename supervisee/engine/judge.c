// SPDX-License-Identifier: GPL-2.0-or-later
/* Judging a trap: see judge.h. */
#include "engine/judge.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

/* Rights that matter for something that is not a directory. */
#define RIGHTS_OF_FILES                                                \
	(RIGHT_FS_EXECUTE | RIGHT_FS_WRITE_FILE | RIGHT_FS_READ_FILE | \
	 RIGHT_FS_TRUNCATE | RIGHT_FS_IOCTL_DEV | RIGHT_FS_RESOLVE_UNIX)

/*
 * What may be done beneath a directory: where rules name something there, it
 * could be anything.
 */
static rights_t allowed_beneath(const struct ruleset *ruleset,
				const struct need *need, pid_t pid,
				uint64_t pid_start)
{
	char path[PATH_MAX + 2];
	int length;

	if (ruleset_names_beneath(ruleset, need->object.bytes,
				  need->object.length))
		return RIGHTS_FS;
	length = snprintf(path, sizeof(path), "%s/*", need->object.bytes);

	return ruleset_judge_path(ruleset, path, (size_t)length, RIGHTS_FS, pid,
				  pid_start)
		.allowed;
}

/*
 * Landlock's rule for moving or linking a file elsewhere: what it could not be
 * used for where it is, it must not be used for where it goes. Here the rights
 * that it would gain are needed on the file itself, and so can be asked for.
 * Rules of ours are bound to names, so a directory that is renamed in its
 * place must not leave behind a rule about something beneath it either.
 */
static rights_t gained_rights(const struct ruleset *ruleset,
			      const struct need *from, const struct need *to,
			      bool directory, pid_t pid, uint64_t pid_start)
{
	if (directory)
		return allowed_beneath(ruleset, to, pid, pid_start) &
		       ~ruleset_uniform_path(ruleset, from->object.bytes,
					     from->object.length, NULL);
	return RIGHTS_OF_FILES &
	       ruleset_judge(ruleset, &to->object, RIGHTS_FS, pid, pid_start)
		       .allowed &
	       ~ruleset_judge(ruleset, &from->object, RIGHTS_FS, pid, pid_start)
			.allowed;
}

/* The needs of a trap, those of its reparenting included. */
static size_t collect_needs(const struct ruleset *ruleset,
			    const struct trap *trap, pid_t pid,
			    uint64_t pid_start,
			    struct need needs[REQUEST_ACCESSES_MAX])
{
	const size_t count = trap->needs_count;

	for (size_t i = 0; i < count; i++)
		needs[i] = trap->needs[i];
	if (trap->reparents && count == 2) {
		needs[0].rights |= gained_rights(
			ruleset, &trap->needs[0], &trap->needs[1],
			S_ISDIR(trap->pins[0].stat.st_mode), pid, pid_start);
		if (trap->exchanges)
			needs[1].rights |= gained_rights(
				ruleset, &trap->needs[1], &trap->needs[0],
				S_ISDIR(trap->pins[1].stat.st_mode), pid,
				pid_start);
	}
	return count;
}

static bool kernel_allows(const struct static_layer *layer,
			  const struct need *need)
{
	return need->object.type == OBJECT_PATH &&
	       static_layer_covers(layer, need->object.bytes,
				   need->object.length, need->rights,
				   need->device, need->inode);
}

static int denial_error(const struct verdict_detail *detail)
{
	rights_t missing = 0;

	for (size_t i = 0; i < detail->missing_count; i++)
		missing |= detail->missing[i].rights;
	/* As Landlock: a forbidden reparenting alone looks like another file
	 * system, so that programs copy instead. */
	if (missing == RIGHT_FS_REFER)
		return -EXDEV;
	if (missing & (RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET | RIGHT_SCOPE_SIGNAL |
		       RIGHT_PTRACE | RIGHT_PERM_CAPABILITY_USE |
		       RIGHT_PERM_NAMESPACE_ENTER))
		return -EPERM;
	return -EACCES;
}

/*
 * What a rule would have to allow. A socket that has a path is reached where a
 * rule allows the path, whatever its scope; within the domain where no rule
 * denies it.
 */
static rights_t missing_of(const struct need *need,
			   const struct judgement *judgement)
{
	rights_t asked = need->within ? 0 : judgement->asked;

	if (judgement->allowed & RIGHT_FS_RESOLVE_UNIX)
		asked &= ~RIGHT_SCOPE_PATHNAME_UNIX_SOCKET;
	return judgement->denied | asked;
}

/* Whatever the rules say. */
static enum verdict refuse(const struct need *needs, size_t count,
			   struct verdict_detail *ret_detail)
{
	for (size_t i = 0; i < count; i++)
		ret_detail->missing[i] = needs[i];
	ret_detail->missing_count = count;
	ret_detail->error = denial_error(ret_detail);
	ret_detail->by_rule = false;
	return VERDICT_DENY;
}

enum verdict judge(const struct ruleset *ruleset,
		   const struct static_layer *layer, const struct trap *trap,
		   pid_t pid, uint64_t pid_start,
		   struct verdict_detail *ret_detail)
{
	struct need needs[REQUEST_ACCESSES_MAX];
	const size_t count =
		collect_needs(ruleset, trap, pid, pid_start, needs);
	bool native = !(trap->exposed & ~static_layer_held(layer));
	bool denied = false;

	if (trap->impossible)
		return refuse(needs, count, ret_detail);
	ret_detail->missing_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct judgement judgement =
			ruleset_judge(ruleset, &needs[i].object,
				      needs[i].rights, pid, pid_start);
		const rights_t missing = missing_of(&needs[i], &judgement);

		native = native && (trap->in_registers ||
				    kernel_allows(layer, &needs[i]));
		if (!missing)
			continue;
		denied = denied || judgement.denied;
		ret_detail->missing[ret_detail->missing_count] = needs[i];
		ret_detail->missing[ret_detail->missing_count++].rights =
			missing;
	}
	ret_detail->error = denial_error(ret_detail);
	ret_detail->by_rule = denied;
	if (denied)
		return VERDICT_DENY;
	if (ret_detail->missing_count)
		return trap->native_only ? VERDICT_DENY : VERDICT_ASK;
	if (native)
		return VERDICT_NATIVE;
	if (!trap->native_only)
		return VERDICT_PERFORM;
	return refuse(needs, count, ret_detail);
}

/* Whether any kind of object may leave one name and get the other. */
static bool moves_any(const struct ruleset *ruleset, const struct need *from,
		      const struct need *to, rights_t leaving,
		      rights_t arriving, pid_t pid, uint64_t pid_start)
{
	leaving |= from->rights;
	arriving |= to->rights;
	return ruleset_judge(ruleset, &from->object, leaving, pid, pid_start)
			       .allowed == leaving &&
	       ruleset_judge(ruleset, &to->object, arriving, pid, pid_start)
			       .allowed == arriving &&
	       !gained_rights(ruleset, from, to, false, pid, pid_start) &&
	       !gained_rights(ruleset, from, to, true, pid, pid_start);
}

bool judge_moves_any(const struct ruleset *ruleset, const struct trap *trap,
		     pid_t pid, uint64_t pid_start)
{
	const struct need *from = &trap->needs[0], *to = &trap->needs[1];
	const rights_t make = RIGHTS_CREATE & ~RIGHT_FS_REFER;
	const rights_t both = make | RIGHTS_REMOVE;
	const bool replaces = trap->pins[1].target >= 0;

	if (trap->exchanges)
		return moves_any(ruleset, from, to, both, both, pid,
				 pid_start) &&
		       moves_any(ruleset, to, from, both, both, pid, pid_start);
	return moves_any(ruleset, from, to, RIGHTS_REMOVE,
			 replaces ? both : make, pid, pid_start);
}
