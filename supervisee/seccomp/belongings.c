/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is the tree's own: see belongings.h. */
#include "seccomp/belongings.h"

#include <stdio.h>
#include <string.h>

#include "engine/creations.h"
#include "operation/call.h"
#include "operation/pty_owner.h"
#include "seccomp/job.h"
#include "seccomp/state.h"

/* Whether a terminal is opened of which the tree has the other end. */
static bool is_own_terminal(struct job *job, const struct judged_detail *detail)
{
	const rights_t rights =
		RIGHT_FS_READ_FILE | RIGHTS_WRITE | RIGHT_FS_IOCTL_DEV;
	const struct pin *pin = &job->notif.pins[0];
	const struct accesses *accesses = &job->notif.accesses;
	struct judgement refused;

	if (!job->notif.opens_device || accesses->count != 1 ||
	    accesses->impossible || accesses->aliases_count ||
	    detail->missing_count != 1 || detail->missing[0].rights & ~rights ||
	    job->seccomp->own_mounts || !pty_owner_concerns(&pin->stat))
		return false;
	refused = ruleset_refused(job->seccomp->engine.ruleset, pin->path,
				  pin->length, rights, PROCESS_NONE);
	job->own_terminal = !refused.denied && !refused.asked &&
			    pty_owner_find(job->seccomp->monitor, &pin->stat);
	return job->own_terminal;
}

bool belongings_cover(struct job *job, const struct judged_detail *detail)
{
	const struct seccomp *seccomp = job->seccomp;

	return creations_covers(seccomp->creations, seccomp->engine.ruleset,
				&job->notif.accesses, detail, job->process) ||
	       is_own_terminal(job, detail);
}

/*
 * Keeps in mind what the tree has made, unless rules let it be used anyway. What
 * has only been given a name may be another object by now: that was not born
 * since.
 */
static void note_made(const struct job *job)
{
	const rights_t uses =
		RIGHTS_READ | RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE;
	const struct pin *pin = &job->notif.pins[0];
	char name[NAME_MAX + 1];

	if (ruleset_judge_path(job->seccomp->engine.ruleset, pin->path,
			       pin->length, uses, PROCESS_NONE)
		    .allowed == uses)
		return;
	if (job->notif.result_fd >= 0) {
		creations_add(job->seccomp->creations, job->notif.result_fd, "",
			      0);
		return;
	}
	/* Behind a slash a link would be followed. */
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(pin->name, "/"),
		 pin->name);
	if (*name)
		creations_add(job->seccomp->creations, pin->parent, name,
			      job->makes_since);
}

/* Whatever has lost its name by the call. */
static void note_removed(const struct job *job)
{
	const struct notif *notif = &job->notif;
	const struct operation *operation = notif->call->operation;
	const struct pin *pin = &notif->pins[operation->moves];

	if ((!operation->removes && !operation->moves) ||
	    notif->accesses.exchanges || pin->fd < 0)
		return;
	if (S_ISDIR(pin->stat.st_mode) || pin->stat.st_nlink <= 1)
		creations_remove(job->seccomp->creations, pin->stat.st_dev,
				 pin->stat.st_ino, S_ISDIR(pin->stat.st_mode));
}

void belongings_note(const struct job *job)
{
	if (job->makes_since)
		note_made(job);
	else
		note_removed(job);
}
