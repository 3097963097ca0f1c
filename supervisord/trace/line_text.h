/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a line: a JSON object that is written from its first member to its
 * last, without being built before. A program waits for its answer while what it
 * asked is recorded, so this is not left to a library.
 *
 *	struct line_text text = {0};
 *
 *	line_text_open(&text, NULL, '{');
 *	line_text_integer(&text, "pid", 7);
 *	line_text_close(&text, '}');
 *	if (!text.error)
 *		... text.bytes, which is the caller's ...
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line_text {
	char *bytes; /* ends with a NUL */
	size_t length, allocated;
	bool goes_on; /* something stands before the next value */
	int error;    /* the first that there was; nothing is added after it */
};

void line_text_fail(struct line_text *text, int error);

/* In all that follow @key is NULL within an array. */

/* @bracket: '{' or '[' */
void line_text_open(struct line_text *text, const char *key, char bracket);
/* @bracket: '}' or ']' */
void line_text_close(struct line_text *text, char bracket);

/* @word: ASCII that needs no escapes */
void line_text_word(struct line_text *text, const char *key, const char *word);

/* Words that are joined by commas, each as above. */
void line_text_begin_words(struct line_text *text, const char *key);
void line_text_add_word(struct line_text *text, const char *word);
void line_text_end_words(struct line_text *text);

/* As escape_string() has it: what is no UTF-8 survives. */
void line_text_bytes(struct line_text *text, const char *key,
		     const char *bytes);

void line_text_integer(struct line_text *text, const char *key, int64_t number);

/* As a text where JSON readers would round it. */
void line_text_unsigned(struct line_text *text, const char *key,
			uint64_t number);

void line_text_true(struct line_text *text, const char *key);

/* @time: microseconds; in seconds, with a fraction */
void line_text_time(struct line_text *text, const char *key, int64_t time);
