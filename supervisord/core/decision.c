/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/decision.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "core/object_names.h"

/* Ten years: longer is "always", and no sum overflows. */
#define DURATION_MAX (INT64_C(3650) * 24 * 60 * 60)

static const char *const lifetime_names[LIFETIMES_] = {
	[LIFETIME_ONCE] = "once",	[LIFETIME_PROCESS] = "process",
	[LIFETIME_SESSION] = "session", [LIFETIME_UNTIL] = "until",
	[LIFETIME_ALWAYS] = "always",
};

const char *lifetime_name(enum lifetime lifetime)
{
	return lifetime_names[lifetime];
}

const char *outcome_name(enum outcome outcome)
{
	return outcome == OUTCOME_ALLOW ? "allow" : "deny";
}

void decision_finish(struct decision *decision)
{
	free(decision->beneath);
	free(decision->agent);
	*decision = (struct decision){0};
}

int decision_copy(struct decision *ret, const struct decision *decision)
{
	struct decision copy = *decision;

	copy.agent = NULL;
	if (text_copy(&copy.beneath, decision->beneath) < 0 ||
	    text_copy(&copy.agent, decision->agent) < 0) {
		decision_finish(&copy);
		*ret = copy;
		return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

int duration_parse(const char *text, int64_t *ret_seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {
		{'s', 1},
		{'m', 60},
		{'h', 3600},
		{'d', 86400},
	};
	const size_t length = strlen(text);
	char digits[12];
	int64_t number;

	if (length < 2 || length > sizeof(digits))
		return -EINVAL;
	memcpy(digits, text, length - 1);
	digits[length - 1] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (units[i].unit != text[length - 1])
			continue;
		if (number_parse(digits, DURATION_MAX / units[i].seconds,
				 &number) < 0 ||
		    number == 0)
			return -EINVAL;
		*ret_seconds = number * units[i].seconds;
		return 0;
	}
	return -EINVAL;
}

/* @ret_until: set for LIFETIME_UNTIL, else 0 */
static int parse_lifetime(const char *text, int64_t now, enum lifetime *ret,
			  int64_t *ret_until)
{
	int64_t seconds;

	for (size_t i = 0; i < LIFETIMES_; i++) {
		if (i == LIFETIME_UNTIL || strcmp(lifetime_names[i], text) != 0)
			continue;
		*ret = i;
		*ret_until = 0;
		return 0;
	}
	if (duration_parse(text, &seconds) < 0)
		return -EINVAL;
	*ret = LIFETIME_UNTIL;
	*ret_until = now + seconds;
	return 0;
}

/* "object", "port" or "beneath:/absolute/path". */
static int parse_scope(const char *text, struct decision *ret)
{
	static const char prefix[] = "beneath:";
	struct object object;
	int error;

	ret->port_alone = strcmp(text, "port") == 0;
	if (ret->port_alone || strcmp(text, "object") == 0)
		return 0;
	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return -EINVAL;
	error = object_init_path(&object, text + strlen(prefix));
	if (!error)
		ret->beneath = object.bytes;
	return error;
}

/* Cuts the next part off at a colon. Returns: NULL when there is none. */
static char *next_part(char **rest)
{
	return *rest ? strsep(rest, ":") : NULL;
}

int decision_parse(const char *text, int64_t now, struct decision *ret,
		   const char **ret_expected)
{
	_cleanup_free_ char *copy = strdup(text);
	char *rest = copy, *outcome, *lifetime;
	struct decision decision = {0};
	int error = 0;

	if (!copy)
		return -ENOMEM;
	outcome = next_part(&rest);
	lifetime = next_part(&rest);
	if (strcmp(outcome, "allow") == 0) {
		decision.outcome = OUTCOME_ALLOW;
	} else if (strcmp(outcome, "deny") != 0) {
		*ret_expected = "\"allow\" or \"deny\"";
		return -EINVAL;
	}
	if (lifetime && parse_lifetime(lifetime, now, &decision.lifetime,
				       &decision.until) < 0) {
		*ret_expected = "\"once\", \"process\", \"session\", "
				"\"always\" or a duration as \"10m\"";
		return -EINVAL;
	}
	if (rest)
		error = parse_scope(rest, &decision);
	if (error == -EINVAL)
		*ret_expected = "\"object\", \"port\" or "
				"\"beneath:/absolute/path\"";
	if (error)
		return error;
	*ret = decision;
	return 0;
}

/* What every rule of this decision has in common. */
static struct rule rule_template(const struct decision *decision,
				 const struct subject *subject)
{
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = decision->outcome == OUTCOME_ALLOW ? EFFECT_ALLOW
							     : EFFECT_DENY,
	};

	if (decision->lifetime == LIFETIME_UNTIL)
		rule.expires = decision->until;
	if (decision->lifetime == LIFETIME_PROCESS) {
		rule.pid = subject->pid;
		rule.pid_start = subject->pid_start;
	}
	return rule;
}

