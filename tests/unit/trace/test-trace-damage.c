/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is damaged: nothing that reads it crashes or gives up, and only what was damaged
 * is lost: a question all of whose lines are still there is judged, suggested
 * or imported as it would have been.
 *
 * The seed is printed; SEED=N takes one, ROUNDS=N how many texts are damaged.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "core/decision.h"
#include "replay/replay.h"
#include "report/report.h"
#include "trace/import.h"
#include "trace/reader.h"
#include "trace/suggest.h"
#include "unit.h"
#include "whole_text.h"

static uint64_t seed;
static unsigned int rounds = 60;

/* --- What is left ------------------------------------------------ */

/* Of each question which lines came, in order; and what became of it. */
static struct asked_about {
	char came[64];
	bool touched; /* a line that is not as it was may be about it */
	bool found;
} questions[QUESTIONS];

static void note_line(int question, char what)
{
	for (int i = 0; i < QUESTIONS; i++) {
		char *came = questions[i].came;
		const size_t length = strlen(came);

		if (question && question != i + FIRST)
			continue;
		if (!question && what != 'X')
			continue; /* only the ends of a run matter to all */
		if (length < sizeof(questions[i].came) - 1)
			came[length] = what;
		else
			questions[i].touched = true;
	}
}

/* A line that is not as it was. */
static void note_damaged(const char *line, size_t length)
{
	const char *end = line + length;

	if (memmem(line, length, "\"header\"", 8) ||
	    memmem(line, length, "\"end\"", 5))
		note_line(0, 'X');
	while (line < end) {
		size_t digits = 0;
		int number = 0;

		while (line + digits < end && line[digits] >= '0' &&
		       line[digits] <= '9')
			number = number % 100000 * 10 + line[digits++] - '0';
		/* Also among others: what stood around it may be gone. */
		if (digits >= 3)
			for (size_t i = 0; i + 3 <= digits; i++) {
				number = (line[i] - '0') * 100 +
					 (line[i + 1] - '0') * 10 +
					 line[i + 2] - '0' - FIRST;
				if (number >= 0 && number < QUESTIONS)
					questions[number].touched = true;
			}
		line += digits ? digits : 1;
	}
}

static void survey(const struct text *text)
{
	const char *at = text->bytes, *end = at + text->length;

	memset(questions, 0, sizeof(questions));
	while (at < end) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		const size_t length = (size_t)((feed ? feed : end) - at);
		size_t i = 0;

		while (i < lines_count && (strlen(lines[i].text) != length ||
					   memcmp(lines[i].text, at, length)))
			i++;
		if (i < lines_count)
			note_line(lines[i].question, lines[i].what);
		else
			note_damaged(at, length);
		at += length + 1;
	}
}

/* @pattern: the lines that it takes, one after the other */
static bool is_whole(const struct asked_about *question, const char *pattern)
{
	const char *first = strchr(question->came, pattern[0]);

	return !question->touched && first &&
	       strncmp(first, pattern, strlen(pattern)) == 0;
}

static unsigned int whole, lost; /* questions, in all rounds */

static void check_found(const char *pattern, unsigned int round,
			const char *how)
{
	for (int i = 0; i < QUESTIONS; i++) {
		struct asked_about *question = &questions[i];

		if (!is_whole(question, pattern)) {
			lost++;
			continue;
		}
		whole++;
		ck_assert_msg(question->found,
			      "SEED=%" PRIu64 ", round %u: question %d (%s) "
			      "is lost, %s",
			      seed, round, i + FIRST, question->came, how);
		question->found = false;
	}
}

/* --- Those who read ---------------------------------------------- */

static struct rules policy;

static void make_policy(void)
{
	for (int i = FIRST; i < FIRST + QUESTIONS; i++) {
		struct rule rule = {
			.layer = LAYER_USER,
			.effect = EFFECT_DENY,
			.rights = RIGHT_FS_READ_FILE,
		};
		char path[32];

		if (fate_of(i) != BY_POLICY)
			continue;
		snprintf(path, sizeof(path), "/srv/q%d/f", i);
		ck_assert_int_eq(object_init_path(&rule.object, path), 0);
		rule.origin = strdup("p.ini:2");
		ck_assert_int_eq(rules_take(&policy, &rule), 0);
	}
}

