/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/line_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"

#define FIRST_SIZE 512

void line_text_fail(struct line_text *text, int error)
{
	if (!text->error)
		text->error = error;
}

/* Returns: where @size bytes can be written, and a NUL; NULL without memory. */
static char *make_room(struct line_text *text, size_t size)
{
	size_t allocated = text->allocated ? text->allocated : FIRST_SIZE;
	char *bytes;

	while (allocated <= text->length + size)
		allocated *= 2;
	if (allocated == text->allocated)
		return text->bytes + text->length;
	bytes = text->error ? NULL : realloc(text->bytes, allocated);
	if (!bytes) {
		line_text_fail(text, -ENOMEM);
		return NULL;
	}
	text->bytes = bytes;
	text->allocated = allocated;
	return bytes + text->length;
}

static void add(struct line_text *text, const char *bytes, size_t length)
{
	char *to = make_room(text, length);

	if (!to)
		return;
	memcpy(to, bytes, length);
	to[length] = '\0';
	text->length += length;
}

static void begin(struct line_text *text, const char *key)
{
	if (text->goes_on)
		add(text, ",", 1);
	text->goes_on = true;
	if (!key)
		return;
	add(text, "\"", 1);
	add(text, key, strlen(key));
	add(text, "\":", 2);
}

void line_text_open(struct line_text *text, const char *key, char bracket)
{
	begin(text, key);
	add(text, &bracket, 1);
	text->goes_on = false;
}

void line_text_close(struct line_text *text, char bracket)
{
	add(text, &bracket, 1);
	text->goes_on = true;
}

void line_text_word(struct line_text *text, const char *key, const char *word)
{
	begin(text, key);
	add(text, "\"", 1);
	add(text, word, strlen(word));
	add(text, "\"", 1);
}

void line_text_begin_words(struct line_text *text, const char *key)
{
	begin(text, key);
	add(text, "\"", 1);
	text->goes_on = false;
}

void line_text_add_word(struct line_text *text, const char *word)
{
	if (text->goes_on)
		add(text, ",", 1);
	add(text, word, strlen(word));
	text->goes_on = true;
}

void line_text_end_words(struct line_text *text)
{
	add(text, "\"", 1);
	text->goes_on = true;
}

/* Whether neither escape_string() nor JSON has anything to escape. */
static bool is_plain(const char *bytes, size_t *ret_length)
{
	const char *c = bytes;

	while (*c >= ' ' && *c < 0x7f && *c != '\\' && *c != '"')
		c++;
	*ret_length = (size_t)(c - bytes);
	return *c == '\0';
}

/* What JSON has to escape in what has been escaped. */
static void add_escaped(struct line_text *text, const char *escaped)
{
	while (*escaped) {
		const size_t length = strcspn(escaped, "\\\"");

		add(text, escaped, length);
		escaped += length;
		if (!*escaped)
			return;
		add(text, "\\", 1);
		add(text, escaped++, 1);
	}
}

void line_text_bytes(struct line_text *text, const char *key, const char *bytes)
{
	_cleanup_free_ char *escaped = NULL;
	size_t length;

	begin(text, key);
	add(text, "\"", 1);
	if (is_plain(bytes, &length)) {
		add(text, bytes, length);
	} else {
		escaped = escape_string(bytes);
		if (escaped)
			add_escaped(text, escaped);
		else
			line_text_fail(text, -ENOMEM);
	}
	add(text, "\"", 1);
}

static void add_number(struct line_text *text, uint64_t number)
{
	char digits[20], *first = digits + sizeof(digits);

	do {
		*--first = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	add(text, first, (size_t)(digits + sizeof(digits) - first));
}

void line_text_integer(struct line_text *text, const char *key, int64_t number)
{
	begin(text, key);
	if (number < 0)
		add(text, "-", 1);
	add_number(text, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void line_text_unsigned(struct line_text *text, const char *key,
			uint64_t number)
{
	const bool large = number > INT64_MAX;

	begin(text, key);
	if (large)
		add(text, "\"", 1);
	add_number(text, number);
	if (large)
		add(text, "\"", 1);
}

void line_text_true(struct line_text *text, const char *key)
{
	begin(text, key);
	add(text, "true", 4);
}

void line_text_time(struct line_text *text, const char *key, int64_t time)
{
	const uint64_t whole = time < 0 ? -(uint64_t)time : (uint64_t)time;
	uint64_t rest = whole % 1000000;
	char fraction[7] = ".";

	begin(text, key);
	if (time < 0)
		add(text, "-", 1);
	add_number(text, whole / 1000000);
	for (size_t i = sizeof(fraction) - 1; i > 0; i--) {
		fraction[i] = (char)('0' + rest % 10);
		rest /= 10;
	}
	add(text, fraction, sizeof(fraction));
}
