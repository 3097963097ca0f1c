/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of apps and of their files: an app's file stays in its directory and
 * leads back to it, and no other file does.
 */
#include "cli/policy_view.h"
#include "core/app.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size), *file = NULL, *again = NULL;
	char app[NAME_MAX + 1];

	if (app_file_name(text, ".jsonl", &file) == 0) {
		FUZZ_CHECK(!strchr(file, '/') && file[0] != '.');
		FUZZ_CHECK(strlen(file) <= NAME_MAX);
		FUZZ_CHECK(view_app_of_file(file, app));
		FUZZ_CHECK(strcmp(app, text) == 0);
	}
	if (view_app_of_file(text, app)) {
		FUZZ_CHECK(app_file_name(app, ".jsonl", &again) == 0);
		FUZZ_CHECK(strcmp(again, text) == 0);
	}
	free(file);
	free(again);
	free(text);
	return 0;
}
