/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log that says anything is printed, as text and as JSON. */
#include "cli/verbs.h"
#include "scratch.h"

static void print_as(const char *option)
{
	char name[] = "log", *argv[] = {name, (char *)(uintptr_t)option, NULL};

	FUZZ_CHECK(verb_log.run(option ? 2 : 1, argv) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!scratch_owner) {
		scratch_enter();
		FUZZ_CHECK(mkdir("landlord", 0700) == 0);
		FUZZ_CHECK(freopen("/dev/null", "w", stdout));
	}
	scratch_write("landlord/log.jsonl", data, size);
	print_as(NULL);
	print_as("--json");
	return 0;
}
