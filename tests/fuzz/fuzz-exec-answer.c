/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of a helper program is an answer or a pass, or is refused. */
#include "fuzz.h"
#include "plugin/plugin_exec_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct exec_answer answer;

	if (exec_answer_parse((const char *)data, size, 1, &answer))
		return 0;
	FUZZ_CHECK(answer.verdict == PLUGIN_PASS ||
		   answer.verdict == PLUGIN_DECIDED);
	/* Nothing that is said stands for more than its own question. */
	FUZZ_CHECK(answer.verdict != PLUGIN_PASS || !answer.decision.beneath);
	exec_answer_finish(&answer);
	return 0;
}
