/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traces in files: what is damaged costs its lines only, what is missing is
 * said, and one writer has the file.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.h"
#include "trace/codec.h"
#include "trace/reader.h"
#include "trace/writer.h"
#include "unit.h"

static char home[] = "/tmp/landlord-test.XXXXXX";

static void enter(void)
{
	strcpy(home + sizeof(home) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(home));
	ck_assert_int_eq(chdir(home), 0);
}

static void leave(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	directory_remove(strdup(home));
}

static void write_text(const char *name, const void *text, size_t length)
{
	const int fd = open(name, O_WRONLY | O_CREAT | O_APPEND, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, length), (ssize_t)length);
	close(fd);
}

#define NOTE(text) "{\"time\":1,\"event\":\"note\",\"text\":\"" text "\"}"

/* What a trace says, in short; damage as it is told. */
static char said[4096];
static uint64_t notes, told; /* how many, and how many were lost by its words */

static void tell(void *userdata, const struct trace_place *place,
		 const char *problem)
{
	(void)userdata;
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "!%s:%d:%s ",
		 place->file, (int)place->line, problem);
}

static struct trace_counts read_all(char *const *files)
{
	struct trace_reader *reader;
	struct trace_entry entry;
	struct trace_place place;
	struct trace_counts counts;
	int result;

	said[0] = '\0';
	notes = told = 0;
	ck_assert_int_eq(trace_reader_new(&reader, files, tell, NULL), 0);
	while ((result = trace_reader_next(reader, &entry, &place)) == 1) {
		char *end = said + strlen(said);
		const size_t room = sizeof(said) - strlen(said);

		notes += entry.event == TRACE_NOTE;
		told += entry.event == TRACE_LOST ? entry.lost : 0;
		if (entry.event == TRACE_NOTE)
			snprintf(end, room, "%s@%d ", entry.note,
				 (int)place.line);
		else if (entry.event == TRACE_LOST)
			snprintf(end, room, "lost=%d ", (int)entry.lost);
		else
			snprintf(end, room, "%s%s ",
				 trace_event_name(entry.event),
				 entry.event == TRACE_HEADER &&
						 entry.header.continues
					 ? "+"
					 : "");
		trace_entry_finish(&entry);
	}
	ck_assert_int_eq(result, 0);
	counts = trace_reader_counts(reader);
	trace_reader_free(reader);
	return counts;
}

static char *const only_a[] = {(char[]){"a"}, NULL};

START_TEST(damage_costs_its_lines)
{
	static const char text[] = NOTE("one") "\n\n{\"time\"\n" NOTE(
		"two") "\n\xff\0\n" NOTE("three") "\n"
						  "{\"time\":2,\"event\":\"no";
	struct trace_counts counts;

	enter();
	write_text("a", text, sizeof(text) - 1);
	counts = read_all(only_a);
	ck_assert_str_eq(said, "one@1 !a:3:no JSON object two@4 "
			       "!a:5:no JSON object three@6 ");
	ck_assert_uint_eq(counts.lines, 6);
	ck_assert_uint_eq(counts.damaged, 2);
	ck_assert_uint_eq(counts.torn, 1);
	leave();
}
END_TEST

START_TEST(last_line_needs_no_feed)
{
	enter();
	write_text("a", NOTE("one"), strlen(NOTE("one")));
	ck_assert_uint_eq(read_all(only_a).torn, 0);
	ck_assert_str_eq(said, "one@1 ");
	leave();
}
END_TEST

/* Also exactly as long as the longest, and one byte more. */
START_TEST(long_lines)
{
	static const size_t lengths[] = {TRACE_LINE_MAX - 1, TRACE_LINE_MAX,
					 3 * TRACE_LINE_MAX,
					 5 * TRACE_LINE_MAX + 17};
	const size_t length = lengths[_i];
	const size_t frame = strlen(NOTE(""));
	char *line = malloc(length + 1);
	struct trace_counts counts;

	enter();
	memset(line, 'x', length);
	memcpy(line, NOTE(""), frame - 2);
	memcpy(line + length - 2, "\"}", 2);
	line[length] = '\n';
	write_text("a", NOTE("one") "\n", strlen(NOTE("one")) + 1);
	write_text("a", line, length + 1);
	write_text("a", NOTE("two") "\n", strlen(NOTE("two")) + 1);
	counts = read_all(only_a);
	ck_assert_uint_eq(counts.lines, 3);
	ck_assert_uint_eq(counts.damaged, _i == 0 ? 0 : 1);
	ck_assert_ptr_nonnull(strstr(said, "one@1 "));
	ck_assert(_i == 0 || strstr(said, "two@3 "));
	free(line);
	leave();
}
END_TEST

