/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of others among words of ours: see quote.h. */
#include "base/quote.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/text.h"

/*
 * Letters that stand alone, from left to right, and are not ASCII. Sorted. Of
 * those that some terminals draw wide it is assumed that all do.
 */
static const struct {
	uint32_t first, last;
	size_t columns;
} letters[] = {
	{0x00bf, 0x01bf, 2},   /* Latin, not the clicks, which are strokes */
	{0x01c4, 0x024f, 2},   /* Latin */
	{0x0386, 0x0481, 2},   /* Greek, Coptic, Cyrillic */
	{0x048a, 0x0556, 2},   /* Cyrillic, Armenian */
	{0x0561, 0x0587, 2},   /* Armenian */
	{0x10a0, 0x10fa, 2},   /* Georgian */
	{0x1e00, 0x1fbc, 2},   /* Latin and Greek */
	{0x3041, 0x3096, 2},   /* Hiragana */
	{0x30a1, 0x30fa, 2},   /* Katakana */
	{0x30fc, 0x30fc, 2},   /* its long vowel */
	{0x3105, 0x312f, 2},   /* Bopomofo */
	{0x3400, 0x4dbf, 2},   /* Han */
	{0x4e00, 0x9fff, 2},   /* Han */
	{0xac00, 0xd7a3, 2},   /* Hangul */
	{0x20000, 0x2a6df, 2}, /* Han */
};

static size_t letter_columns(uint32_t point)
{
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		if (point < letters[i].first)
			return 0;
		if (point <= letters[i].last)
			return letters[i].columns;
	}
	return 0;
}

/* Spaces that could be taken for the end of a line or for a gap of ours. */
static bool is_odd_space(const char *bytes, size_t length, char before)
{
	return before == '\0' || before == ' ' || length == 1 ||
	       bytes[1] == ' ';
}

__attribute__((format(printf, 2, 3))) static void
set_text(struct quote_unit *ret, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	ret->length = (size_t)vsnprintf(ret->text, sizeof(ret->text), format,
					arguments);
	va_end(arguments);
	ret->columns = ret->length;
}

void quote_unit(const char *bytes, size_t length, char before, bool utf8,
		struct quote_unit *ret)
{
	uint32_t point = 0;

	ret->bytes = utf8_decode(bytes, length, &point);
	if (ret->bytes == 0) {
		ret->bytes = 1;
		set_text(ret, "\\x%02x", (unsigned char)*bytes);
	} else if (point == '\n') {
		set_text(ret, "\\n");
	} else if (point == '\t') {
		set_text(ret, "\\t");
	} else if (point == '\\') {
		set_text(ret, "\\\\");
	} else if (point < 0x20 || point == 0x7f ||
		   (point == ' ' && is_odd_space(bytes, length, before))) {
		set_text(ret, "\\x%02x", point);
	} else if (point < 0x7f) {
		set_text(ret, "%c", (int)point);
	} else if (utf8 && letter_columns(point)) {
		memcpy(ret->text, bytes, ret->bytes);
		ret->text[ret->bytes] = '\0';
		ret->length = ret->bytes;
		ret->columns = letter_columns(point);
	} else {
		set_text(ret, "\\u{%04X}", point);
	}
}

bool quote_is_plain(const char *bytes, size_t length, bool utf8)
{
	for (size_t i = 0; i < length;) {
		const unsigned char byte = (unsigned char)bytes[i];
		uint32_t point = 0;
		const size_t size = utf8_decode(bytes + i, length - i, &point);

		if (!size)
			return false;
		if (byte < 0x80
			    ? !isalnum(byte) &&
				      !(byte && strchr("_-./+:@%=,~#", byte))
			    : !utf8 || !letter_columns(point))
			return false;
		i += size;
	}
	return length > 0;
}

bool quote_is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *const value = getenv(names[i]);
		const char *const set = value ? strrchr(value, '.') : NULL;

		if (value && *value)
			return set && (strncasecmp(set, ".UTF-8", 6) == 0 ||
				       strncasecmp(set, ".utf8", 5) == 0);
	}
	return false;
}

/* Whether a shell takes a plain name for nothing but a word. */
static bool is_shell_word(const char *name, size_t length, bool utf8)
{
	return quote_is_plain(name, length, utf8) && !strchr("~#=-", *name);
}

static void print_units(FILE *out, const char *name, size_t length, bool utf8,
			bool spaces)
{
	struct quote_unit unit;

	for (size_t i = 0; i < length; i += unit.bytes) {
		quote_unit(name + i, length - i, i ? name[i - 1] : '\0', utf8,
			   &unit);
		if (name[i] == ' ' && !spaces)
			fputs("\\x20", out);
		else if (name[i] == '\'')
			fputs("\\x27", out);
		else
			fputs(unit.text, out);
	}
}

static char *quote(const char *name, bool spaces)
{
	const size_t length = strlen(name);
	const bool utf8 = quote_is_utf8();
	char *text = NULL;
	size_t size;
	FILE *out;

	if (is_shell_word(name, length, utf8))
		return strdup(name);
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	fputc('\'', out);
	print_units(out, name, length, utf8, spaces);
	fputc('\'', out);
	text_finish(out, &text);
	return text;
}

char *quote_word(const char *name)
{
	return quote(name, false);
}

char *quote_text(const char *text)
{
	return quote(text, true);
}

static char *quote_escaped(const char *escaped, bool spaces)
{
	_cleanup_free_ char *name = NULL;

	/* A NUL within stays the escape that it is. */
	return quote(unescape_string(escaped, &name, NULL) ? escaped : name,
		     spaces);
}

char *quote_escaped_word(const char *escaped)
{
	return quote_escaped(escaped, false);
}

char *quote_escaped_text(const char *escaped)
{
	return quote_escaped(escaped, true);
}

/* Whether all of a name can be shown between single quotes. */
static bool is_showable(const char *name, size_t length, bool utf8)
{
	struct quote_unit unit;

	for (size_t i = 0; i < length; i += unit.bytes) {
		quote_unit(name + i, length - i, ' ', utf8, &unit);
		if (name[i] != '\\' && (unit.length != unit.bytes ||
					name[i] == ' ' || name[i] == '\''))
			return false;
	}
	return true;
}

char *quote_bytes(const char *name)
{
	const size_t length = strlen(name);
	const bool utf8 = quote_is_utf8();
	char *text = NULL;
	size_t size;
	FILE *out;

	if (is_shell_word(name, length, utf8))
		return strdup(name);
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	if (is_showable(name, length, utf8)) {
		fprintf(out, "'%s'", name);
	} else {
		fputs("\"$(printf '", out);
		for (const char *c = name; *c; c++)
			fprintf(out,
				isalnum((unsigned char)*c) ? "%c" : "\\%03o",
				(unsigned char)*c);
		fputs("')\"", out);
	}
	text_finish(out, &text);
	return text;
}
