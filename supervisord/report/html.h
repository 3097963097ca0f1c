/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text in a page: bytes that others have chosen stay text.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

/* What is shown of bytes, control and odd characters escaped as elsewhere. */
void html_bytes(FILE *out, const char *bytes);

/* The same of text that was made to be read, line feeds and all. */
void html_text(FILE *out, const char *text);

/* "2025-01-31 12:00:00.123 UTC" of microseconds. */
void html_time(FILE *out, int64_t time);

/* "1.2 ms", "3.4 s", "5 min" of microseconds. */
void html_span(FILE *out, int64_t span);
