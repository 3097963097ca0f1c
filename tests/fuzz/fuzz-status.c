/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text files of proc(5) that say anything: what is found lies in them, numbers
 * are none below zero but for errors, and an identity has as many groups as it
 * says.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "task/identity.h"
#include "task/status.h"

static void try_fields(const char *text, size_t size)
{
	static const char *const names[] = {
		"Tgid", "NSpid",   "Seccomp_filters", "TracerPid", "Pid",
		"Uid",	"Threads", "flags",	      "Groups",	   "",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = 0;
		const char *field = status_field(text, names[i], &length);
		const int64_t number = status_number(text, names[i]);
		uint64_t octal;

		if (field) {
			FUZZ_CHECK(field >= text &&
				   field + length <= text + size);
			FUZZ_CHECK(!memchr(field, '\n', length));
		}
		FUZZ_CHECK(number >= 0 || number == -EPROTO);
		FUZZ_CHECK(field || number < 0);
		(void)status_last_number(text, names[i]);
		(void)status_octal(text, names[i], &octal);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct identity identity;
	struct status_stat stat;

	FUZZ_CHECK(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	try_fields(text, strlen(text));
	(void)status_parse_stat(text, strlen(text), &stat);
	if (!identity_parse(&identity, text)) {
		FUZZ_CHECK(!identity.groups_count || identity.groups);
		FUZZ_CHECK(identity_equal(&identity, &identity));
		identity_finish(&identity);
	}
	free(text);
	return 0;
}
