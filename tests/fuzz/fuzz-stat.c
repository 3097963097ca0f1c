/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel says of a process, with any name in it and of any length: the
 * name is never taken for what comes after it.
 */
#include <errno.h>
#include <stdio.h>

#include "fuzz.h"
#include "supervision/process.h"

/* The name is between the first "(" and the last ")". */
static void check_name(const uint8_t *data, size_t size)
{
	static const char rest[] = ") S 77 1 1 0 -1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
				   "4711 1 1";
	char *name = fuzz_string(data, size), *text;
	uint64_t start = 0;
	pid_t parent = 0;

	FUZZ_CHECK(asprintf(&text, "1 (%s%s", name, rest) > 0);
	FUZZ_CHECK(process_stat_parse(text, &parent, &start) == 0);
	FUZZ_CHECK(parent == 77 && start == 4711);
	free(text);
	free(name);
}

static void check_filters(const uint8_t *data, size_t size)
{
	FILE *status;
	int count;

	if (size == 0)
		return;
	status = fmemopen((void *)(uintptr_t)data, size, "r");
	FUZZ_CHECK(status);
	count = process_filters_read(status);
	fclose(status);
	FUZZ_CHECK(count >= 0 || count == -ENODATA ||
		   memmem(data, size, "Seccomp_filters:", 16));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);
	uint64_t start;
	pid_t parent;

	(void)process_stat_parse(text, &parent, &start);
	free(text);
	check_name(data, size);
	check_filters(data, size);
	return 0;
}
