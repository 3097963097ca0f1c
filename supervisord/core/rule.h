/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules: what one layer of policy says of one object.
 *
 * Precedence, highest first (see ruleset.h for how it is evaluated):
 * administrator deny, administrator allow, user deny, user allow, ask (of any
 * layer), vendor allow; what no rule mentions is asked. Within one layer the
 * most specific object wins; at equal specificity deny, then allow, then ask.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/object.h"
#include "core/right.h"

enum layer {
	LAYER_ADMIN,
	LAYER_USER, /* hand-written files, persisted and session grants */
	LAYER_VENDOR,
	LAYERS_,
};

enum effect {
	EFFECT_DENY,
	EFFECT_ALLOW,
	EFFECT_ASK,
	/*
	 * Asked for even where a broader rule of its layer allows; what a
	 * broader one denies stays denied. Built in, and in no file.
	 */
	EFFECT_GUARD,
	EFFECTS_,
};

struct rule {
	enum layer layer;
	enum effect effect;
	rights_t rights;
	struct object object; /* owned */
	bool beneath;	      /* PATH: the hierarchy, not only the object */
	/*
	 * A rule for one process only (lifetime "process"): its pid and start
	 * time in clock ticks since boot (field 22 of proc_pid_stat(5)).
	 * 0 and 0 for every process of the domain.
	 */
	pid_t pid;
	uint64_t pid_start;
	int64_t expires; /* seconds since the epoch; 0: never */
	char *origin;	 /* "FILE:LINE", or "AGENT, TIME"; owned */
	char *id;	 /* what `landlord revoke` takes; owned, or NULL */
};

/* Deep copy. Returns: 0 or -ENOMEM (then *ret is zeroed). */
int rule_copy(struct rule *ret, const struct rule *rule);

/*
 * Whether it makes sense: its rights suit its object, and it is the user's if it
 * is for one process only. Others are in no ruleset.
 */
bool rule_is_valid(const struct rule *rule);

/* Releases what the rule owns; a zeroed rule is fine. */
void rule_finish(struct rule *rule);

/* A growing array of rules; zero it to start. */
struct rules {
	struct rule *items;
	size_t count, allocated;
};

/*
 * Moves a rule to the end of the array; *rule is zeroed on success.
 * Returns: 0 or -ENOMEM (the caller still owns the rule).
 */
int rules_take(struct rules *rules, struct rule *rule);

/* Appends deep copies of all rules of @from. Returns: 0 or -ENOMEM. */
int rules_append(struct rules *rules, const struct rules *from);

void rules_finish(struct rules *rules);

/* Whether two arrays have the same rules, origins and ids in the same order. */
bool rules_equal(const struct rules *a, const struct rules *b);

/*
 * Whether they mean the same, however the rights of an object are spread over
 * rules, and wherever these are from. False in doubt, or when memory is short.
 */
bool rules_same_effect(const struct rules *a, const struct rules *b);

/*
 * Finds the rules that only one of the two has in this sense.
 * @ret: gets the first @max of them, which are borrowed
 * Returns: how many there are, or rather more in doubt; SIZE_MAX when memory is
 *          short.
 */
size_t rules_difference(const struct rules *a, const struct rules *b,
			const struct rule **ret, size_t max);

/* "allow", "deny", "ask" and "admin", "user", "vendor". */
const char *effect_name(enum effect effect);
const char *layer_name(enum layer layer);
int effect_parse(const char *name, enum effect *ret);
int layer_parse(const char *name, enum layer *ret);
