/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decisions: outcome x lifetime x scope x rights.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/request.h"
#include "core/rule.h"

enum outcome {
	OUTCOME_DENY,
	OUTCOME_ALLOW,
};

enum lifetime {
	LIFETIME_ONCE,	  /* this request; makes no rule */
	LIFETIME_PROCESS, /* the process that asked and its threads */
	LIFETIME_SESSION, /* this domain, until it ends */
	LIFETIME_UNTIL,	  /* persisted, until a time */
	LIFETIME_ALWAYS,  /* persisted */
	LIFETIMES_,
};

struct decision {
	enum outcome outcome;
	/*
	 * Nobody was there to ask: a denial, once, that is no answer of
	 * anybody's.
	 */
	bool unanswered;
	enum lifetime lifetime;
	int64_t until; /* LIFETIME_UNTIL: seconds since the epoch */
	/*
	 * Scope: NULL for the objects of the request themselves, else a
	 * canonical path: the hierarchy beneath it, which must contain every
	 * path of the request (else those keep the object scope). Owned.
	 */
	char *beneath;
	bool port_alone; /* of a port: whatever the address */
	rights_t rights; /* 0: just those that are missing; never fewer */
	char *agent;	 /* who decided, for provenance; owned, may be NULL */
};

void decision_finish(struct decision *decision);
int decision_copy(struct decision *ret, const struct decision *decision);

/*
 * Parses "OUTCOME[:LIFETIME[:SCOPE]]", the argument of --answer: outcome
 * "allow" or "deny"; lifetime "once" (the default), "process", "session",
 * "always", or a duration "30s", "10m", "2h", "7d" that starts at @now; scope
 * "object" (the default), "beneath:/absolute/path", or "port": of a port that is
 * asked for with every address.
 * Returns: 0, -EINVAL (*ret_expected says what was expected), -ENOMEM.
 */
int decision_parse(const char *text, int64_t now, struct decision *ret,
		   const char **ret_expected);

/*
 * The user-layer rules that a decision makes of a request (none for
 * LIFETIME_ONCE, nor for LIFETIME_PROCESS when the process is not known).
 * @now: seconds since the epoch, for the origin
 * Returns: 0, -EINVAL when decision->beneath is not canonical, -ENOMEM.
 */
int decision_rules(const struct decision *decision,
		   const struct request *request, int64_t now,
		   struct rules *ret);

const char *lifetime_name(enum lifetime lifetime);
const char *outcome_name(enum outcome outcome);

/* Parses "30s", "10m", "2h", "7d". Returns: 0 or -EINVAL. */
int duration_parse(const char *text, int64_t *ret_seconds);
