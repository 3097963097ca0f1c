/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inquiries: see pending_denial.h. */
#include "supervised/pending_denial.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/landlock_supervisor.h"
#include "engine/judge.h"
#include "engine/other_names.h"
#include "engine/question.h"
#include "operation/proc.h"
#include "supervised/committed.h"
#include "supervised/denial.h"
#include "supervised/details.h"
#include "supervised/named.h"
#include "supervised/once.h"
#include "supervised/parked.h"
#include "supervised/supervised_state.h"
#include "task/tree.h"

struct pending_denial {
	struct pending pending; /* while the decider is asked */
	struct supervised *supervised;
	struct event *gone; /* its process has ended */
	struct denial denial;
	struct parked parked;
	bool is_parked; /* that was read */
	struct accesses accesses;
	struct named_file files[DENIAL_OBJECTS_MAX];
};

static struct pending_denial *pending_denial_new(struct supervised *supervised,
						 struct denial *denial)
{
	struct pending_denial *inquiry = malloc(sizeof(*inquiry));

	if (!inquiry)
		return NULL;
	inquiry->pending = (struct pending){.refusal = -EACCES};
	inquiry->supervised = supervised;
	inquiry->gone = NULL;
	inquiry->denial = *denial;
	inquiry->is_parked = false;
	return inquiry;
}

static void pending_denial_free(struct pending_denial *inquiry)
{
	if (inquiry->gone)
		event_free(inquiry->gone);
	accesses_forget(&inquiry->accesses);
	named_finish(inquiry->files);
	denial_finish(&inquiry->denial);
	free(inquiry);
}

/* The only place that answers the kernel for one; it is gone afterwards. */
static void end(struct pending_denial *inquiry, enum landlock_answer answer)
{
	const int events = inquiry->supervised->events;
	const uint64_t cookie = inquiry->denial.cookie;

	/* Who has gone is told nothing; what cannot be allowed is denied. */
	if (landlock_event_answer(events, cookie, answer) == -EOPNOTSUPP)
		landlock_event_answer(events, cookie, LANDLOCK_ANSWER_DENY);
	pending_denial_free(inquiry);
}

/* What the thread is about to do again, read when it is asked for. */
static const struct parked *parked_of(struct pending_denial *inquiry)
{
	if (!inquiry->is_parked)
		parked_read(&inquiry->parked, inquiry->denial.tid);
	inquiry->is_parked = true;
	return &inquiry->parked;
}

static struct process_id process_of(const struct pending_denial *inquiry)
{
	return ruleset_has_process_rules(inquiry->supervised->engine.ruleset)
		       ? tree_process(inquiry->denial.tid)
		       : PROCESS_NONE;
}

static enum judged judge_inquiry(struct pending_denial *inquiry,
				 struct judged_detail *ret)
{
	struct supervised *supervised = inquiry->supervised;
	struct accesses *accesses = &inquiry->accesses;
	enum judged judged;

	if (other_names_suspected(supervised->wards, accesses))
		other_names_find(supervised->wards, accesses);
	judged = judge(supervised->engine.ruleset, accesses,
		       process_of(inquiry), ret);
	if (judged != JUDGED_DENIED &&
	    other_names_find(supervised->wards, accesses))
		judged = judge(supervised->engine.ruleset, accesses,
			       process_of(inquiry), ret);
	return judged;
}

/* What is allowed to one of a call's requests its next ones may rely on. */
static void remember(struct pending_denial *inquiry)
{
	const struct need *need = &inquiry->accesses.needs[0];

	/* What a call has made itself it may as well make empty. */
	if (inquiry->denial.operation == LANDLOCK_OPERATION_CREATE)
		once_add(inquiry->supervised->once, inquiry->denial.call,
			 &need->object, RIGHT_FS_TRUNCATE);
}

static int make_request(struct pending_denial *inquiry,
			const struct judged_detail *detail, struct request *ret)
{
	const struct denial *denial = &inquiry->denial;
	const struct target target = {
		.tid = denial->tid,
		.monitor = inquiry->supervised->monitor,
		.operation = parked_name(parked_of(inquiry), denial->operation),
	};

	const int error = question_make(
		ret, &target, inquiry->supervised->engine.ruleset, detail);

	return error ? error
		     : details_add(denial, parked_of(inquiry),
				   &inquiry->accesses, detail, ret);
}

/*
 * Tells of what is let execute by the kernel's asking: a program that the call
 * names. What rules in the kernel allow, it executes without a word.
 */