START_TEST(many_files)
{
	char *const files[] = {(char[]){"a"}, (char[]){"b"}, (char[]){"none"},
			       (char[]){"a"}, NULL};
	struct trace_reader *reader;
	struct trace_entry entry;
	struct trace_place place;

	enter();
	write_text("a", NOTE("one") "\n", strlen(NOTE("one")) + 1);
	write_text("b", "", 0);
	ck_assert_int_eq(trace_reader_new(&reader, files, NULL, NULL), 0);
	ck_assert_int_eq(trace_reader_next(reader, &entry, &place), 1);
	trace_entry_finish(&entry);
	ck_assert_int_eq(trace_reader_next(reader, &entry, &place), -ENOENT);
	ck_assert_str_eq(place.file, "none");
	ck_assert_int_eq(trace_reader_next(reader, &entry, &place), 1);
	ck_assert_str_eq(place.file, "a");
	trace_entry_finish(&entry);
	ck_assert_int_eq(trace_reader_next(reader, &entry, &place), 0);
	trace_reader_free(reader);
	leave();
}
END_TEST

static void put(struct trace_writer *writer, const char *note)
{
	struct trace_entry entry = {.event = TRACE_NOTE,
				    .note = (char *)(uintptr_t)note};

	trace_writer_put(writer, &entry);
}

static void put_header(struct trace_writer *writer)
{
	const struct trace_entry entry = {.event = TRACE_HEADER};

	trace_writer_put(writer, &entry);
}

START_TEST(appends_and_mends)
{
	struct trace_writer *writer, *second;

	enter();
	write_text("a", NOTE("one") "\n{\"time", strlen(NOTE("one")) + 7);
	ck_assert_int_eq(trace_writer_open(&writer, "a", 0), 0);
	ck_assert_int_eq(trace_writer_open(&second, "a", 0), -EBUSY);
	put(writer, "two");
	put(writer, "three");
	trace_writer_close(writer);
	read_all(only_a);
	ck_assert_str_eq(said, "one@1 !a:2:no JSON object two@3 three@4 ");
	ck_assert_int_eq(trace_writer_open(&writer, "a", 0), 0);
	trace_writer_close(writer);
	leave();
}
END_TEST

START_TEST(refuses_what_is_no_file)
{
	struct trace_writer *writer;

	enter();
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_eq(symlink("target", "link"), 0);
	ck_assert_int_eq(trace_writer_open(&writer, "fifo", 0), -EINVAL);
	ck_assert_int_eq(trace_writer_open(&writer, "link", 0), -ELOOP);
	ck_assert_int_eq(trace_writer_open(&writer, "no/a", 0), -ENOENT);
	leave();
}
END_TEST

/* No more than the limit is kept, and what goes is counted. */
START_TEST(rotates)
{
	char *const both[] = {(char[]){"a.1"}, (char[]){"a"}, NULL};
	struct trace_writer *writer;
	struct stat file, old;
	char text[200];

	enter();
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert_int_eq(trace_writer_open(&writer, "a", 4000), 0);
	put_header(writer);
	for (int i = 0; i < 100; i++)
		put(writer, text);
	ck_assert_int_eq(stat("a", &file) | stat("a.1", &old), 0);
	ck_assert_int_lt(file.st_size + old.st_size, 5000);
	read_all(both);
	ck_assert_ptr_eq(strstr(said, "header+ "), said);
	ck_assert_ptr_nonnull(strstr(said + 1, "header+ "));
	/* The header that was first is among what has gone. */
	ck_assert_uint_eq(notes + trace_writer_lost(writer), 101);
	trace_writer_close(writer);
	leave();
}
END_TEST

START_TEST(a_full_disk_is_said)
{
	struct rlimit limit = {300, RLIM_INFINITY};
	struct trace_writer *writer;
	int set;

	enter();
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(trace_writer_open(&writer, "a", 0), 0);
	put(writer, "one");
	/* Nothing is asserted meanwhile: Check writes each to a file, too. */
	set = setrlimit(RLIMIT_FSIZE, &limit);
	for (int i = 0; i < 12; i++)
		put(writer, "more");
	limit.rlim_cur = RLIM_INFINITY;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(set, 0);
	put(writer, "last");
	trace_writer_close(writer);
	/* 47 bytes each: six in all, and a part of one. */
	read_all(only_a);
	ck_assert_ptr_nonnull(strstr(said, "lost="));
	ck_assert_ptr_nonnull(strstr(said, "last@"));
	ck_assert_ptr_eq(strstr(said, "one@1"), said);
	leave();
}
END_TEST

