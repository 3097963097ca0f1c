/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Escaped text is harmless, comes back, and stays within its bound. */
#include "base/escape.h"
#include "fuzz.h"

static void check_harmless(const char *text)
{
	size_t length = strlen(text);

	while (length > 0) {
		uint32_t point;
		const size_t size = utf8_decode(text, length, &point);

		FUZZ_CHECK(size > 0 && point >= 0x20 && point != 0x7f);
		FUZZ_CHECK(point < 0x80 || point > 0x9f);
		FUZZ_CHECK(point < 0x202a || point > 0x202e);
		text += size;
		length -= size;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *const escaped = escape_bytes((const char *)data, size, 0);
	char *const text = fuzz_string(data, size);
	char *back, *bounded;
	size_t length;

	FUZZ_CHECK(escaped);
	check_harmless(escaped);
	FUZZ_CHECK(unescape_string(escaped, &back, &length) == 0);
	FUZZ_CHECK(length == size && memcmp(back, data, size) == 0);
	free(back);
	bounded = escape_bytes((const char *)data, size, 4 + size % 60);
	FUZZ_CHECK(strlen(bounded) <= 4 + size % 60);
	check_harmless(bounded);
	if (unescape_string(text, &back, NULL) == 0)
		free(back);
	free(bounded);
	free(escaped);
	free(text);
	return 0;
}
