/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/glob.h"

#include <stddef.h>

/*
 * Only the last asterisk is ever tried again: whatever an earlier one could
 * match beyond its first fit, the later one can match too.
 */
bool glob_match(const char *pattern, const char *string)
{
	const char *retry_pattern = NULL, *retry_string = NULL;

	while (*string) {
		const char *literal = pattern;

		if (*pattern == '*') {
			retry_pattern = ++pattern;
			retry_string = string;
			continue;
		}
		if (*literal == '\\' && literal[1])
			literal++;
		if (*pattern && (*pattern == '?' || *literal == *string)) {
			pattern = literal + 1;
			string++;
			continue;
		}
		if (!retry_pattern)
			return false;
		pattern = retry_pattern;
		string = ++retry_string;
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}
