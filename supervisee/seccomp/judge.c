// SPDX-License-Identifier: GPL-2.0-or-later
/* Judging a trap: see judge.h. */
#include "seccomp/judge.h"

#include <errno.h>

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

static void miss(struct verdict_detail *detail, const struct need *need,
		 rights_t rights)
{
	detail->missing[detail->missing_count] = *need;
	detail->missing[detail->missing_count++].rights = rights;
}

/* Adds what is missing beneath what is moved. */
static void miss_beneath(struct verdict_detail *detail)
{
	for (size_t i = 0; i < detail->gain.count; i++) {
		struct need need = {.object = {.type = OBJECT_PATH}};

		need.object.bytes = detail->gain.beneath[i].path;
		need.object.length = detail->gain.beneath[i].length;
		miss(detail, &need, detail->gain.beneath[i].rights);
	}
}

/* What is moved needs what it gains. */
static void look_at_move(struct gain *gain, const struct trap *trap,
			 struct gain_move move)
{
	gain_init(gain);
	if (!trap->reparents || trap->needs_count != 2)
		return;
	for (unsigned int i = 0; i <= trap->exchanges; i++) {
		move.from = i;
		move.to = !i;
		move.directory = S_ISDIR(trap->pins[i].stat.st_mode);
		gain_add(gain, &move);
	}
}

enum verdict judge(const struct ruleset *ruleset,
		   const struct static_layer *layer, const struct trap *trap,
		   struct process_id process, struct verdict_detail *ret_detail)
{
	const struct gain_move move = {
		.ruleset = ruleset, .trap = trap, .to = 1, .process = process};
	const struct need *needs = trap->needs;
	const size_t count = trap->needs_count;
	bool native = !(trap->exposed & ~static_layer_held(layer)) &&
		      !trap->aliases_count;
	bool denied;

	if (trap->impossible)
		return refuse(needs, count, ret_detail);
	look_at_move(&ret_detail->gain, trap, move);
	denied = ret_detail->gain.denied;
	ret_detail->missing_count = 0;
	for (unsigned int i = 0; i < count; i++) {
		const rights_t gained = i < 2 ? ret_detail->gain.here[i] : 0;
		const struct judgement judgement =
			gain_judge(&move, i, "", needs[i].rights | gained);
		const rights_t missing = missing_of(&needs[i], &judgement);

		native = native && (trap->in_registers ||
				    kernel_allows(layer, &needs[i]));
		if (!missing)
			continue;
		denied = denied || judgement.denied;
		miss(ret_detail, &needs[i], missing);
	}
	miss_beneath(ret_detail);
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
static bool moves_any(struct gain_move move, rights_t leaving,
		      rights_t arriving)
{
	struct gain gain;

	gain_init(&gain);
	leaving |= move.trap->needs[move.from].rights;
	arriving |= move.trap->needs[move.to].rights;
	if (gain_judge(&move, move.from, "", leaving).allowed != leaving ||
	    gain_judge(&move, move.to, "", arriving).allowed != arriving)
		return false;
	gain_add(&gain, &move);
	move.directory = true;
	gain_add(&gain, &move);
	return !gain.any;
}

bool judge_moves_any(const struct ruleset *ruleset, const struct trap *trap,
		     struct process_id process)
{
	const rights_t make = RIGHTS_CREATE & ~RIGHT_FS_REFER;
	const rights_t both = make | RIGHTS_REMOVE;
	const bool replaces = trap->pins[1].target >= 0;
	const struct gain_move there = {
		.ruleset = ruleset, .trap = trap, .to = 1, .process = process};
	struct gain_move back = there;

	back.from = 1;
	back.to = 0;
	/* Something else may lie there by then, with other names. */
	if (trap->aliases_count)
		return false;
	if (trap->exchanges)
		return moves_any(there, both, both) &&
		       moves_any(back, both, both);
	return moves_any(there, RIGHTS_REMOVE, replaces ? both : make);
}
