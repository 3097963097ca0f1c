/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pending denials: a denial of the kernel's that waits for an answer.
 *
 *	named	what it is about has a name and is held
 *	judged	the rules allow it: the kernel gets a rule, where one can
 *		say so, and the access goes on; they deny it: it fails;
 *	pends	or else the decider is asked, once for a system call
 *
 * The answer to what is allowed is ALLOW also where a rule has been committed:
 * that is about the very object that was judged, and does not depend on whether
 * the rule reaches it, as in another mount namespace. What is another object by
 * then is asked about anew.
 */
#pragma once

#include "core/decider.h"

struct denial;
struct pending_denial;
struct supervised;

/*
 * Begins one; it may be over when this returns.
 * @denial: taken over, what it points to as well
 */
void pending_denial_begin(struct supervised *supervised, struct denial *denial);

/* Goes on with the decider's answer, if it is one of these. Returns: that. */
bool pending_denial_answered(struct supervised *supervised, uint64_t request_id,
			     enum answer answer);

/* Denies all that pend. */
void pending_denial_deny(struct supervised *supervised);
