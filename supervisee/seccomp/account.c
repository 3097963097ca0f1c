/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Accounts: see account.h. */
#include "seccomp/account.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "engine/question.h"
#include "operation/call.h"
#include "operation/flag_words.h"
#include "operation/operations.h"
#include "seccomp/job.h"
#include "seccomp/state.h"

/* The path that has led to an object, as the program had it; NULL: none. */
static const char *given_of(const struct notif *notif,
			    const struct object *object)
{
	if (object->type != OBJECT_PATH)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(notif->pins); i++) {
		const struct pin *pin = &notif->pins[i];

		if (pin->length > 0 && pin->length == object->length &&
		    memcmp(pin->path, object->bytes, pin->length) == 0)
			return notif->paths[i];
	}
	return NULL;
}

static int add_details(const struct notif *notif,
		       const struct judged_detail *detail, struct request *ret)
{
	int error = flag_words(notif, &ret->flags);

	for (size_t i = 0; !error && i < ret->accesses_count; i++) {
		struct access *access = &ret->accesses[i];
		const char *given = given_of(notif, &access->object);

		access->device = detail->missing[i].device;
		access->inode = detail->missing[i].inode;
		error = given && *given ? text_copy(&access->given, given) : 0;
	}
	return error;
}

int account_request(const struct job *job, const struct judged_detail *detail,
		    struct request *ret)
{
	const struct target target = {
		.tid = job->notif.tid,
		.monitor = job->seccomp->monitor,
		.operation = job->notif.call->name,
	};
	const int error = question_make(ret, &target,
					job->seccomp->engine.ruleset, detail);

	return error ? error : add_details(&job->notif, detail, ret);
}

void account_refused(const struct job *job, const struct judged_detail *detail,
		     const char *reason)
{
	struct decider *decider = job->seccomp->decider;
	struct request request;

	if (!decider->ops->refused)
		return;
	if (!account_request(job, detail, &request))
		decider->ops->refused(decider, &request, reason);
	request_finish(&request);
}

/* A request of all that is needed. */
static int account_needs(const struct job *job, struct request *ret)
{
	const struct accesses *accesses = &job->notif.accesses;
	struct judged_detail detail;

	detail.missing_count = accesses->count;
	memcpy(detail.missing, accesses->needs,
	       accesses->count * sizeof(*accesses->needs));
	return account_request(job, &detail, ret);
}

/* One that only asks whether it could is none. */
static bool is_execution(const struct notif *notif)
{
	return notif->call->operation == &operation_exec &&
	       operation_exec.redirected(notif);
}

void account_allowed(const struct job *job, bool asked)
{
	struct decider *decider = job->seccomp->decider;
	const struct decider_ops *ops = decider->ops;
	const bool allowed = ops->allowed && !asked;
	const bool executes = ops->executes && is_execution(&job->notif);
	struct request request;

	if ((!allowed && !executes) || job->notif.accesses.count == 0)
		return;
	if (!account_needs(job, &request)) {
		if (allowed)
			ops->allowed(decider, &request);
		if (executes)
			ops->executes(decider, &request);
	}
	request_finish(&request);
}
