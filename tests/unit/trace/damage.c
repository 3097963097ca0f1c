/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "damage.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define DAMAGES_MAX 12

/* Puts bytes in the place of others. */
static void splice(struct text *text, size_t at, size_t removed,
		   const char *bytes, size_t added)
{
	const size_t rest = text->length - at - removed;
	char *copy = malloc(text->length + added + 1);

	memcpy(copy, text->bytes, at);
	memcpy(copy + at, bytes, added);
	memcpy(copy + at + added, text->bytes + at + removed, rest);
	free(text->bytes);
	text->bytes = copy;
	text->length = at + added + rest;
}

static void flip(struct text *text, size_t at, uint64_t *random)
{
	if (at < text->length)
		text->bytes[at] ^= (char)(1 << unit_below(random, 8));
}

static void cut(struct text *text, size_t at, uint64_t *random)
{
	size_t size =
		1 + (size_t)unit_below(random, unit_below(random, 2) ? 9 : 900);

	if (size > text->length - at)
		size = text->length - at;
	splice(text, at, size, "", 0);
}

static void insert(struct text *text, size_t at, uint64_t *random)
{
	char bytes[40];
	const size_t size = 1 + (size_t)unit_below(random, sizeof(bytes));

	for (size_t i = 0; i < size; i++)
		bytes[i] = unit_below(random, 3)
				   ? (char)unit_random(random)
				   : "\n{}[]\",:\\=("[unit_below(random, 11)];
	splice(text, at, 0, bytes, size);
}

/* A line comes once more, here or anywhere. */
static void repeat(struct text *text, size_t at, uint64_t *random)
{
	const size_t from = (size_t)unit_below(random, text->length + 1);
	const char *line = memrchr(text->bytes, '\n', from), *end;
	size_t length;
	char *copy;

	line = line ? line + 1 : text->bytes;
	length = text->length - (size_t)(line - text->bytes);
	end = memchr(line, '\n', length);
	if (end)
		length = (size_t)(end - line) + 1;
	while (at > 0 && text->bytes[at - 1] != '\n' && unit_below(random, 400))
		at--;
	copy = malloc(length + 1);
	memcpy(copy, line, length);
	splice(text, at, 0, copy, length);
	free(copy);
}

void damage(struct text *text, uint64_t *random)
{
	static void (*const kinds[])(struct text *, size_t,
				     uint64_t *) = {flip, cut, insert, repeat};
	const uint64_t times = unit_below(random, DAMAGES_MAX + 1);

	for (uint64_t i = 0; i < times; i++)
		kinds[unit_below(random, 4)](
			text, (size_t)unit_below(random, text->length + 1),
			random);
}