static int load(void *userdata, const char *app, struct rules *ret)
{
	(void)userdata;
	(void)app;
	return rules_append(ret, &policy);
}

/* The question that a request is about, or NULL. */
static struct asked_about *find(const struct request *request)
{
	const struct object *object = &request->accesses[0].object;
	int number, used = 0;

	if (request->accesses_count == 0 || object->type != OBJECT_PATH ||
	    sscanf(object->bytes, "/srv/q%d/f%n", &number, &used) < 1 ||
	    object->bytes[used] || number < FIRST ||
	    number >= FIRST + QUESTIONS)
		return NULL;
	return &questions[number - FIRST];
}

static struct report *report;
static struct suggest *suggest;

static void judged(void *userdata, const struct replay_result *result)
{
	struct asked_about *question = find(&result->request->request);
	const enum fate fate =
		question ? fate_of(FIRST + (int)(question - questions)) : FATES;
	const bool allowed = result->old.outcome == REPLAY_ALLOW;

	(void)userdata;
	report_result(report, result);
	ck_assert_int_eq(suggest_take(suggest, result), 0);
	if (!question || allowed != (fate != BY_SOMEBODY))
		return;
	if (fate == BY_POLICY)
		question->found |= result->new.outcome == REPLAY_DENY &&
				   result->new.by == TRACE_BY_RULE;
	else
		question->found |= result->new.outcome == result->old.outcome &&
				   result->new.by == TRACE_BY_AGENT;
}

static enum suggest_protection look(void *userdata, const char *path,
				    rights_t rights)
{
	(void)userdata;
	(void)path;
	(void)rights;
	return SUGGEST_FREE;
}

static void pass_over(void *userdata, const struct replay_result *result)
{
	(void)userdata;
	(void)result;
}

/* By a policy, as the verbs of the command line do it; by the rules that are in
 * the trace, which may be damaged, too. */
static const struct replay_options by_policy = {.load = load, .judged = judged},
				   by_recorded = {.judged = pass_over};

static void play(int fd, const struct replay_options *options,
		 unsigned int round)
{
	char name[64], *const files[] = {name, NULL};
	struct trace_reader *reader;
	struct trace_entry entry;
	struct trace_place place;
	struct replay *replay;
	int result;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	ck_assert_int_eq(trace_reader_new(&reader, files, NULL, NULL), 0);
	ck_assert_int_eq(replay_new(&replay, options), 0);
	while ((result = trace_reader_next(reader, &entry, &place)) == 1) {
		if (options == &by_policy)
			report_entry(report, &entry);
		result = replay_take(replay, &entry, &place);
		ck_assert_msg(result == 0,
			      "SEED=%" PRIu64 ", round %u: line %" PRIu64
			      " ends it: %s",
			      seed, round, place.line, strerror(-result));
	}
	ck_assert_int_eq(result, 0);
	ck_assert_int_eq(replay_end(replay), 0);
	replay_free(replay);
	trace_reader_free(reader);
}

static struct text write_suggestions(void)
{
	struct text text = {0};
	FILE *out = open_memstream(&text.bytes, &text.length);

	ck_assert_int_eq(suggest_write(suggest, out, NULL), 0);
	fclose(out);
	return text;
}

/* What is wanted has its rule; of the others nothing is known here. */
static void find_suggested(const struct text *text)
{
	for (int i = 0; i < QUESTIONS; i++) {
		char rule[64];

		snprintf(rule, sizeof(rule), "\nfs.read_file = /srv/q%d/f\n",
			 i + FIRST);
		questions[i].found = fate_of(i + FIRST) != WANTED ||
				     strstr(text->bytes, rule);
	}
}

static void check_report(const struct text *suggestions)
{
	const struct report_words words = {.suggestions = suggestions->bytes};
	struct text page = {0};
	FILE *out = open_memstream(&page.bytes, &page.length);

	ck_assert_int_eq(report_write(report, &words, out), 0);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(page.bytes, "</html>"));
	free(page.bytes);
}

