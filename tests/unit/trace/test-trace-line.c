/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a trace: what is wrong with one is said, and what has no text is not
 * written.
 */
#include <errno.h>

#include "entry.h"

#define REQUEST                                                         \
	"{\"time\":1,\"event\":\"allowed\",\"generation\":1,\"pid\":1," \
	"\"uid\":1,\"accesses\":[{\"rights\":\"%s\",\"object\":\"%s\"}]}"

/* What is wrong is refused, and the member is named. */
START_TEST(mistakes)
{
	static const struct {
		const char *line, *problem;
	} lines[] = {
		{"", "no JSON object"},
		{"[]", "no JSON object"},
		{"{\"event\":\"note\",\"event\":\"note\"}", "no JSON object"},
		{"{}", "event"},
		{"{\"event\":\"notes\"}", "event"},
		{"{\"event\":\"note\"}", "time"},
		{"{\"event\":\"note\",\"time\":-1}", "time"},
		{"{\"event\":\"note\",\"time\":\"1\"}", "time"},
		{"{\"event\":\"note\",\"time\":1,\"text\":\"\\\\q\"}", "text"},
		{"{\"event\":\"note\",\"time\":1,\"text\":\"\\\\x00\"}",
		 "text"},
		{"{\"event\":\"note\",\"time\":1,\"run\":"
		 "\"123456789012345678901234567890123\"}",
		 "run"},
		{"{\"event\":\"lost\",\"time\":1,\"count\":-1}", "count"},
		{"{\"event\":\"lost\",\"time\":1,\"count\":\"1x\"}", "count"},
		{"{\"event\":\"lost\",\"time\":1,\"count\":"
		 "\"18446744073709551616\"}",
		 "count"},
		{"{\"event\":\"header\",\"time\":1,\"uid\":0,\"format\":"
		 "\"landlord-trace\",\"version\":2}",
		 "version"},
		{"{\"event\":\"allowed\",\"time\":1,\"generation\":1,"
		 "\"pid\":1,\"uid\":1,\"accesses\":[]}",
		 "accesses"},
		{"{\"event\":\"decision\",\"time\":1,\"id\":1,\"outcome\":"
		 "\"allow\",\"lifetime\":\"once\",\"by\":\"agent\","
		 "\"unanswered\":true}",
		 "unanswered"},
		{"{\"event\":\"commit\",\"time\":1,\"generation\":1,\"added\":"
		 "[{\"layer\":\"user\",\"effect\":\"allow\",\"beneath\":true,"
		 "\"rights\":\"net.bind_tcp\",\"object\":\"80\"}]}",
		 "beneath"},
		{"{\"event\":\"commit\",\"time\":1,\"generation\":1,\"added\":"
		 "[{\"layer\":\"admin\",\"effect\":\"allow\",\"pid\":7,"
		 "\"rights\":\"net.bind_tcp\",\"object\":\"80\"}]}",
		 "layer"},
	};
	struct trace_entry entry;
	const char *problem = "";

	ck_assert_int_eq(trace_decode(lines[_i].line, strlen(lines[_i].line),
				      &entry, &problem),
			 -EINVAL);
	ck_assert_str_eq(problem, lines[_i].problem);
}
END_TEST

/* What is written is read as the same time, to the microsecond. */
START_TEST(times)
{
	static const char *const texts[] = {"0",
					    "0.000001",
					    "1764400000.123457",
					    "8975089131.2",
					    "9007199254.740993",
					    "99999999999.9"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct trace_entry entry, again;
		char line[128], *first, *second;

		snprintf(line, sizeof(line),
			 "{\"time\":%s,\"event\":\"note\",\"text\":\"a\"}",
			 texts[i]);
		if (trace_decode(line, strlen(line), &entry, NULL) < 0)
			continue; /* too far away */
		ck_assert_int_eq(trace_encode(&entry, &first), 0);
		ck_assert_int_eq(
			trace_decode(first, strlen(first), &again, NULL), 0);
		ck_assert_int_eq(trace_encode(&again, &second), 0);
		ck_assert_str_eq(first, second);
		ck_assert_int_eq(entry.time, again.time);
		trace_entry_finish(&entry);
		trace_entry_finish(&again);
		free(first);
		free(second);
	}
}
END_TEST

START_TEST(accesses)
{
	static const struct {
		const char *rights, *object;
		bool good;
	} cases[] = {
		{"fs.read_file", "/a", true},
		{"fs.read_file,fs.write_file", "/a", true},
		{"read", "/a", false},
		{"read_file", "/a", false},
		{"", "/a", false},
		{"fs.read_file", "a", false},
		{"fs.read_file", "/a/../b", false},
		{"fs.read_file", "443", false},
		{"net.bind_tcp", "/a", false},
		{"net.bind_tcp", "65536", false},
		{"ptrace", "pid:1", true},
		{"fs.read_file,net.bind_tcp", "/a", false},
	};
	struct trace_entry entry;
	char line[512];
	int error;

	snprintf(line, sizeof(line), REQUEST, cases[_i].rights,
		 cases[_i].object);
	error = trace_decode(line, strlen(line), &entry, NULL);
	ck_assert_int_eq(error, cases[_i].good ? 0 : -EINVAL);
	if (!error)
		trace_entry_finish(&entry);
}
END_TEST

/* What has no text is not written, and neither is what nobody would read. */
START_TEST(no_text)
{
	struct trace_entry *entry = entry_of(TRACE_ALLOWED);
	struct access *access = &entry->request.request.accesses[0];
	char *line;

	entry->request.request.accesses_count = 1;
	ck_assert_int_eq(object_init_path(&access->object, "/a"), 0);
	ck_assert_int_eq(trace_encode(entry, &line), -EINVAL);
	access->missing = RIGHT_NET_BIND_TCP;
	ck_assert_int_eq(trace_encode(entry, &line), -EINVAL);
	access->missing = UINT64_C(1) << 63;
	ck_assert_int_eq(trace_encode(entry, &line), -EINVAL);
	drop(entry);

	entry = entry_of(TRACE_NOTE);
	entry->note = malloc(TRACE_LINE_MAX);
	memset(entry->note, 'x', TRACE_LINE_MAX);
	entry->note[TRACE_LINE_MAX - 1] = '\0';
	ck_assert_int_eq(trace_encode(entry, &line), -EMSGSIZE);
	drop(entry);
}
END_TEST

/* A later version may say more. */
START_TEST(unknown_members)
{
	static const char line[] = "{\"event\":\"withdraw\",\"time\":1.5,"
				   "\"id\":3,\"why\":{\"a\":[1]}}";
	struct trace_entry entry;

	ck_assert_int_eq(trace_decode(line, strlen(line), &entry, NULL), 0);
	ck_assert_int_eq(entry.time, 1500000);
	ck_assert_uint_eq(entry.id, 3);
	trace_entry_finish(&entry);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("trace-line");

	tcase_add_loop_test(tcase, mistakes, 0, 19);
	tcase_add_loop_test(tcase, accesses, 0, 12);
	tcase_add_test(tcase, times);
	tcase_add_test(tcase, no_text);
	tcase_add_test(tcase, unknown_members);
	return unit_run_case("trace-line", tcase);
}
