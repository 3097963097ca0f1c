/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What supervisors inside each other say is parsed, or refused. */
#include "fuzz.h"
#include "seccomp/nest_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trap trap;
	char *operation;
	enum verdict verdict;
	uint64_t id;
	int error;

	if (!nest_message_parse_ask((const char *)data, size, &id, &trap,
				    &operation)) {
		FUZZ_CHECK(operation);
		FUZZ_CHECK(trap.needs_count <= REQUEST_ACCESSES_MAX);
		nest_message_finish(&trap);
	}
	free(operation);
	if (!nest_message_parse_reply((const char *)data, size, &id, &verdict,
				      &error)) {
		FUZZ_CHECK(error < 0);
		FUZZ_CHECK(verdict != VERDICT_ASK);
	}
	return 0;
}
