/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a question puts on the screen: see page.h. */
#include "agent/page.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "base/text.h"

#define MARK_TITLE "-- "
#define MARK "| "
#define MARK_CONTINUED "|> "

int page_open(struct page *page, size_t columns)
{
	*page = (struct page){
		.columns =
			columns < PAGE_COLUMNS_MIN ? PAGE_COLUMNS_MIN : columns,
		.utf8 = quote_is_utf8(),
	};
	page->stream = open_memstream(&page->text, &page->size);
	return page->stream ? 0 : -ENOMEM;
}

static void begin(struct page *page, const char *mark)
{
	if (page->lines)
		fputc('\n', page->stream);
	fputs(mark, page->stream);
	page->at = strlen(mark);
	page->lines++;
}

void page_title(struct page *page)
{
	begin(page, MARK_TITLE);
}

void page_line(struct page *page)
{
	begin(page, MARK);
}

/* Some text that is not to be parted. */
static void put(struct page *page, const char *text, size_t length,
		size_t columns)
{
	/* The last column stays free: some terminals wrap there, some later. */
	if (page->at + columns >= page->columns)
		begin(page, MARK_CONTINUED);
	fwrite(text, 1, length, page->stream);
	page->at += columns;
}

/* A word of ours, and the spaces before it. */
static void put_word(struct page *page, const char *text, size_t length)
{
	const size_t room = page->columns - strlen(MARK_CONTINUED) - 1;

	for (; length > room; text += room, length -= room)
		put(page, text, room, room);
	put(page, text, length, length);
}

void page_say(struct page *page, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	const char *word;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0) {
		text = NULL;
		return;
	}
	for (word = text; *word;) {
		const size_t spaces = strspn(word, " ");
		const size_t letters = strcspn(word + spaces, " ");

		put_word(page, word, spaces + letters);
		word += spaces + letters;
	}
}

/* How many units a name has. */
static size_t count_units(const struct page *page, const char *name,
			  size_t length)
{
	struct quote_unit unit;
	size_t count = 0;

	for (size_t i = 0; i < length; i += unit.bytes, count++)
		quote_unit(name + i, length - i, i ? name[i - 1] : '\0',
			   page->utf8, &unit);
	return count;
}

static void put_unit(struct page *page, const struct quote_unit *unit)
{
	if (unit->length == 1 && *unit->text == '"')
		put(page, "\\\"", 2, 2);
	else
		put(page, unit->text, unit->length, unit->columns);
}

/* What is left out of the middle of a name. */
static void put_gap(struct page *page, size_t count)
{
	put(page, "\"", 1, 1);
	page_say(page, " [%zu left out] ", count);
	put(page, "\"", 1, 1);
}

static void put_quoted(struct page *page, const char *name, size_t most)
{
	const size_t length = strlen(name);
	const size_t count = count_units(page, name, length);
	const size_t gap = most && count > most ? count - most : 0;
	size_t number = 0;
	struct quote_unit unit;

	put(page, "\"", 1, 1);
	for (size_t i = 0; i < length; i += unit.bytes, number++) {
		quote_unit(name + i, length - i, i ? name[i - 1] : '\0',
			   page->utf8, &unit);
		if (gap && number == most / 2)
			put_gap(page, gap);
		if (!gap || number < most / 2 || number >= most / 2 + gap)
			put_unit(page, &unit);
	}
	put(page, "\"", 1, 1);
}

void page_name(struct page *page, const char *name, size_t most)
{
	const size_t length = strlen(name);

	if ((!most || length <= most) &&
	    quote_is_plain(name, length, page->utf8)) {
		struct quote_unit unit;

		for (size_t i = 0; i < length; i += unit.bytes) {
			quote_unit(name + i, length - i, 'x', page->utf8,
				   &unit);
			put_unit(page, &unit);
		}
		return;
	}
	put_quoted(page, name, most);
}

char *page_close(struct page *page, size_t *ret_lines)
{
	if (page->lines)
		fputc('\n', page->stream);
	if (ret_lines)
		*ret_lines = page->lines;
	return text_finish(page->stream, &page->text);
}
