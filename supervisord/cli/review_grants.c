/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What answers have granted: see review_grants.h. */
#include "cli/review_grants.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/*
 * Whether rules allow all of a grant by themselves; of a directory also what no
 * rule names in it.
 * Returns: 1, 0, -ENOMEM.
 */
static int is_allowed(const struct ruleset *files, const struct rule *grant)
{
	const struct object *object = &grant->object;
	struct judgement judgement =
		ruleset_judge(files, object, grant->rights, PROCESS_NONE);
	_cleanup_free_ char *within = NULL;
	int length;

	if (judgement.allowed != grant->rights || !grant->beneath)
		return judgement.allowed == grant->rights;
	length = asprintf(&within, "%s/\1",
			  object->bytes[1] ? object->bytes : "");
	if (length < 0) {
		within = NULL;
		return -ENOMEM;
	}
	judgement = ruleset_judge_path(files, within, (size_t)length,
				       grant->rights, PROCESS_NONE);
	return judgement.allowed == grant->rights;
}

/* The files alone: what is granted does not count for itself. */
static int compile_files(const char *app, struct ruleset **ret)
{
	_cleanup_(rules_finish) struct rules rules = {0};
	const int error = view_files(app, &rules);

	return error ? error : ruleset_new(ret, &rules, 0, time(NULL));
}

static int take_all(struct suggesting *suggesting, const struct rules *rules,
		    const struct ruleset *files)
{
	size_t allowed = 0;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->items[i];
		int result;

		if (!is_reviewed(rule))
			continue;
		result = is_allowed(files, rule);
		allowed += result > 0;
		if (result == 0)
			result = suggest_take_rule(suggesting->suggest, rule,
						   getenv("HOME"),
						   time_of(rule));
		if (result < 0)
			return result;
	}
	if (allowed > 0)
		fprintf(stderr,
			"landlord review: %zu grant%s left out: policy files "
			"allow the same\n",
			allowed, allowed == 1 ? " is" : "s are");
	return 0;
}

int review_grants_read(struct suggesting *suggesting, const char *app)
{
	_cleanup_(rules_finish) struct rules rules = {0};
	const struct replay_policy *policy;
	struct ruleset *files = NULL;
	int error = suggesting_use_policy(suggesting, app, &policy);

	if (!error)
		error = compile_files(app, &files);
	if (!error)
		error = view_kept(app, &rules);
	if (!error)
		error = take_all(suggesting, &rules, files);
	ruleset_unref(files);
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