static void tell_execution(struct pending_denial *inquiry)
{
	struct decider *decider = inquiry->supervised->decider;
	struct judged_detail detail;
	struct request request;

	if (!decider->ops->executes || inquiry->accesses.count != 1 ||
	    !(inquiry->accesses.needs[0].rights & RIGHT_FS_EXECUTE))
		return;
	judge_refuse(&inquiry->accesses, &detail); /* all that is needed */
	if (!make_request(inquiry, &detail, &request) &&
	    request.accesses[0].given)
		decider->ops->executes(decider, &request);
	request_finish(&request);
}

static void allow(struct pending_denial *inquiry)
{
	remember(inquiry);
	tell_execution(inquiry);
	end(inquiry, LANDLOCK_ANSWER_ALLOW);
}

/* Allowed by rules, which the kernel may as well know. */
static void allow_by_rules(struct pending_denial *inquiry)
{
	struct supervised *supervised = inquiry->supervised;

	committed_add(supervised->committed, supervised->engine.ruleset,
		      supervised->wards, &inquiry->accesses);
	allow(inquiry);
}

/* Denies it, and tells the decider, for the record. */
static void refuse(struct pending_denial *inquiry,
		   const struct judged_detail *detail)
{
	struct decider *decider = inquiry->supervised->decider;
	struct request request;

	if (decider->ops->refused) {
		if (!make_request(inquiry, detail, &request))
			decider->ops->refused(
				decider, &request,
				detail->by_rule ? NULL
						: inquiry->accesses.reason);
		request_finish(&request);
	}
	end(inquiry, LANDLOCK_ANSWER_DENY);
}

static void withdraw(struct pending_denial *inquiry)
{
	struct supervised *supervised = inquiry->supervised;

	pending_remove(&supervised->pending, &inquiry->pending);
	supervised->decider->ops->withdraw(supervised->decider,
					   inquiry->pending.request_id);
	end(inquiry, LANDLOCK_ANSWER_DENY);
}

static void on_gone(evutil_socket_t fd, short what, void *userdata)
{
	(void)fd;
	(void)what;
	withdraw(userdata);
}

/* A process that has ended waits for nothing. */
static int watch(struct pending_denial *inquiry)
{
	if (inquiry->denial.pidfd < 0)
		return -ESRCH;
	inquiry->gone =
		event_new(inquiry->supervised->host->loop,
			  inquiry->denial.pidfd, EV_READ, on_gone, inquiry);
	return inquiry->gone && !event_add(inquiry->gone, NULL) ? 0 : -ENOMEM;
}

/*
 * One question for all that the call is going to ask: who makes a file by
 * opening it is asked about that as well.
 */
static void foresee(struct pending_denial *inquiry)
{
	struct need *need = &inquiry->accesses.needs[0];
	uint64_t flags;

	if (inquiry->denial.operation != LANDLOCK_OPERATION_CREATE ||
	    need->rights != RIGHT_FS_MAKE_REG)
		return;
	flags = parked_open_flags(parked_of(inquiry), inquiry->denial.tid);
	if (!(flags & O_CREAT))
		return;
	if ((flags & O_ACCMODE) != O_WRONLY)
		need->rights |= RIGHT_FS_READ_FILE;
	if ((flags & O_ACCMODE) != O_RDONLY)
		need->rights |= RIGHT_FS_WRITE_FILE;
}

/* Puts it to the decider; the answer may come before this returns. */
static void ask(struct pending_denial *inquiry, struct judged_detail *detail)
{
	struct supervised *supervised = inquiry->supervised;
	struct request request;
	int error;

	if (!pending_has_room(&supervised->pending)) {
		end(inquiry, LANDLOCK_ANSWER_DENY);
		return;
	}
	foresee(inquiry);
	judge_inquiry(inquiry, detail);
	error = make_request(inquiry, detail, &request);
	if (!error)
		error = watch(inquiry);
	if (!error)
		error = pending_ask(&supervised->pending, &inquiry->pending,
				    supervised->decider, &request);
	request_finish(&request);
	if (error)
		end(inquiry, LANDLOCK_ANSWER_DENY);
}

/* @final: it was asked about already; what is not allowed now is denied */
static void decide(struct pending_denial *inquiry, bool final)
{
	const struct once *once = inquiry->supervised->once;
	struct judged_detail detail;

	switch (judge_inquiry(inquiry, &detail)) {
	case JUDGED_ALLOWED:
		allow_by_rules(inquiry);
		break;
	case JUDGED_ASKED:
		if (once_covers(once, inquiry->denial.call, &detail))
			allow(inquiry);
		else if (final)
			end(inquiry, LANDLOCK_ANSWER_DENY);
		else
			ask(inquiry, &detail);
		break;
	case JUDGED_DENIED:
		if (final)
			end(inquiry, LANDLOCK_ANSWER_DENY);
		else
			refuse(inquiry, &detail);
		break;
	}
}

