/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every fuzz target shares.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Aborts when a property does not hold; never compiled out. */
#define FUZZ_CHECK(condition)     \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

/* The entry point that libFuzzer and the driver call. Returns: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as a string; it ends at its first NUL. Never NULL. */
static inline char *fuzz_string(const uint8_t *data, size_t size)
{
	char *const text = malloc(size + 1);

	if (!text)
		abort();
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}
