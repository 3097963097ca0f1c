/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A time line: what was asked in each of some equal pieces of time, which get
 * longer as the time that they have to cover does.
 */
#pragma once

#include <stdint.h>

#include "report/count_tree.h"

#define TIME_LINE_PIECES 400

struct time_piece {
	struct counts counts;
	int64_t longest; /* wait that began in it, in microseconds */
};

/* Zero it to start. Times are microseconds, from any beginning. */
struct time_line {
	int64_t width; /* of a piece; 0: there is nothing yet */
	int64_t first; /* number of the first piece, counted from time 0 */
	unsigned int count;
	struct time_piece pieces[TIME_LINE_PIECES];
};

void time_line_add(struct time_line *line, int64_t time, int64_t wait,
		   enum came_of came_of);
