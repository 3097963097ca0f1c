/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole script of answers is taken, or refused with its name and line. */
#include <errno.h>

#include "agent/script.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct agent *agent;
	char *sentence = NULL;
	int error;

	scratch_enter();
	scratch_write("script", data, size);
	error = script_agent_new(&agent, "script", &clock_real, &sentence);
	if (error == 0) {
		FUZZ_CHECK(!sentence);
		agent_free(agent);
	} else {
		FUZZ_CHECK(error == -EINVAL);
		FUZZ_CHECK(sentence && strncmp(sentence, "script:", 7) == 0);
		FUZZ_CHECK(!strchr(sentence, '\n'));
	}
	free(sentence);
	return 0;
}
