/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/grant_filter.h"

#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "core/decision.h"
#include "core/glob.h"
#include "policy/policy.h"
#include "store/grant.h"

bool grant_filter_take(struct grant_filter *filter, int option)
{
	enum effect effect;

	switch (option) {
	case OPTION_OLDER:
		return duration_parse(optarg, &filter->older) == 0;
	case OPTION_UNUSED:
		return duration_parse(optarg, &filter->unused) == 0;
	case OPTION_BY:
		filter->by = optarg;
		return true;
	case OPTION_OBJECT:
		filter->object = optarg;
		return true;
	case OPTION_EFFECT:
		filter->effect = optarg;
		return effect_parse(optarg, &effect) == 0;
	default:
		return false;
	}
}

bool grant_filter_is_set(const struct grant_filter *filter)
{
	return filter->older || filter->unused || filter->by ||
	       filter->object || filter->effect;
}

int grant_filter_begin(struct grant_filter *filter, const char *app)
{
	struct policy_options options;

	policy_options_default(&options);
	filter->now = time(NULL);
	filter->usage = (struct usage){0};
	return options.grants_dir
		       ? usage_read(options.grants_dir, app, &filter->usage)
		       : 0;
}

/* What is not known to be old is not. */
static bool is_old(const struct grant_filter *filter, int64_t time)
{
	if (filter->older && filter->now - time < filter->older)
		return false;
	return !filter->unused ||
	       (filter->now - time >= filter->unused &&
		filter->now - filter->usage.last >= filter->unused);
}

static bool is_by(const struct grant_filter *filter, const char *origin,
		  size_t length)
{
	_cleanup_free_ char *agent =
		filter->by ? strndup(origin, length) : NULL;

	return !filter->by || (agent && glob_match(filter->by, agent));
}

static bool is_about(const struct grant_filter *filter,
		     const struct object *object)
{
	_cleanup_free_ char *text =
		filter->object ? object_format(object) : NULL;

	return !filter->object || (text && glob_match(filter->object, text));
}

bool grant_filter_matches(void *userdata, const struct rule *rule)
{
	const struct grant_filter *const filter = userdata;
	size_t agent;
	int64_t time;

	if (!rule->origin ||
	    grant_parse_origin(rule->origin, &agent, &time) < 0)
		return false;
	return is_old(filter, time) && is_by(filter, rule->origin, agent) &&
	       is_about(filter, &rule->object) &&
	       (!filter->effect ||
		strcmp(effect_name(rule->effect), filter->effect) == 0);
}

void grant_filter_apply(struct grant_filter *filter, struct rules *rules)
{
	size_t kept = 0;

	for (size_t i = 0; i < rules->count; i++)
		if (grant_filter_matches(filter, &rules->items[i]))
			rules->items[kept++] = rules->items[i];
		else
			rule_finish(&rules->items[i]);
	rules->count = kept;
}
