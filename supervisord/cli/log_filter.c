/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/log_filter.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/timestamp.h"
#include "core/decision.h"
#include "core/glob.h"

int log_time_parse(const char *text, int64_t now, int64_t *ret)
{
	static const char *const formats[] = {"%Y-%m-%d", "%Y-%m-%d %H:%M",
					      "%Y-%m-%d %H:%M:%S"};
	int64_t ago;

	if (duration_parse(text, &ago) == 0) {
		*ret = now - ago;
		return 0;
	}
	if (time_parse(text, ret) == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct tm tm = {.tm_isdst = -1};
		const char *const end = strptime(text, formats[i], &tm);

		if (!end || *end)
			continue;
		*ret = mktime(&tm);
		return *ret == -1 ? -EINVAL : 0;
	}
	return -EINVAL;
}

bool log_outcome_is_known(const char *outcome)
{
	static const char *const known[] = {"allow", "deny", "unanswered",
					    "refused"};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(outcome, known[i]) == 0)
			return true;
	return false;
}

static const char *text_of(const json_t *line, const char *key)
{
	const char *const text = json_string_value(json_object_get(line, key));

	return text ? text : "";
}

static bool is_app(const struct log_filter *filter, const json_t *line)
{
	_cleanup_free_ char *app = NULL;

	/* Bytes of others are escaped in the log. */
	return !filter->app ||
	       (unescape_string(text_of(line, "app"), &app, NULL) == 0 &&
		glob_match(filter->app, app));
}

bool log_filter_matches(const struct log_filter *filter, const json_t *line)
{
	const double time = json_number_value(json_object_get(line, "time"));

	if ((filter->since && time < (double)filter->since) ||
	    (filter->until && time >= (double)filter->until))
		return false;
	if (filter->outcome &&
	    strcmp(filter->outcome, text_of(line, "outcome")) != 0 &&
	    strcmp(filter->outcome, text_of(line, "event")) != 0)
		return false;
	return is_app(filter, line);
}
