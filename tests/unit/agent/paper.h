/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screen of a dialog, in memory. */
#pragma once

#include <string.h>

#include "agent/dialog.h"
#include "unit.h"

/* A screen that keeps what is written since it was opened or cleared. */
struct paper {
	char text[16384];
	unsigned int opened, closed, dropped;
	size_t rows, columns;
	int refuse; /* what open returns */
};

static int paper_open(void *userdata)
{
	struct paper *const paper = userdata;

	if (paper->refuse)
		return paper->refuse;
	paper->opened++;
	return 0;
}

static void paper_size(void *userdata, size_t *rows, size_t *columns)
{
	const struct paper *const paper = userdata;

	*rows = paper->rows;
	*columns = paper->columns;
}

static void paper_clear(void *userdata)
{
	((struct paper *)userdata)->text[0] = '\0';
}

static void paper_write(void *userdata, const char *text)
{
	struct paper *const paper = userdata;

	ck_assert_uint_lt(strlen(paper->text) + strlen(text),
			  sizeof(paper->text));
	strcat(paper->text, text);
}

static void paper_drop_input(void *userdata)
{
	((struct paper *)userdata)->dropped++;
}

static void paper_close(void *userdata)
{
	((struct paper *)userdata)->closed++;
}

static const struct dialog_screen paper_screen = {
	.open = paper_open,
	.size = paper_size,
	.clear = paper_clear,
	.write = paper_write,
	.drop_input = paper_drop_input,
	.close = paper_close,
};
