/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Escaping. The text is a sequence of units: a character that stands for
 * itself, or one escape. A bound cuts between units, never inside one.
 */
#include "base/escape.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* The longest unit: "\u{10FFFF}". */
#define UNIT_MAX 10

#define ELLIPSIS "..."

/*
 * Characters that draw nothing, reorder their neighbours or break a line:
 * controls, format characters, default-ignorable and private-use ones, and
 * noncharacters. Sorted.
 */
static const struct {
	uint32_t first, last;
} unsafe_points[] = {
	{0x0080, 0x009f}, /* C1 controls */
	{0x00ad, 0x00ad}, /* soft hyphen */
	{0x034f, 0x034f}, /* combining grapheme joiner */
	{0x0600, 0x0605}, /* Arabic format characters */
	{0x061c, 0x061c}, /* Arabic letter mark */
	{0x06dd, 0x06dd},    {0x070f, 0x070f},
	{0x115f, 0x1160},		       /* Hangul fillers */
	{0x17b4, 0x17b5},    {0x180b, 0x180f}, /* Mongolian selectors */
	{0x200b, 0x200f}, /* zero-width, directional marks */
	{0x2028, 0x202e}, /* separators, embeddings and overrides */
	{0x2060, 0x206f}, /* word joiner, isolates */
	{0x2800, 0x2800}, /* Braille blank */
	{0x3164, 0x3164}, /* Hangul filler */
	{0xe000, 0xf8ff}, /* private use */
	{0xfdd0, 0xfdef}, /* noncharacters */
	{0xfe00, 0xfe0f}, /* variation selectors */
	{0xfeff, 0xfeff}, /* byte order mark */
	{0xffa0, 0xffa0}, /* Hangul filler */
	{0xfff0, 0xfffb}, /* annotations */
	{0xfffe, 0xffff}, /* noncharacters */
	{0x110bd, 0x110bd},  {0x1bca0, 0x1bca3}, /* shorthand format */
	{0x1d173, 0x1d17a},			 /* musical format */
	{0xe0000, 0x10ffff}, /* tags, selectors, private use */
};

static bool point_is_safe(uint32_t point)
{
	if (point < 0x20 || point == 0x7f || point == '\\')
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(unsafe_points); i++) {
		if (point < unsafe_points[i].first)
			return true;
		if (point <= unsafe_points[i].last)
			return false;
	}
	return true;
}

