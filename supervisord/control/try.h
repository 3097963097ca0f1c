/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that each may fail, and then end the function. */
#pragma once

/* Hands a failure on; what is positive is no failure. */
#define TRY(expression)                        \
	do {                                   \
		const int try_ = (expression); \
		if (try_ < 0)                  \
			return try_;           \
	} while (0)
