/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decisions on inquiries: they become rules, which are committed, and kept if
 * they are to outlive the domain, before anybody gets the answer.
 */
#pragma once

#include "supervision/inquiry.h"

/*
 * Ends an inquiry by a decision, now or when its rules are in force. For those
 * whom it does not concern there may be another one then, HELD.
 */
void inquiry_decide(struct inquiry *inquiry, const struct decision *decision);

/*
 * The rules that a decision makes of a request; see decision_rules().
 * @ret: the caller finishes them, whatever is returned
 */
int decide_rules(const struct decision *decision, const struct request *request,
		 int64_t now, struct rules *ret);