size_t utf8_decode(const char *bytes, size_t length, uint32_t *ret_point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *const in = (const unsigned char *)bytes;
	uint32_t point;
	size_t size;

	if (length == 0)
		return 0;
	if (in[0] < 0x80)
		size = 1, point = in[0];
	else if ((in[0] & 0xe0) == 0xc0)
		size = 2, point = in[0] & 0x1f;
	else if ((in[0] & 0xf0) == 0xe0)
		size = 3, point = in[0] & 0x0f;
	else if ((in[0] & 0xf8) == 0xf0)
		size = 4, point = in[0] & 0x07;
	else
		return 0;
	if (size > length)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((in[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (in[i] & 0x3f);
	}
	/* Overlong forms, surrogates and what is beyond Unicode. */
	if (point < least[size] || point > 0x10ffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return 0;
	if (ret_point)
		*ret_point = point;
	return size;
}

/*
 * Escapes the first character.
 * @unit: gets at most UNIT_MAX bytes and a NUL
 * Returns: how many bytes of the input the unit stands for.
 */
static size_t escape_unit(const char *bytes, size_t length,
			  char unit[static UNIT_MAX + 1])
{
	uint32_t point = 0;
	const size_t size = utf8_decode(bytes, length, &point);

	if (size == 0 || (point < 0x80 && !point_is_safe(point))) {
		if (size && point == '\n')
			strcpy(unit, "\\n");
		else if (size && point == '\t')
			strcpy(unit, "\\t");
		else if (size && point == '\\')
			strcpy(unit, "\\\\");
		else
			snprintf(unit, UNIT_MAX + 1, "\\x%02x",
				 (unsigned char)bytes[0]);
		return 1;
	}
	if (point_is_safe(point)) {
		memcpy(unit, bytes, size);
		unit[size] = '\0';
	} else {
		snprintf(unit, UNIT_MAX + 1, "\\u{%04X}", (unsigned)point);
	}
	return size;
}

static size_t escape_all(const char *bytes, size_t length, char *out)
{
	char unit[UNIT_MAX + 1];
	size_t used = 0;

	for (size_t i = 0; i < length;) {
		i += escape_unit(bytes + i, length - i, unit);
		memcpy(out + used, unit, strlen(unit));
		used += strlen(unit);
	}
	out[used] = '\0';
	return used;
}

/* Whether a unit may start here: not in the middle of an escape. */
static bool starts_unit(const char *text, size_t at)
{
	bool inside = false;

	/* The units before decide; they are few, since an escape is short. */
	for (size_t i = 0; i < at; i++) {
		const char *const unit = text + i;

		inside = false;
		if (*unit != '\\')
			continue;
		if (unit[1] == 'x')
			i += 3;
		else if (unit[1] == 'u')
			i += strcspn(unit, "}");
		else
			i += 1;
		inside = i >= at;
	}
	return !inside && ((unsigned char)text[at] & 0xc0) != 0x80;
}

/* Cuts the middle out of an escaped text. */
static void shorten(char *text, size_t length, size_t max)
{
	size_t head = (max - strlen(ELLIPSIS) + 1) / 2;
	size_t tail = length - (max - strlen(ELLIPSIS) - head);

	while (head > 0 && !starts_unit(text, head))
		head--;
	while (tail < length && !starts_unit(text, tail))
		tail++;
	memmove(text + head + strlen(ELLIPSIS), text + tail, length - tail + 1);
	memcpy(text + head, ELLIPSIS, strlen(ELLIPSIS));
}

char *escape_bytes(const char *bytes, size_t length, size_t max_columns)
{
	char *text;
	size_t used;

	if (length > (SIZE_MAX - 1) / 4)
		return NULL;
	/* No unit is longer than four times what it stands for. */
	text = malloc(length * 4 + 1);
	if (!text)
		return NULL;
	used = escape_all(bytes, length, text);
	if (max_columns > strlen(ELLIPSIS) && used > max_columns)
		shorten(text, used, max_columns);
	return text;
}

char *escape_string(const char *string)
{
	return escape_bytes(string, strlen(string), 0);
}

/* Writes a code point as UTF-8. Returns: its length, 0 if there is none. */
static size_t utf8_encode(uint32_t point, char out[static 4])
{
	if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	if (point < 0x80) {
		out[0] = point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = 0xc0 | point >> 6;
		out[1] = 0x80 | (point & 0x3f);
		return 2;
	}
	if (point < 0x10000) {
		out[0] = 0xe0 | point >> 12;
		out[1] = 0x80 | (point >> 6 & 0x3f);
		out[2] = 0x80 | (point & 0x3f);
		return 3;
	}
	out[0] = 0xf0 | point >> 18;
	out[1] = 0x80 | (point >> 12 & 0x3f);
	out[2] = 0x80 | (point >> 6 & 0x3f);
	out[3] = 0x80 | (point & 0x3f);
	return 4;
}

/* Reads up to @max hexadecimal digits. Returns: how many there were. */
static size_t parse_hex(const char *text, size_t max, uint32_t *ret)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t value = 0;
	size_t i;

	for (i = 0; i < max && isxdigit((unsigned char)text[i]); i++) {
		const int digit = tolower((unsigned char)text[i]);

		value = value << 4 | (uint32_t)(strchr(digits, digit) - digits);
	}
	*ret = value;
	return i;
}

/*
 * Reverses one escape.
 * @text: what follows the backslash
 * @out: gets *ret_length bytes
 * Returns: how much of the text was the escape, 0 if it is none.
 */
static size_t unescape_unit(const char *text, char out[static 4],
			    size_t *ret_length)
{
	uint32_t value;
	size_t digits;

	*ret_length = 1;
	switch (text[0]) {
	case 'n':
		out[0] = '\n';
		return 1;
	case 't':
		out[0] = '\t';
		return 1;
	case '\\':
		out[0] = '\\';
		return 1;
	case 'x':
		if (parse_hex(text + 1, 2, &value) != 2)
			return 0;
		out[0] = value;
		return 3;
	case 'u':
		if (text[1] != '{')
			return 0;
		digits = parse_hex(text + 2, 6, &value);
		*ret_length = utf8_encode(value, out);
		if (!digits || text[2 + digits] != '}' || !*ret_length)
			return 0;
		return digits + 3;
	default:
		return 0;
	}
}

int unescape_string(const char *text, char **ret, size_t *ret_length)
{
	_cleanup_free_ char *out = malloc(strlen(text) + 1);
	size_t used = 0;

	if (!out)
		return -ENOMEM;
	while (*text) {
		size_t length, escape;

		if (*text != '\\') {
			out[used++] = *text++;
			continue;
		}
		escape = unescape_unit(text + 1, out + used, &length);
		if (escape == 0)
			return -EINVAL;
		if (!ret_length && memchr(out + used, '\0', length))
			return -EINVAL;
		used += length;
		text += 1 + escape;
	}
	out[used] = '\0';
	if (ret_length)
		*ret_length = used;
	*ret = out;
	out = NULL;
	return 0;
}
