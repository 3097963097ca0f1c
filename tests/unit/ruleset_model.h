/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model of rulesets: a reference that reads the precedence of rule.h off one
 * rule after the other, and random rules to hold the rulesets against it.
 */
#pragma once

#include "base/clock.h"
#include "core/ruleset.h"
#include "unit.h"

#define NOW 1000
#define RIGHTS_TRIED 3

/* Rules end by this clock, which says model_now (seconds) when it is asked. */
extern int64_t model_now;
extern const struct clock model_clock;

/* What ruleset_uniform() has reported. */
struct model_reported {
	const struct rules *rules;
	char paths[256][32];
	rights_t rights[256];
	bool here_only[256];
	size_t count;
};

/* A path of up to four components out of few, so that rules meet. */
void model_path(uint64_t *seed, char path[static 32]);

/* A pattern out of the same, and wildcards. */
void model_pattern(uint64_t *seed, char pattern[static 32]);

/* Whether a pattern matches a path itself. */
bool model_matches(const char *pattern, const char *path);

void model_add_rule(struct rules *rules, uint64_t *seed);

enum effect model_judge(const struct rules *rules, const char *path,
			rights_t right, pid_t pid, int64_t now);

int model_report(void *userdata, const struct object *object, rights_t rights,
		 rights_t here);

/* Every path of the alphabet, and one name that no rule has. */
void model_check(const struct ruleset *ruleset, const struct rules *rules,
		 const struct model_reported *reported, char *path, int depth);
