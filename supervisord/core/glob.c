/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/glob.h"

#include <string.h>

/*
 * Only the last asterisk is ever tried again: whatever an earlier one could
 * match beyond its first fit, the later one can match too.
 */
bool glob_match_bytes(const char *pattern, size_t pattern_length,
		      const char *string, size_t string_length)
{
	const char *const end = pattern + pattern_length;
	const char *const string_end = string + string_length;
	const char *retry_pattern = NULL, *retry_string = NULL;

	while (string < string_end) {
		const char *literal = pattern;

		if (pattern < end && *pattern == '*') {
			retry_pattern = ++pattern;
			retry_string = string;
			continue;
		}
		if (pattern + 1 < end && *pattern == '\\')
			literal++;
		if (pattern < end && (*pattern == '?' || *literal == *string)) {
			pattern = literal + 1;
			string++;
			continue;
		}
		if (!retry_pattern)
			return false;
		pattern = retry_pattern;
		string = ++retry_string;
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

bool glob_match(const char *pattern, const char *string)
{
	return glob_match_bytes(pattern, strlen(pattern), string,
				strlen(string));
}
