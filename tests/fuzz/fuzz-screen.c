/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output of a program is followed in the same way in pieces of any size; what
 * is written before a question is what sets everything, whatever was followed;
 * and what is followed agrees with a small model of a terminal, which knows
 * nothing but well-formed sequences and gives up at the first other byte.
 */
#include <stdbool.h>
#include <stdio.h>

#include "agent/screen.h"
#include "fuzz.h"

/* The model: modes by number, as the last sequence of each said. */
struct model {
	bool cursor_hidden, wrap_off, arrows, insert;
};

/* Reads "CSI ?? digits (h|l)". Returns: its length, 0 for anything else. */
static size_t read_mode(const char *text, size_t size, bool *ret_private,
			unsigned int *ret_number, bool *ret_set)
{
	size_t at = 2, digits = 0;

	if (size < 4 || text[0] != '\033' || text[1] != '[')
		return 0;
	*ret_private = text[at] == '?';
	at += *ret_private;
	for (*ret_number = 0;
	     at < size && text[at] >= '0' && text[at] <= '9' && digits < 5;
	     at++, digits++)
		*ret_number = *ret_number * 10 + (unsigned int)(text[at] - '0');
	if (!digits || at == size || (text[at] != 'h' && text[at] != 'l'))
		return 0;
	*ret_set = text[at] == 'h';
	return at + 1;
}

/* Returns: false when the model does not know what a terminal does. */
static bool model_follow(struct model *model, const char *text, size_t size)
{
	for (size_t i = 0; i < size;) {
		unsigned int number;
		bool private, set;
		size_t length;

		if (text[i] >= ' ' && text[i] < 0x7f) {
			i++;
			continue;
		}
		length = read_mode(text + i, size - i, &private, &number, &set);
		if (!length)
			return false;
		i += length;
		if (private && number == 25)
			model->cursor_hidden = !set;
		else if (private && number == 7)
			model->wrap_off = !set;
		else if (private && number == 1)
			model->arrows = set;
		else if (!private && number == 4)
			model->insert = set;
		else if (private && number == 1049)
			return false;
	}
	return true;
}

static void check_model(const struct screen *screen, const char *text,
			size_t size)
{
	struct model model = {0};

	if (!model_follow(&model, text, size))
		return;
	FUZZ_CHECK(screen->state == SCREEN_TEXT);
	FUZZ_CHECK(screen->modes[SCREEN_HIDDEN] == model.cursor_hidden);
	FUZZ_CHECK(screen->modes[SCREEN_NO_WRAP] == model.wrap_off);
	FUZZ_CHECK(screen->modes[SCREEN_ARROWS] == model.arrows);
	FUZZ_CHECK(screen->modes[SCREEN_INSERT] == model.insert);
}

/* Whatever was followed, this is in it, and nothing of the program is. */
static void check_prepare(const struct screen *screen)
{
	const struct screen fresh = {
		.doubt = screen->doubt,
		.single_bytes = screen->single_bytes,
	};
	char *const text = screen_prepare(screen, 24);
	char *const other = screen_prepare(&fresh, 24);

	FUZZ_CHECK(text && other && strcmp(text, other) == 0);
	free(other);
	free(text);
}

/* What is put back is made of plain sequences. */
static void check_restore(const struct screen *screen)
{
	char *const text = screen_restore(screen);
	struct screen again = {0};

	FUZZ_CHECK(text);
	screen_follow(&again, "\033[?2004h", 8);
	screen_follow(&again, text, strlen(text));
	FUZZ_CHECK(again.state == SCREEN_TEXT);
	FUZZ_CHECK(again.modes[SCREEN_HIDDEN] == screen->modes[SCREEN_HIDDEN]);
	FUZZ_CHECK(again.modes[SCREEN_KEYPAD] == screen->modes[SCREEN_KEYPAD]);
	FUZZ_CHECK(again.modes[SCREEN_BRACKETS] ==
		   screen->modes[SCREEN_BRACKETS]);
	FUZZ_CHECK(again.mouse == screen->mouse);
	FUZZ_CHECK(memcmp(again.sets, screen->sets, sizeof(again.sets)) == 0);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const text = (const char *)data;
	struct screen whole = {0}, single = {0};

	if (size > 0)
		whole.single_bytes = single.single_bytes = data[0] & 1;
	screen_follow(&whole, text, size);
	for (size_t i = 0; i < size; i++)
		screen_follow(&single, text + i, 1);
	FUZZ_CHECK(whole.state == single.state && whole.doubt == single.doubt &&
		   whole.margins == single.margins &&
		   whole.mouse == single.mouse &&
		   memcmp(whole.modes, single.modes, sizeof(whole.modes)) == 0);
	check_model(&whole, text, size);
	check_prepare(&whole);
	check_restore(&whole);
	return 0;
}
