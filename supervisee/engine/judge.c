/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging accesses: see judge.h. */
#include "engine/judge.h"

#include <errno.h>

static int denial_error(const struct judged_detail *detail, bool elsewhere)
{
	rights_t missing = 0;

	for (size_t i = 0; i < detail->missing_count; i++)
		missing |= detail->missing[i].rights;
	/* As Landlock: a forbidden reparenting alone looks like another file
	 * system, so that programs copy instead. */
	if (missing == RIGHT_FS_REFER || elsewhere)
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

enum judged judge_refuse(const struct accesses *accesses,
			 struct judged_detail *ret_detail)
{
	for (size_t i = 0; i < accesses->count; i++)
		ret_detail->missing[i] = accesses->needs[i];
	ret_detail->missing_count = accesses->count;
	ret_detail->error = denial_error(ret_detail, false);
	ret_detail->by_rule = false;
	return JUDGED_DENIED;
}

static void miss(struct judged_detail *detail, const struct need *need,
		 rights_t rights)
{
	detail->missing[detail->missing_count] = *need;
	detail->missing[detail->missing_count++].rights = rights;
}

/* Adds what is missing beneath what is moved. */
static void miss_beneath(struct judged_detail *detail)
{
	for (size_t i = 0; i < detail->gain.count; i++) {
		struct need need = {.object = {.type = OBJECT_PATH},
				    .place = -1};

		need.object.bytes = detail->gain.beneath[i].path;
		need.object.length = detail->gain.beneath[i].length;
		miss(detail, &need, detail->gain.beneath[i].rights);
	}
}

/* What is moved needs what it gains. */
static void look_at_move(struct gain *gain, struct gain_move move)
{
	const struct accesses *accesses = move.accesses;

	gain_init(gain);
	if (!accesses->reparents || accesses->count != 2)
		return;
	for (unsigned int i = 0; i <= accesses->exchanges; i++) {
		move.from = i;
		move.to = !i;
		move.directory = accesses->directories[i];
		gain_add(gain, &move);
	}
}

enum judged judge(const struct ruleset *ruleset,
		  const struct accesses *accesses, struct process_id process,
		  struct judged_detail *ret_detail)
{
	const struct gain_move move = {
		.ruleset = ruleset,
		.accesses = accesses,
		.to = 1,
		.process = process,
	};
	bool denied;

	if (accesses->impossible)
		return judge_refuse(accesses, ret_detail);
	look_at_move(&ret_detail->gain, move);
	denied = ret_detail->gain.denied;
	ret_detail->missing_count = 0;
	for (unsigned int i = 0; i < accesses->count; i++) {
		const struct need *need = &accesses->needs[i];
		const rights_t gained = i < 2 ? ret_detail->gain.here[i] : 0;
		const struct judgement judgement =
			gain_judge(&move, i, "", need->rights | gained);
		const rights_t missing =
			missing_of(need, &judgement) |
			(ret_detail->gain.elsewhere ? RIGHT_FS_REFER : 0);

		if (!missing)
			continue;
		denied = denied || judgement.denied;
		miss(ret_detail, need, missing);
	}
	miss_beneath(ret_detail);
	ret_detail->error =
		denial_error(ret_detail, ret_detail->gain.elsewhere);
	ret_detail->by_rule = denied;
	if (denied)
		return JUDGED_DENIED;
	return ret_detail->missing_count ? JUDGED_ASKED : JUDGED_ALLOWED;
}

/* Whether any kind of object may leave one name and get the other. */
static bool moves_any(struct gain_move move, rights_t leaving,
		      rights_t arriving)
{
	struct gain gain;

	gain_init(&gain);
	leaving |= move.accesses->needs[move.from].rights;
	arriving |= move.accesses->needs[move.to].rights;
	if (gain_judge(&move, move.from, "", leaving).allowed != leaving ||
	    gain_judge(&move, move.to, "", arriving).allowed != arriving)
		return false;
	gain_add(&gain, &move);
	move.directory = true;
	gain_add(&gain, &move);
	return !gain.any;
}

bool judge_moves_any(const struct ruleset *ruleset,
		     const struct accesses *accesses, bool replaces,
		     struct process_id process)
{
	const rights_t make = RIGHTS_CREATE & ~RIGHT_FS_REFER;
	const rights_t both = make | RIGHTS_REMOVE;
	const struct gain_move there = {
		.ruleset = ruleset,
		.accesses = accesses,
		.to = 1,
		.process = process,
	};
	struct gain_move back = there;

	back.from = 1;
	back.to = 0;
	/* Something else may lie there by then, with other names. */
	if (accesses->aliases_count)
		return false;
	if (accesses->exchanges)
		return moves_any(there, both, both) &&
		       moves_any(back, both, both);
	return moves_any(there, RIGHTS_REMOVE, replaces ? both : make);
}
