/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of expectations, of any bytes, gives lines that make sense. */
#include <stdio.h>

#include "cli/expectations.h"
#include "fuzz.h"

static int look(void *userdata, const struct expectation_line *line)
{
	unsigned int *const last = userdata;

	FUZZ_CHECK(line->line > *last);
	*last = line->line;
	FUZZ_CHECK(*line->app);
	FUZZ_CHECK(line->rights &&
		   !(line->rights & ~object_rights(line->object.type)));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file_errors errors = {0};
	unsigned int last = 0;
	FILE *stream;

	if (size == 0)
		return 0;
	stream = fmemopen((void *)data, size, "r");
	FUZZ_CHECK(stream);
	FUZZ_CHECK(expectations_parse("fuzz", stream, look, &last, &errors) ==
		   0);
	fclose(stream);
	FUZZ_CHECK(errors.count <= FILE_ERRORS_MAX + 1);
	file_errors_finish(&errors);
	return 0;
}
