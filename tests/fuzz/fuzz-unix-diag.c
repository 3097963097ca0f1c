/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer of netlink with any lengths in it: nothing is read beyond it, and
 * a socket is only found that it names with the file's own numbers.
 */
#include <sys/sysmacros.h>

#include "fuzz.h"
#include "operation/unix_diag.h"

/* 258 and 0x01020304, in the kernel's form; seeds have them, too. */
static const struct stat file = {.st_ino = 0x01020304};

static bool has_number(const uint8_t *data, size_t size, uint32_t number)
{
	for (size_t i = 0; i + sizeof(number) <= size; i++)
		if (memcmp(data + i, &number, sizeof(number)) == 0)
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stat wanted = file;
	/* Of its own, and aligned: a byte beyond it would be seen. */
	void *answer = malloc(size ? size : 1);
	ino_t found = 0;

	wanted.st_dev = makedev(0, 258);
	FUZZ_CHECK(answer);
	memcpy(answer, data, size);
	unix_diag_read(answer, size, &wanted, &found);
	if (found) {
		FUZZ_CHECK(has_number(data, size, 0x01020304));
		FUZZ_CHECK(has_number(data, size, 258));
		FUZZ_CHECK(has_number(data, size, (uint32_t)found));
	}
	free(answer);
	return 0;
}
