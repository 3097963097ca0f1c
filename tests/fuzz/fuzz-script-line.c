/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of a script is a decision, or there is a sentence that says why not.
 */
#include <time.h>

#include "agent/script_line.h"
#include "fuzz.h"

static void check_line(const struct script_line *line)
{
	struct request request = {.accesses_count = 1};
	struct decision decision;
	const char *expected;

	FUZZ_CHECK(decision_parse(line->answer, time(NULL), &decision,
				  &expected) == 0);
	FUZZ_CHECK(decision.outcome == line->outcome);
	decision_finish(&decision);
	FUZZ_CHECK(object_init_path(&request.accesses[0].object,
				    "/home/u/file") == 0);
	request.accesses[0].missing = RIGHT_FS_READ_FILE;
	/* What is about ports alone is not about files. */
	FUZZ_CHECK(!script_line_matches(line, &request) || line->port < 0);
	request_finish(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *sentence = NULL;
	const struct script_complaint complaint = {
		.path = "script", .number = 1, .ret = &sentence};
	struct script_line line;

	if (script_line_parse((const char *)data, size, &line, &complaint)) {
		FUZZ_CHECK(sentence);
	} else {
		check_line(&line);
		script_line_finish(&line);
	}
	free(sentence);
	return 0;
}