/* What a question was about was allowed once, to the whole of the call. */
static void allow_once(struct pending_denial *inquiry)
{
	struct judged_detail detail;

	if (judge_inquiry(inquiry, &detail) == JUDGED_DENIED) {
		end(inquiry, LANDLOCK_ANSWER_DENY);
		return;
	}
	for (size_t i = 0; i < detail.missing_count; i++)
		once_add(inquiry->supervised->once, inquiry->denial.call,
			 &detail.missing[i].object, detail.missing[i].rights);
	allow(inquiry);
}

bool pending_denial_answered(struct supervised *supervised, uint64_t request_id,
			     enum answer answer)
{
	struct pending *pending =
		pending_find(&supervised->pending, request_id);
	struct pending_denial *inquiry = (struct pending_denial *)pending;

	if (!pending)
		return false;
	pending_remove(&supervised->pending, pending);
	switch (answer) {
	case ANSWER_ALLOW_ONCE:
		allow_once(inquiry);
		break;
	case ANSWER_RETRY:
		decide(inquiry, true);
		break;
	case ANSWER_DENY:
		end(inquiry, LANDLOCK_ANSWER_DENY);
		break;
	}
	return true;
}

/* A thread waits for one thing at a time: what it has asked before is over. */
static void forget_former(struct supervised *supervised, pid_t tid)
{
	struct pending *pending, *next;

	for (pending = TAILQ_FIRST(&supervised->pending.all); pending;
	     pending = next) {
		next = TAILQ_NEXT(pending, link);
		if (((struct pending_denial *)pending)->denial.tid == tid)
			withdraw((struct pending_denial *)pending);
	}
}

/* A system call other than bind(2) that needs some port of its own. */
static bool binds_by_itself(struct pending_denial *inquiry)
{
	const struct need *need = &inquiry->accesses.needs[0];

	return need->rights == RIGHT_NET_BIND_UDP && !need->object.port &&
	       parked_of(inquiry)->number >= 0 &&
	       parked_of(inquiry)->number != SYS_bind;
}

/* Whoever decides must not be asked by whom he decides about. */
static bool is_control_socket(const struct pending_denial *inquiry)
{
	const char *path = inquiry->supervised->control_socket;
	const struct need *need = &inquiry->accesses.needs[0];
	struct stat st;

	if (!(need->rights & RIGHT_FS_RESOLVE_UNIX))
		return false;
	return strcmp(need->object.bytes, path) == 0 ||
	       (!stat(path, &st) && st.st_dev == need->device &&
		st.st_ino == need->inode);
}

/* Files of proc(5) that are more than their path says: see proc.h. */
static void look_at_proc(struct pending_denial *inquiry)
{
	static const struct object users = {
		.type = OBJECT_NAMESPACE,
		.namespaces = CLONE_NEWUSER,
	};
	struct need *need = &inquiry->accesses.needs[0];
	const pid_t monitor = inquiry->supervised->monitor;
	const int fd = inquiry->files[0].fd;
	const char *path = inquiry->files[0].path;

	if (!(need->rights & RIGHTS_WRITE) || fd < 0)
		return;
	if (proc_path_maps_users(path, fd, monitor)) {
		accesses_need(&inquiry->accesses, &users,
			      RIGHT_PERM_NAMESPACE_ENTER);
		need->rights &= ~RIGHTS_WRITE;
	} else if (proc_path_is_setting(path, fd, monitor)) {
		need->rights &= ~RIGHTS_WRITE;
	}
}

void pending_denial_begin(struct supervised *supervised, struct denial *denial)
{
	struct pending_denial *inquiry = pending_denial_new(supervised, denial);
	struct need *need;

	if (!inquiry) {
		landlock_event_answer(supervised->events, denial->cookie,
				      LANDLOCK_ANSWER_DENY);
		denial_finish(denial);
		return;
	}
	forget_former(supervised, inquiry->denial.tid);
	if (named_of_denial(&inquiry->denial, inquiry->files,
			    &inquiry->accesses) ||
	    is_control_socket(inquiry)) {
		end(inquiry, LANDLOCK_ANSWER_DENY);
		return;
	}
	look_at_proc(inquiry);
	need = &inquiry->accesses.needs[0];
	need->rights &= ~(once_rights(supervised->once, inquiry->denial.call,
				      &need->object) &
			  RIGHT_FS_TRUNCATE);
	if (binds_by_itself(inquiry))
		allow(inquiry);
	else
		decide(inquiry, false);
}

void pending_denial_deny(struct supervised *supervised)
{
	struct pending *pending;

	while ((pending = pending_take(&supervised->pending)))
		end((struct pending_denial *)pending, LANDLOCK_ANSWER_DENY);
}
