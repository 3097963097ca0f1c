/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of a report. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/html.h"
#include "report/page_parts.h"

#define SHOWN_MAX 4000 /* names of a tree */
#define LINE_HEIGHT 120

static void put_head(FILE *out, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
	      /* It has no need of anything else, and can reach nothing. */
	      "<meta http-equiv=Content-Security-Policy content=\"default-src "
	      "'none'; style-src 'unsafe-inline'; script-src "
	      "'unsafe-inline'\">\n"
	      "<meta name=viewport content=\"width=device-width, "
	      "initial-scale=1\">\n"
	      "<meta name=color-scheme content=\"light dark\">\n<title>",
	      out);
	html_bytes(out, title);
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n",
		page_style);
}

static void put_fact(FILE *out, const char *name, uint64_t number,
		     const char *class)
{
	fprintf(out,
		"<div class=\"fact %s\"><dt>%s</dt><dd>%" PRIu64
		"</dd></div>\n",
		class, name, number);
}

static void put_missing(FILE *out, const struct report_words *words)
{
	const struct {
		uint64_t count;
		const char *what;
	} missing[] = {
		{words->lines.damaged, "damaged lines"},
		{words->lines.torn, "lines that were cut off"},
		{words->counts.lost, "lines that could not be recorded"},
		{words->counts.stray, "lines about what is not in the trace"},
		{words->lines.untold,
		 "questions whose end a log does not tell"},
		{words->counts.withdrawn, "requests whose requester had gone"},
	};

	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		if (missing[i].count > 0)
			fprintf(out,
				"<p class=note>Not here: %" PRIu64 " %s.</p>\n",
				missing[i].count, missing[i].what);
}

static void put_apps(const struct report *report, FILE *out)
{
	fputs("<p>", out);
	for (size_t i = 0; i < report->apps_count; i++) {
		fputs(i ? ", <b>" : "Of <b>", out);
		html_bytes(out, report->apps[i]);
		fputs("</b>", out);
	}
	if (counts_sum(&report->all) > 0) {
		fputs(report->apps_count ? ", from " : "From ", out);
		html_time(out, report->first);
		fputs(" to ", out);
		html_time(out, report->last);
	}
	fputs(".</p>\n", out);
}

static void put_summary(const struct report *report,
			const struct report_words *words, FILE *out)
{
	put_apps(report, out);
	fputs("<dl class=facts>\n", out);
	put_fact(out, "runs", words->counts.runs, "");
	put_fact(out, "requests", counts_sum(&report->all), "");
	put_fact(out, "allowed", report->all.of[CAME_ALLOWED], "allowed");
	put_fact(out, "denied", report->all.of[CAME_DENIED], "denied");
	put_fact(out, "unanswered", report->all.of[CAME_UNANSWERED],
		 "unanswered");
	put_fact(out, "programs started", report->events[TRACE_EXEC], "");
	fputs("</dl>\n", out);
	put_missing(out, words);
}

/* --- The time line ----------------------------------------------- */

static uint64_t most_in_a_piece(const struct time_line *line)
{
	uint64_t most = 1;

	for (unsigned int i = 0; i < line->count; i++) {
		const uint64_t sum = counts_sum(&line->pieces[i].counts);

		if (sum > most)
			most = sum;
	}
	return most;
}

static int64_t longest_wait(const struct time_line *line)
{
	int64_t longest = 1;

	for (unsigned int i = 0; i < line->count; i++)
		if (line->pieces[i].longest > longest)
			longest = line->pieces[i].longest;
	return longest;
}

/* Requests upwards, and how long the slowest of them waited downwards. */
static void put_piece(FILE *out, const struct time_line *line, unsigned int i,
		      uint64_t most, int64_t longest)
{
	const struct time_piece *piece = &line->pieces[i];
	double top = LINE_HEIGHT;

	for (int came = 0; came < CAMES_; came++) {
		const double height = LINE_HEIGHT *
				      (double)piece->counts.of[came] /
				      (double)most;

		if (height <= 0)
			continue;
		top -= height;
		fprintf(out,
			"<rect class=%s x=%u y=%.2f width=1 height=%.2f />",
			came_names[came], i, top, height);
	}
	if (piece->longest > 0)
		fprintf(out,
			"<rect class=wait x=%u y=%d width=1 height=%.2f />", i,
			LINE_HEIGHT,
			LINE_HEIGHT / 2.0 * (double)piece->longest /
				(double)longest);
}

/* The same for who reads it piece by piece, and the script. */
static void put_piece_text(FILE *out, const struct time_line *line,
			   unsigned int i)
{
	const struct time_piece *piece = &line->pieces[i];

	fprintf(out, "<li value=%u>", i);
	html_time(out, (line->first + i) * line->width);
	for (int came = 0; came < CAMES_; came++)
		if (piece->counts.of[came] > 0)
			fprintf(out, ", %" PRIu64 " %s", piece->counts.of[came],
				came_names[came]);
	if (piece->longest > 0) {
		fputs(", longest wait ", out);
		html_span(out, piece->longest);
	}
	fputs("</li>\n", out);
}

