/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of mounts that says anything is read, or refused; where a path is
 * said to have no device nodes, no line above it says otherwise.
 */
#include <stdio.h>

#include "fuzz.h"
#include "landlock/devices.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"/", "/dev", "/dev/shm", "/mnt/a b",
					    "/nowhere"};
	struct devices *devices;
	FILE *table;
	int error;

	if (size == 0)
		return 0;
	table = fmemopen((void *)(uintptr_t)data, size, "r");
	FUZZ_CHECK(table);
	error = devices_read(&devices, table);
	fclose(table);
	if (error) {
		FUZZ_CHECK(error < 0);
		return 0;
	}
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		/* What is possible beneath is so above. */
		if (devices_possible(devices, paths[i]) && i == 2)
			FUZZ_CHECK(devices_possible(devices, "/dev"));
	devices_free(devices);
	return 0;
}
