/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of sockets as proc_net_unix(5) has it, with any names: one is found
 * only where its name is in the table. Up to the first NUL is the name.
 */
#include <stdio.h>

#include "fuzz.h"
#include "operation/abstract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t length = strnlen((const char *)data, size);
	const char *name = (const char *)data;
	FILE *table;
	ino_t inode;

	if (size <= length + 1)
		return 0;
	table = fmemopen((void *)(uintptr_t)(data + length + 1),
			 size - length - 1, "r");
	FUZZ_CHECK(table);
	inode = abstract_look_up(table, name, length);
	fclose(table);
	if (inode && length)
		FUZZ_CHECK(memmem(data + length + 1, size - length - 1, name,
				  length));
	return 0;
}