static off_t size_of(const char *file)
{
	struct stat status;

	ck_assert_int_eq(stat(file, &status), 0);
	return status.st_size;
}

/* What is held comes in one piece; what of it finds no room is counted. */
START_TEST(holds)
{
	struct rlimit limit = {300, RLIM_INFINITY};
	struct trace_writer *writer;
	int set;

	enter();
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(trace_writer_open(&writer, "a", 0), 0);
	trace_writer_hold(writer);
	put(writer, "one");
	put(writer, "two");
	ck_assert_int_eq(size_of("a"), 0);
	trace_writer_release(writer);
	ck_assert_int_gt(size_of("a"), 0);
	trace_writer_hold(writer);
	for (int i = 0; i < 12; i++)
		put(writer, "more");
	set = setrlimit(RLIMIT_FSIZE, &limit);
	trace_writer_release(writer);
	limit.rlim_cur = RLIM_INFINITY;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(set, 0);
	ck_assert_uint_gt(trace_writer_lost(writer), 0);
	trace_writer_hold(writer);
	put(writer, "last");
	trace_writer_release(writer);
	read_all(only_a);
	ck_assert_uint_eq(trace_writer_lost(writer), told);
	ck_assert_uint_eq(notes + trace_writer_lost(writer), 15);
	ck_assert_ptr_nonnull(strstr(said, "last@"));
	trace_writer_close(writer);
	leave();
}
END_TEST

/* Reads a whole pipe or socket into the file "a". */
static void collect(int fd)
{
	char bytes[65536];
	ssize_t got;

	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		write_text("a", bytes, (size_t)got);
	close(fd);
}

/* Who does not read loses lines, is told how many, and stops nobody. */
START_TEST(slow_readers)
{
	struct trace_writer *writer;
	struct trace_counts counts;
	char text[1000];
	uint64_t lost;
	int ends[2], flags;
	pid_t child;

	enter();
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	if (_i == 0)
		ck_assert_int_eq(pipe(ends), 0);
	else
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	flags = fcntl(ends[1], F_GETFL);
	ck_assert_int_eq(trace_writer_stream(&writer, dup(ends[1])), 0);
	for (int i = 0; i < 6000; i++)
		put(writer, text);
	ck_assert_int_eq(fcntl(ends[1], F_GETFL), flags);
	close(ends[1]);
	lost = trace_writer_lost(writer);
	ck_assert_uint_gt(lost, 0);
	ck_assert_int_ge(trace_writer_pending(writer), 0);
	child = fork();
	if (child == 0) {
		trace_writer_flush(writer);
		trace_writer_close(writer);
		_exit(0);
	}
	/* From here on it is the child's. */
	close(trace_writer_pending(writer));
	trace_writer_close(writer);
	collect(ends[0]);
	counts = read_all(only_a);
	ck_assert_uint_eq(notes + lost, 6000);
	ck_assert_uint_le(told, lost);
	ck_assert_uint_eq(counts.damaged, 0);
	leave();
}
END_TEST

START_TEST(readers_that_have_gone)
{
	struct trace_writer *writer;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(trace_writer_stream(&writer, ends[1]), 0);
	close(ends[0]);
	put(writer, "one"); /* no SIGPIPE */
	put(writer, "two");
	ck_assert_uint_eq(trace_writer_lost(writer), 2);
	ck_assert_int_eq(trace_writer_pending(writer), -1);
	trace_writer_close(writer);
	ck_assert_int_lt(trace_writer_stream(&writer, 9999), 0);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("trace-files");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, damage_costs_its_lines);
	tcase_add_test(tcase, last_line_needs_no_feed);
	tcase_add_loop_test(tcase, long_lines, 0, 4);
	tcase_add_test(tcase, many_files);
	tcase_add_test(tcase, appends_and_mends);
	tcase_add_test(tcase, refuses_what_is_no_file);
	tcase_add_test(tcase, rotates);
	tcase_add_test(tcase, a_full_disk_is_said);
	tcase_add_test(tcase, holds);
	tcase_add_loop_test(tcase, slow_readers, 0, 2);
	tcase_add_test(tcase, readers_that_have_gone);
	return unit_run_case("trace-files", tcase);
}
