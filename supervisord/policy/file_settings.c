/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings in policy files.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/decision.h"
#include "core/object_names.h"
#include "policy/parser.h"
#include "policy/policy.h"

const char *answers_name(enum answers answers)
{
	static const char *const names[] = {
		[ANSWERS_ANYBODY] = "anybody", [ANSWERS_TERMINAL] = "terminal",
		[ANSWERS_DESKTOP] = "desktop", [ANSWERS_HELPER] = "helper",
		[ANSWERS_NOBODY] = "none",
	};

	return names[answers];
}

static int parse_timeout(const char *value, int64_t *ret)
{
	const int64_t max = 24 * 60 * 60;

	if (number_parse(value, max, ret) < 0 && duration_parse(value, ret) < 0)
		return -EINVAL;
	return *ret > 0 && *ret <= max ? 0 : -EINVAL;
}

static int parse_no_agent(const char *value, int64_t *ret)
{
	*ret = strcmp(value, "wait") == 0;
	return *ret || strcmp(value, "deny") == 0 ? 0 : -EINVAL;
}

static int parse_lifetime(const char *value, int64_t *ret)
{
	if (strcmp(value, "always") == 0)
		*ret = INT_MAX;
	else if (strcmp(value, "session") == 0)
		*ret = 0;
	else if (duration_parse(value, ret) < 0 || *ret <= 0 || *ret >= INT_MAX)
		return -EINVAL;
	return 0;
}

static int parse_bound(const char *value, int64_t *ret)
{
	return number_parse(value, 10000, ret) < 0 || *ret == 0 ? -EINVAL : 0;
}

static int parse_answers(const char *value, int64_t *ret)
{
	for (enum answers i = 0; i <= ANSWERS_NOBODY; i++)
		if (strcmp(value, answers_name(i)) == 0) {
			*ret = i;
			return 0;
		}
	return -EINVAL;
}

static int parse_prompt(const char *value, int64_t *ret)
{
	*ret = strcmp(value, "short") == 0;
	return *ret || strcmp(value, "full") == 0 ? 0 : -EINVAL;
}

void file_settings_set(struct parser *parser, const char *key,
		       const char *value)
{
	struct file_settings *const settings = parser->file->settings;
	const struct {
		const char *name;
		int *field;
		int (*parse)(const char *value, int64_t *ret);
		const char *expected;
	} known[ARRAY_SIZE(parser->set)] = {
		{"timeout", &settings->timeout, parse_timeout,
		 "seconds or a duration as \"2m\", at most a day"},
		{"no-agent", &settings->no_agent, parse_no_agent,
		 "\"deny\" or \"wait\""},
		{"max-questions", &settings->max_questions, parse_bound,
		 "a number from 1 to 10000"},
		{"max-rate", &settings->max_rate, parse_bound,
		 "a number from 1 to 10000"},
		{"max-lifetime", &settings->max_lifetime, parse_lifetime,
		 "\"session\", \"always\" or a duration as \"30d\""},
		{"answers", &settings->answers, parse_answers,
		 "\"anybody\", \"terminal\", \"desktop\", \"helper\" or "
		 "\"none\""},
		{"prompt", &settings->terse, parse_prompt,
		 "\"full\" or \"short\""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		int64_t number;

		if (strcmp(known[i].name, key) != 0)
			continue;
		if (parser->set[i]) {
			parser_complain(parser, key,
					"said a second time in this file:",
					"each setting once");
		} else if (known[i].parse(value, &number) < 0) {
			parser_complain(parser, value, "bad value",
					known[i].expected);
		} else {
			*known[i].field = number;
			parser->set[i] = true;
		}
		return;
	}
	parser_complain(parser, key, "unknown setting",
			"timeout, no-agent, max-questions, max-rate, "
			"max-lifetime, answers or prompt");
}
