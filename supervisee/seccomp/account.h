/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounts: jobs in the words of the decider, which records or answers them.
 */
#pragma once

#include "core/request.h"
#include "engine/judge.h"

struct job;

/*
 * Makes a request of a job.
 * @ret: request_finish() in any case
 * Returns: 0 or -ENOMEM.
 */
int account_request(const struct job *job, const struct judged_detail *detail,
		    struct request *ret);

/* Tells that it is refused. @reason: NULL: by a rule */
void account_refused(const struct job *job, const struct judged_detail *detail,
		     const char *reason);

/*
 * Tells what the rules allow without a question, and who is let execute what;
 * where nobody records that, it costs nothing.
 * @asked: there was a question
 */
void account_allowed(const struct job *job, bool asked);
