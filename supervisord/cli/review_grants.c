/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What answers have granted: see review_grants.h. */
#include "cli/review_grants.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/timestamp.h"
#include "cli/policy_view.h"
#include "cli/revoke.h"
#include "cli/rule_table.h"
#include "trace/suggest_plan.h"

static bool is_reviewed(const struct rule *rule)
{
	return rule->effect == EFFECT_ALLOW && rule->expires == 0;
}

/* An origin is "AGENT, TIME". Returns: microseconds; 0: not known. */
static int64_t time_of(const struct rule *rule)
{
	const char *comma = rule->origin ? strrchr(rule->origin, ',') : NULL;
	int64_t seconds;

	if (!comma || comma[1] != ' ' || time_parse(comma + 2, &seconds) < 0)
		return 0;
	return seconds * 1000000;
}

int review_grants_read(struct suggesting *suggesting, const char *app)
{
	_cleanup_(rules_finish) struct rules rules = {0};
	const struct replay_policy *policy;
	int error = suggesting_use_policy(suggesting, app, &policy);

	if (!error)
		error = view_kept(app, &rules);
	for (size_t i = 0; !error && i < rules.count; i++)
		if (is_reviewed(&rules.items[i]))
			error = suggest_take_rule(
				suggesting->suggest, &rules.items[i],
				getenv("HOME"), time_of(&rules.items[i]));
	if (error)
		fprintf(stderr, "landlord review: the grants of %s: %s\n", app,
			strerror(-error));
	return error;
}

/* Whether a suggestion was made of this grant, among others. */
static bool is_about(const struct suggestion *suggestion,
		     const struct object *object)
{
	_cleanup_free_ char *path = NULL, *real = NULL;
	const struct suggest_options options = {.home = getenv("HOME")};

	if (!suggestion->node)
		return object_equal(&suggestion->object->object, object);
	path = evidence_path(suggestion->node);
	real = path ? suggest_real_path(&options, path) : NULL;
	if (!real || object->type != OBJECT_PATH)
		return false;
	return suggestion->whole ? path_is_beneath(object->bytes, real)
				 : strcmp(object->bytes, real) == 0;
}

static bool is_rejected(const struct review *review, const struct rule *rule)
{
	rights_t rejected = 0;

	for (size_t i = 0; i < review->count; i++) {
		const struct review_item *item = &review->items[i];

		if (item->verdict == VERDICT_REJECTED &&
		    is_about(&item->suggestion, &rule->object))
			rejected |= item->suggestion.evidence.rights;
	}
	return !(rule->rights & ~rejected);
}

static int revoke(const char *app, const struct rule *rule)
{
	_cleanup_free_ char *sentence = NULL, *text = rule_describe(rule);
	bool told;
	const int error = revoke_grant(app, rule->id, &sentence, &told);

	if (error && error != -ENOENT) {
		fprintf(stderr, "landlord review: %s was not taken back: %s\n",
			rule->id, sentence ? sentence : strerror(-error));
		return error;
	}
	printf("revoked: %s\n", text ? text : rule->id);
	return 0;
}

int review_grants_revoke(const struct review *review, const char *app)
{
	_cleanup_(rules_finish) struct rules rules = {0};
	int result = view_kept(app, &rules);

	for (size_t i = 0; result >= 0 && i < rules.count; i++) {
		const struct rule *rule = &rules.items[i];
		int error = 0;

		if (is_reviewed(rule) && is_rejected(review, rule))
			error = revoke(app, rule);
		if (error && error != -ENOENT)
			result = error;
	}
	return result;
}