/*
 * Whether the decision can be a rule: one for a process that is not known
 * would be a rule for every process.
 */
static bool makes_rules(const struct decision *decision,
			const struct subject *subject)
{
	switch (decision->lifetime) {
	case LIFETIME_ONCE:
		return false;
	case LIFETIME_PROCESS:
		return subject->pid > 0 && subject->pid_start > 0;
	case LIFETIME_UNTIL:
		return decision->until > 0;
	default:
		return true;
	}
}

/* Widens the scope of an access to the decision's hierarchy, if it is in it. */
static int set_scope(struct rule *rule, const struct decision *decision,
		     const struct object *object)
{
	int error;

	if (decision->beneath && object->type == OBJECT_PATH &&
	    path_is_beneath(object->bytes, decision->beneath)) {
		rule->beneath = true;
		return object_init_path(&rule->object, decision->beneath);
	}
	error = object_copy(&rule->object, object);
	if (!error && decision->port_alone && object->type == OBJECT_PORT)
		rule->object.network = (struct network){0};
	return error;
}

static struct rule *find_same_object(struct rules *rules,
				     const struct rule *rule)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rules->items[i].beneath == rule->beneath &&
		    object_equal(&rules->items[i].object, &rule->object))
			return &rules->items[i];
	return NULL;
}

static int add_rule(const struct decision *decision,
		    const struct request *request, const struct access *access,
		    const char *origin, struct rules *rules)
{
	const rights_t suitable = object_rights(access->object.type);
	struct rule rule = rule_template(decision, &request->subject);
	struct rule *same;
	int error;

	rule.rights = (access->missing | decision->rights) & suitable;
	if (!(access->missing & suitable))
		return 0;
	error = set_scope(&rule, decision, &access->object);
	if (error)
		return error;
	same = find_same_object(rules, &rule);
	if (same) {
		same->rights |= rule.rights;
		rule_finish(&rule);
		return 0;
	}
	error = text_copy(&rule.origin, origin);
	if (!error)
		error = rules_take(rules, &rule);
	if (error)
		rule_finish(&rule);
	return error;
}

int decision_rules(const struct decision *decision,
		   const struct request *request, int64_t now,
		   struct rules *ret)
{
	_cleanup_free_ char *time = NULL, *origin = NULL;
	struct rules rules = {0};

	*ret = rules;
	if (!makes_rules(decision, &request->subject))
		return 0;
	time = time_format(now);
	if (!time ||
	    asprintf(&origin, "%s, %s",
		     decision->agent ? decision->agent : "unknown", time) < 0) {
		origin = NULL;
		return -ENOMEM;
	}
	for (size_t i = 0; i < request->accesses_count; i++) {
		const int error =
			add_rule(decision, request, &request->accesses[i],
				 origin, &rules);

		if (error) {
			rules_finish(&rules);
			return error;
		}
	}
	*ret = rules;
	return 0;
}