static void read_trace(const struct text *text, const char *pattern,
		       unsigned int round)
{
	static const struct suggest_options options = {.look = look};
	const int fd = memfd_create("trace", MFD_CLOEXEC);
	struct text suggestions;

	ck_assert_int_eq(write(fd, text->bytes, text->length),
			 (ssize_t)text->length);
	ck_assert_int_eq(report_new(&report), 0);
	ck_assert_int_eq(suggest_new(&suggest, &options), 0);
	play(fd, &by_recorded, round);
	play(fd, &by_policy, round);
	check_found(pattern, round, "judged");
	suggestions = write_suggestions();
	find_suggested(&suggestions);
	check_found(pattern, round, "suggested");
	check_report(&suggestions);
	free(suggestions.bytes);
	suggest_free(suggest);
	report_free(report);
	close(fd);
}

static void on_imported(void *userdata, const struct trace_entry *entry)
{
	struct asked_about *question =
		entry->event == TRACE_REQUEST || entry->event == TRACE_ALLOWED
			? find(&entry->request.request)
			: NULL;

	(void)userdata;
	if (question)
		question->found = true;
}

static void read_imported(const struct text *text, enum import_form form,
			  unsigned int round)
{
	const struct import_options options = {.form = form,
					       .entry = on_imported};
	const char *at = text->bytes, *end = at + text->length;
	struct import *import;

	ck_assert_int_eq(import_new(&import, &options), 0);
	while (at < end) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		const size_t length = (size_t)((feed ? feed : end) - at);

		ck_assert_int_eq(import_line(import, at, length), 0);
		at += length + 1;
	}
	ck_assert_int_eq(import_end(import), 0);
	import_free(import);
	check_found("I", round, "imported");
}

/* --- Tests ------------------------------------------------------- */

static void read_damaged(const struct text *text, const char *pattern,
			 enum import_form form, unsigned int round)
{
	if (pattern)
		read_trace(text, pattern, round);
	else
		read_imported(text, form, round);
}

/* @pattern: of a trace; NULL: it is to be imported */
static void try_all(void (*make)(void), const char *pattern,
		    enum import_form form)
{
	make();
	make_policy();
	for (unsigned int round = 0; round < rounds; round++) {
		uint64_t random = seed * 1000003 + round + 1;
		struct text text = join_lines();

		if (round > 0)
			damage(&text, &random);
		survey(&text);
		read_damaged(&text, pattern, form, round);
		free(text.bytes);
		/* Undamaged, nothing is lost. */
		ck_assert(round > 0 || lost == 0);
	}
	printf("%u questions were whole, %u were not\n", whole, lost);
	ck_assert_uint_gt(whole, lost);
	ck_assert_uint_gt(lost, 0);
	forget_lines();
	rules_finish(&policy);
}

START_TEST(of_a_trace)
{
	try_all(make_trace, "RDA", IMPORT_KERNEL);
}
END_TEST

START_TEST(of_a_log)
{
	try_all(make_log, "L", IMPORT_KERNEL);
}
END_TEST

START_TEST(of_audit_records)
{
	try_all(make_audit, NULL, IMPORT_KERNEL);
}
END_TEST

START_TEST(of_calls)
{
	try_all(make_strace, NULL, IMPORT_STRACE);
}
END_TEST

int main(void)
{
	const char *given = getenv("SEED"), *times = getenv("ROUNDS");
	TCase *tcase = tcase_create("trace-damage");

	seed = given ? strtoull(given, NULL, 10)
		     : (uint64_t)time(NULL) * 1000 + (uint64_t)getpid() % 1000;
	if (times)
		rounds = (unsigned int)strtoul(times, NULL, 10);
	printf("SEED=%" PRIu64 " ROUNDS=%u\n", seed, rounds);
	fflush(stdout);
	tcase_set_timeout(tcase, 100);
	tcase_add_test(tcase, of_a_trace);
	tcase_add_test(tcase, of_a_log);
	tcase_add_test(tcase, of_audit_records);
	tcase_add_test(tcase, of_calls);
	return unit_run_case("trace-damage", tcase);
}
