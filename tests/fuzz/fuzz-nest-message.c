/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What supervisors inside each other say is parsed, or refused. */
#include "fuzz.h"
#include "seccomp/nest_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nest_question question;
	enum action action;
	uint64_t id;
	int error;

	if (!nest_message_parse_ask((const char *)data, size, &question)) {
		FUZZ_CHECK(question.operation);
		FUZZ_CHECK(question.accesses.count <= REQUEST_ACCESSES_MAX);
		nest_question_finish(&question);
	}
	if (!nest_message_parse_reply((const char *)data, size, &id, &action,
				      &error)) {
		FUZZ_CHECK(error < 0);
		FUZZ_CHECK(action != ACTION_ASK);
	}
	return 0;
}
