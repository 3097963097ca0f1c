/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy file of any bytes gives rules that compile, and bounded errors. */
#include <stdio.h>

#include "core/ruleset.h"
#include "fuzz.h"
#include "policy/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file_settings settings = FILE_SETTINGS_NONE;
	struct file_errors errors = {0};
	struct rules rules = {0};
	struct policy_file file = {
		.path = "fuzz.ini",
		.layer = size % 2 ? LAYER_ADMIN : LAYER_USER,
		.program = (const char *const[]){"PWD=/pwd", NULL},
		.rules = &rules,
		.settings = &settings,
		.errors = &errors,
	};
	struct ruleset *ruleset;
	FILE *stream;

	if (size == 0)
		return 0;
	stream = fmemopen((void *)data, size, "r");
	FUZZ_CHECK(stream);
	FUZZ_CHECK(policy_file_parse(&file, stream) == 0);
	fclose(stream);
	FUZZ_CHECK(errors.count <= FILE_ERRORS_MAX + 1);
	FUZZ_CHECK(ruleset_new(&ruleset, &rules, 1, 0) == 0);
	ruleset_unref(ruleset);
	rules_finish(&rules);
	file_errors_finish(&errors);
	return 0;
}
