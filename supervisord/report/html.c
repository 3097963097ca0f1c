/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/html.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/escape.h"

void html_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

void html_bytes(FILE *out, const char *bytes)
{
	_cleanup_free_ char *text = escape_string(bytes);

	html_text(out, text ? text : "?");
}

void html_time(FILE *out, int64_t time)
{
	const time_t seconds = (time_t)(time / 1000000);
	char text[40];
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), "%F %T", &tm))
		strcpy(text, "?");
	fprintf(out, "%s.%03d UTC", text, (int)(time % 1000000 / 1000));
}

void html_span(FILE *out, int64_t span)
{
	if (span < 1000)
		fprintf(out, "%" PRId64 " µs", span);
	else if (span < 1000000)
		fprintf(out, "%.1f ms", (double)span / 1e3);
	else if (span < 120 * INT64_C(1000000))
		fprintf(out, "%.1f s", (double)span / 1e6);
	else if (span < 2 * 3600 * INT64_C(1000000))
		fprintf(out, "%.0f min", (double)span / 6e7);
	else
		fprintf(out, "%.1f h", (double)span / 36e8);
}
