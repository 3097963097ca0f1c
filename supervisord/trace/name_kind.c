/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/name_kind.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define RANDOM_BYTES 6 /* of mkstemp(3) */
#define HASH_BYTES 8
#define NUMBER_DIGITS 4

/* What a run of letters and digits is made of. */
struct word_measure {
	size_t length, digits, lower, upper, hex;
};

static struct word_measure measure(const char *text)
{
	struct word_measure word = {0};

	for (; isalnum((unsigned char)*text); text++) {
		const unsigned char c = (unsigned char)*text;

		word.length++;
		word.digits += isdigit(c) != 0;
		word.lower += islower(c) != 0;
		word.upper += isupper(c) != 0;
		word.hex += isxdigit(c) != 0;
	}
	return word;
}

/* A letter behind a digit, or a capital in the midst of small ones. */
static bool is_mixed(const char *text, const struct word_measure *word)
{
	for (size_t i = 1; i < word->length; i++)
		if ((isdigit((unsigned char)text[i - 1]) &&
		     isalpha((unsigned char)text[i])) ||
		    (word->lower > 0 && isupper((unsigned char)text[i])))
			return true;
	return false;
}

/* Letters in no order that a person would write them in. */
static bool is_random(const char *text, const struct word_measure *word,
		      bool passing)
{
	size_t changes = 0;

	if (word->length < RANDOM_BYTES)
		return false;
	if (passing && is_mixed(text, word))
		return true;
	if (word->hex == word->length && word->length >= HASH_BYTES)
		return word->digits > 0 && word->digits < word->length;
	for (size_t i = 1; i < word->length; i++)
		changes += (isdigit((unsigned char)text[i]) != 0) !=
				   (isdigit((unsigned char)text[i - 1]) != 0) ||
			   (islower((unsigned char)text[i - 1]) &&
			    isupper((unsigned char)text[i]));
	return changes * 3 >= word->length && word->lower + word->upper > 0;
}

/* A number of a process, or a time. */
static bool is_number(const struct word_measure *word)
{
	return word->digits == word->length && word->length >= NUMBER_DIGITS;
}

/* As `perl -i` and `sed -i` make them: six letters of mkstemp(3) behind these. */
static bool is_made_in_place(const char *name)
{
	static const char *const begins[] = {"XX", "sed"};
	static const char small[] = "abcdefghijklmnopqrstuvwxyz";
	const size_t length = measure(name).length;

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		const size_t size = strlen(begins[i]);

		if (strncmp(name, begins[i], size) == 0 && !name[length] &&
		    length == size + RANDOM_BYTES &&
		    strspn(name + size, small) < RANDOM_BYTES)
			return true;
	}
	return false;
}

static bool is_marked(const char *name)
{
	static const char *const begins[] = {"tmp", ".tmp", "temp-",
					     ".#",  "#",    ".~"};
	static const char *const ends[] = {".tmp", ".temp", ".swp",
					   ".swx", ".part", "~"};
	const size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		const size_t size = strlen(begins[i]);

		/* "tmp" itself is a name like any other. */
		if (length > size && strncmp(name, begins[i], size) == 0 &&
		    !islower((unsigned char)name[size]))
			return true;
	}
	if (is_made_in_place(name))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const size_t size = strlen(ends[i]);

		if (length > size && strcmp(name + length - size, ends[i]) == 0)
			return true;
	}
	return false;
}

static size_t count_digits(const char *text)
{
	size_t count = 0;

	while (isdigit((unsigned char)text[count]))
		count++;
	return count;
}

/* How long "1.2.3" is, where a number begins; 0: it is no version. */
static size_t measure_version(const char *text)
{
	const size_t first = count_digits(text);
	size_t length = first;

	while (length > 0 && text[length] == '.' &&
	       isdigit((unsigned char)text[length + 1]))
		length += 1 + count_digits(text + length + 1);
	return length > first ? length : 0;
}

static bool has_version(const char *name)
{
	for (size_t i = 0; name[i]; i++)
		if ((i == 0 || !isdigit((unsigned char)name[i - 1])) &&
		    measure_version(name + i) > 0)
			return true;
	return false;
}

enum name_kind name_kind(const char *name, bool passing)
{
	const bool versioned = has_version(name);
	const char *at = name;

	if (is_marked(name))
		return NAME_TEMPORARY;
	while (*at) {
		const struct word_measure word = measure(at);

		if (is_random(at, &word, passing) ||
		    (is_number(&word) && !versioned))
			return NAME_TEMPORARY;
		at += word.length ? word.length : 1;
	}
	return versioned ? NAME_VERSIONED : NAME_PLAIN;
}

/*
 * How much of what is here will be something else the next time.
 * @before: the byte before it, or NUL
 */
static size_t measure_change(const char *at, char before, bool versioned,
			     bool passing)
{
	const struct word_measure word = measure(at);

	if (!isalnum((unsigned char)before) && word.length > 0 &&
	    (is_random(at, &word, passing) || (is_number(&word) && !versioned)))
		return word.length;
	return isdigit((unsigned char)before) ? 0 : measure_version(at);
}

void name_pattern(char *name, bool passing)
{
	const bool versioned = has_version(name);
	const char *at = name;
	char *to = name, before = '\0';

	while (*at) {
		const size_t length =
			measure_change(at, before, versioned, passing);

		before = at[length ? length - 1 : 0];
		*to++ = length ? '*' : before;
		at += length ? length : 1;
	}
	*to = '\0';
}
