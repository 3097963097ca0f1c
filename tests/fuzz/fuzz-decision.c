/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A decision that parses makes rules that compile. */
#include "core/decision.h"
#include "core/ruleset.h"
#include "fuzz.h"

static void make_rules(const struct decision *decision)
{
	struct request request = {.accesses_count = 1};
	struct ruleset *ruleset;
	struct rules rules;

	request.subject.pid = 1;
	request.subject.pid_start = 1;
	request.accesses[0].missing = RIGHT_FS_READ_FILE;
	FUZZ_CHECK(object_init_path(&request.accesses[0].object, "/a/b") == 0);
	FUZZ_CHECK(decision_rules(decision, &request, 5, &rules) == 0);
	FUZZ_CHECK(ruleset_new(&ruleset, &rules, 1, 5) == 0);
	ruleset_unref(ruleset);
	rules_finish(&rules);
	request_finish(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *const text = fuzz_string(data, size);
	const char *expected = NULL;
	struct decision decision;

	if (decision_parse(text, 5, &decision, &expected) == 0) {
		make_rules(&decision);
		decision_finish(&decision);
	} else {
		FUZZ_CHECK(expected);
	}
	free(text);
	return 0;
}
