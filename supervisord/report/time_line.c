/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/time_line.h"

#include <string.h>

#define NARROWEST 1000 /* microseconds */

static int64_t piece_of(const struct time_line *line, int64_t time)
{
	/* Down also before the beginning. */
	return time >= 0 ? time / line->width
			 : -((-time + line->width - 1) / line->width);
}

static int64_t half(int64_t number)
{
	return number >= 0 ? number / 2 : -((1 - number) / 2);
}

static void join(struct time_piece *to, const struct time_piece *from)
{
	for (int i = 0; i < CAMES_; i++)
		to->counts.of[i] += from->counts.of[i];
	if (from->longest > to->longest)
		to->longest = from->longest;
}

/* Two pieces become one. */
static void widen(struct time_line *line)
{
	struct time_line wider = {
		.width = line->width * 2,
		.first = half(line->first),
	};

	for (unsigned int i = 0; i < line->count; i++) {
		const int64_t at = half(line->first + i) - wider.first;

		join(&wider.pieces[at], &line->pieces[i]);
		wider.count = (unsigned int)at + 1;
	}
	*line = wider;
}

static void begin_at(struct time_line *line, int64_t first)
{
	const size_t shift = (size_t)(line->first - first);

	memmove(line->pieces + shift, line->pieces,
		line->count * sizeof(*line->pieces));
	memset(line->pieces, 0, shift * sizeof(*line->pieces));
	line->first = first;
	line->count += (unsigned int)shift;
}

void time_line_add(struct time_line *line, int64_t time, int64_t wait,
		   enum came_of came_of)
{
	struct time_piece piece = {.longest = wait};
	int64_t at;

	piece.counts.of[came_of] = 1;
	if (!line->width) {
		line->width = NARROWEST;
		line->first = piece_of(line, time);
	}
	at = piece_of(line, time);
	while (at - line->first >= TIME_LINE_PIECES ||
	       line->first + line->count - at > TIME_LINE_PIECES) {
		widen(line);
		at = piece_of(line, time);
	}
	if (at < line->first)
		begin_at(line, at);
	if (at - line->first >= line->count)
		line->count = (unsigned int)(at - line->first) + 1;
	join(&line->pieces[at - line->first], &piece);
}