static void put_time_line(const struct report *report, FILE *out)
{
	const struct time_line *line = &report->line;
	const uint64_t most = most_in_a_piece(line);
	const int64_t longest = longest_wait(line);

	fputs("<section aria-labelledby=h-time>\n<h2 id=h-time>When</h2>\n",
	      out);
	if (line->count == 0) {
		fputs("<p>Nothing was asked.</p></section>\n", out);
		return;
	}
	fputs("<p>Each column is ", out);
	html_span(out, line->width);
	fprintf(out, " of requests, %" PRIu64 " at most", most);
	if (longest > 1) {
		fputs("; below, how long the slowest of them waited, ", out);
		html_span(out, longest);
		fputs(" at most", out);
	}
	fprintf(out,
		".</p>\n<svg id=line viewBox=\"0 0 %u %d\" "
		"preserveAspectRatio=none role=img aria-label=\"Requests over "
		"time\">\n",
		line->count, LINE_HEIGHT * 3 / 2);
	for (unsigned int i = 0; i < line->count; i++)
		put_piece(out, line, i, most, longest);
	fprintf(out, "<rect id=mark x=0 y=0 width=1 height=%d />\n</svg>\n",
		LINE_HEIGHT * 3 / 2);
	fputs("<details id=pieces><summary>In words</summary><ol>\n", out);
	for (unsigned int i = 0; i < line->count; i++)
		if (counts_sum(&line->pieces[i].counts) > 0)
			put_piece_text(out, line, i);
	fputs("</ol></details>\n</section>\n", out);
}

/* --- What waited ------------------------------------------------- */

static void put_wait(FILE *out, const struct report_wait *wait)
{
	fprintf(out, "<tr class=%s><td data-value=%" PRId64 ">",
		came_names[wait->came_of], wait->wait);
	html_span(out, wait->wait);
	fprintf(out, "</td><td><code>");
	html_bytes(out, wait->what);
	fputs("</code></td><td><code>", out);
	html_bytes(out, wait->program);
	fprintf(out, "</code></td><td class=came>%s</td><td>",
		came_names[wait->came_of]);
	html_bytes(out, wait->who ? wait->who : trace_by_name(wait->by));
	fprintf(out, "</td><td data-value=%" PRId64 ">", wait->time);
	html_time(out, wait->time);
	fputs("</td></tr>\n", out);
}

static void put_waits(const struct report *report, FILE *out)
{
	static const char *const columns[] = {
		"Wait", "What", "Program", "Outcome", "Decided by", "When"};

	fputs("<section aria-labelledby=h-wait>\n<h2 id=h-wait>Slowest "
	      "decisions</h2>\n",
	      out);
	if (report->slowest_count == 0) {
		fputs("<p>Nothing had to wait.</p></section>\n", out);
		return;
	}
	fputs("<p>All waits together: ", out);
	html_span(out, (int64_t)report->waited);
	fputs(".</p>\n<div class=scroll tabindex=0 role=region "
	      "aria-labelledby=h-wait><table id=waits><thead><tr>",
	      out);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		fprintf(out, "<th scope=col>%s</th>", columns[i]);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < report->slowest_count; i++)
		put_wait(out, &report->slowest[i]);
	fputs("</tbody></table></div>\n</section>\n", out);
}

/* --- Trees and rules --------------------------------------------- */

static void put_trees(const struct report *report, FILE *out)
{
	fputs("<section aria-labelledby=h-what>\n<h2 id=h-what>What was "
	      "touched</h2>\n<form id=filter hidden>\n"
	      "<label>Name <input id=name type=search autocomplete=off "
	      "spellcheck=false></label>\n",
	      out);
	for (int i = 0; i < CAMES_; i++)
		fprintf(out,
			"<label class=%s><input type=checkbox name=came "
			"value=%s checked> %s</label>\n",
			came_names[i], came_names[i], came_names[i]);
	fputs("<output id=found aria-live=polite></output></form>\n", out);
	page_tree(out, count_tree_root(report->objects),
		  "Objects, by their names");
	if (count_tree_folded(report->objects) > 0)
		fprintf(out,
			"<p class=note>%" PRIu64
			" uses had a name too many; their directory stands "
			"for them.</p>\n",
			count_tree_folded(report->objects));
	fputs("</section>\n<section aria-labelledby=h-who>\n<h2 "
	      "id=h-who>Programs and their children</h2>\n",
	      out);
	page_tree(out, count_tree_root(report->programs),
		  "Programs, by who started them");
	fputs("</section>\n", out);
}

static void put_rules(const struct report_words *words, FILE *out)
{
	if (!words->suggestions)
		return;
	fputs("<section aria-labelledby=h-rules>\n<h2 id=h-rules>Suggested "
	      "rules</h2>\n<p>The rules that would have answered what was "
	      "asked, as <code>landlord suggest</code> writes them. Read them "
	      "before they are used.</p>\n<pre id=rules tabindex=0 "
	      "role=region aria-labelledby=h-rules>",
	      out);
	html_text(out, words->suggestions);
	fputs("</pre>\n</section>\n", out);
}

int report_write(struct report *report, const struct report_words *words,
		 FILE *out)
{
	const char *title =
		words->title ? words->title : "What programs asked for";
	int error = report->error;

	if (!error)
		error = count_tree_settle(report->objects, SHOWN_MAX);
	if (!error)
		error = count_tree_settle(report->programs, SHOWN_MAX);
	if (error)
		return error;
	put_head(out, title);
	fputs("<header><h1>", out);
	html_bytes(out, title);
	fputs("</h1><button id=theme hidden>Dark or light</button></header>\n"
	      "<main>\n",
	      out);
	put_summary(report, words, out);
	put_time_line(report, out);
	put_waits(report, out);
	put_trees(report, out);
	put_rules(words, out);
	fprintf(out, "</main>\n<script>\n%s</script>\n</body>\n</html>\n",
		page_script);
	return 0;
}
