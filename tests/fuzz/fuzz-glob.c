/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pattern and a string, split at the first line feed. */
#include <stdbool.h>

#include "core/glob.h"
#include "fuzz.h"

/* Quotes a string; the quoted one matches just itself. */
static char *quote(const char *string)
{
	char *const quoted = malloc(strlen(string) * 2 + 1);
	char *out = quoted;

	FUZZ_CHECK(quoted);
	for (; *string; string++) {
		*out++ = '\\';
		*out++ = *string;
	}
	*out = '\0';
	return quoted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *const pattern = fuzz_string(data, size < 2048 ? size : 2048);
	char *const feed = strchr(pattern, '\n');
	const char *const string = feed ? feed + 1 : "";
	char *quoted;

	if (feed)
		*feed = '\0';
	glob_match(pattern, string);
	quoted = quote(string);
	FUZZ_CHECK(glob_match(quoted, string));
	FUZZ_CHECK(glob_match("*", string));
	free(quoted);
	free(pattern);
	return 0;
}
