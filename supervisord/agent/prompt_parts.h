/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A question that is put, and what was chosen of it so far: for those who show
 * it, prompt_page.c and the desktop's dialog.
 */
#pragma once

#include <stdbool.h>

#include "agent/prompt.h"
#include "agent/scopes.h"

struct prompt {
	uint64_t id;
	char *app;
	struct request request;
	size_t waiting;
	int64_t deadline;
	int64_t kept_most; /* see struct question */
	bool terse;
	struct scopes scopes;
	size_t scope; /* the chosen one */
	bool wide;    /* more than the rights that are missing */
	const struct prompt_key *chosen; /* to be confirmed */
};

/* What a key answers. */
struct prompt_key {
	char key;
	enum outcome outcome;
	enum lifetime lifetime;
};

/*
 * Programs that write somewhere soon want to create, rename and remove there
 * too: who trusts them with a directory can say so once.
 */
struct breadth {
	rights_t rights;
	const char *words;
};

/* All rights that the request is short of. */
rights_t prompt_missing(const struct prompt *prompt);

/* What can be said at once of the chosen directory; NULL: nothing more. */
const struct breadth *prompt_wider(const struct prompt *prompt);

/*
 * The answer, about the scope that is chosen.
 * @agent: who gives it
 * Returns: 0 or -ENOMEM; decision_finish() it.
 */
int prompt_decide(const struct prompt *prompt, enum outcome outcome,
		  enum lifetime lifetime, const char *agent,
		  struct decision *ret);
