/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Audit records in all the forms in which they are kept.
 */
#include <string.h>

#include "trace/codec.h"
#include "trace/import.h"
#include "unit.h"

static char said[4096];
static unsigned int problems;

/* In short: what a request is about, and who asked. */
static void on_entry(void *userdata, const struct trace_entry *entry)
{
	const struct request *request = &entry->request.request;
	char *line;

	(void)userdata;
	/* All that is made can be written. */
	ck_assert_int_eq(trace_encode(entry, &line), 0);
	free(line);
	if (entry->event == TRACE_HEADER)
		sprintf(said + strlen(said), "[%s %s] ", entry->run,
			entry->header.app);
	if (entry->event != TRACE_REQUEST)
		return;
	sprintf(said + strlen(said),
		"%s/%d:", request->subject.exe ? request->subject.exe : "?",
		(int)request->subject.pid);
	for (size_t i = 0; i < request->accesses_count; i++) {
		char *rights = rights_format(request->accesses[i].missing);
		char *object = object_format(&request->accesses[i].object);

		sprintf(said + strlen(said), "%s=%s,%d ", rights, object,
			(int)entry->request.request.accesses[i].inode);
		free(rights);
		free(object);
	}
}

static void on_unknown(void *userdata, uint64_t line, const char *problem)
{
	(void)userdata;
	ck_assert_uint_gt(line, 0);
	ck_assert_ptr_nonnull(problem);
	problems++;
}

static struct import_counts import(const char *text)
{
	const struct import_options options = {on_entry, on_unknown, NULL};
	struct import_counts counts;
	struct import *import;

	said[0] = '\0';
	problems = 0;
	ck_assert_int_eq(import_new(&import, &options), 0);
	while (*text) {
		const size_t length = strcspn(text, "\n");

		ck_assert_int_eq(import_line(import, text, length), 0);
		text += length + (text[length] == '\n');
	}
	ck_assert_int_eq(import_end(import), 0);
	counts = import_counts(import);
	import_free(import);
	return counts;
}

START_TEST(audit_log)
{
	const struct import_counts counts = import(
		"type=LANDLOCK_ACCESS msg=audit(1729738800.268:30): "
		"domain=195ba459b blockers=fs.refer path=\"/usr/bin\" "
		"dev=\"vda2\" ino=351\n"
		"type=LANDLOCK_ACCESS msg=audit(1729738800.268:30): "
		"domain=195ba459b blockers=fs.make_reg,fs.refer "
		"path=\"/usr/local\" dev=\"vda2\" ino=365\n"
		"type=LANDLOCK_DOMAIN msg=audit(1729738800.268:30): "
		"domain=195ba459b status=allocated mode=enforcing pid=300 "
		"uid=0 exe=\"/root/sandboxer\" comm=\"sandboxer\"\n"
		"type=SYSCALL msg=audit(1729738800.268:30): arch=c000003e "
		"syscall=265 success=no exit=-13 ppid=272 pid=301 auid=0 "
		"uid=7 comm=\"x\" exe=\"/usr/bin/x\" key=(null)\n"
		"type=PROCTITLE msg=audit(1729738800.268:30): proctitle=\"x\"\n"
		"type=LANDLOCK_DOMAIN msg=audit(1729738800.300:31): "
		"domain=195ba459b status=deallocated denials=2\n");

	ck_assert_str_eq(said, "[195ba459b x] /usr/bin/x/301:"
			       "fs.refer=/usr/bin,351 "
			       "fs.make_reg,fs.refer=/usr/local,365 ");
	ck_assert_uint_eq(counts.records, 4);
	ck_assert_uint_eq(counts.unknown, 0);
	ck_assert_uint_eq(counts.others, 1);
	ck_assert_uint_eq(counts.entries, 4);
}
END_TEST

/* ausearch of a version that does not know the names; the kernel's log. */
START_TEST(other_forms)
{
	import("type=UNKNOWN[1423] msg=audit(1.002:3): domain=a "
	       "blockers=net.connect_tcp daddr=::1 dest=443\n"
	       "[   12.3] audit: type=1423 audit(1.003:4): domain=a "
	       "blockers=scope.signal opid=17 ocomm=\"systemd\"\n"
	       "type=LANDLOCK_ACCESS msg=audit(1.004:5): domain=b "
	       "blockers=scope.abstract_unix_socket path=00612F62\n"
	       "type=LANDLOCK_ACCESS msg=audit(1.005:6): domain=b "
	       "blockers=fs.read_file path=2F6120620A\n");
	ck_assert_str_eq(said, "[a unknown] ?/0:net.connect_tcp=443,0 "
			       "?/0:scope.signal=pid:17,0 "
			       "[b unknown] ?/0:"
			       "scope.abstract_unix_socket=@a/b,0 "
			       "?/0:fs.read_file=/a b\n,0 ");
}
END_TEST

START_TEST(journal)
{
	const struct import_counts counts = import(
		"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1729738800000001\n"
		"_TRANSPORT=audit\n_AUDIT_TYPE=1423\n_AUDIT_ID=30\n"
		"MESSAGE=AUDIT1423 domain=a blockers=fs.execute "
		"path=\"/bin/x\" dev=\"vda\" ino=3\n"
		"\n"
		"_TRANSPORT=audit\n_AUDIT_TYPE=1300\n_AUDIT_ID=30\n"
		"__REALTIME_TIMESTAMP=1729738800000001\n"
		"MESSAGE=SYSCALL arch=c000003e pid=9 uid=1 exe=\"/bin/y\"\n"
		"\n"
		"_TRANSPORT=stdout\nMESSAGE=hello\n\n");

	ck_assert_str_eq(said, "[a y] /bin/y/9:fs.execute=/bin/x,3 ");
	ck_assert_uint_eq(counts.records, 1);
	ck_assert_uint_eq(counts.unknown, 0);
}
END_TEST

START_TEST(what_is_not_understood)
{
	static const char *const records[] = {
		"blockers=fs.read_file path=\"/a\"",
		"domain=a path=\"/a\"",
		"domain=a blockers= path=\"/a\"",
		"domain=a blockers=fs.fly path=\"/a\"",
		"domain=a blockers=read path=\"/a\"",
		"domain=a blockers=fs.read_file",
		"domain=a blockers=fs.read_file path=\"/a",
		"domain=a blockers=fs.read_file path=\"a\"",
		"domain=a blockers=fs.read_file path=2F0",
		"domain=a blockers=net.bind_tcp src=70000",
		"domain=a blockers=net.bind_tcp path=\"/a\"",
		"domain=a blockers=scope.signal opid=0",
		"domain=a blockers=fs.read_file,net.bind_tcp src=7",
	};
	struct import_counts counts;
	char line[256];

	snprintf(line, sizeof(line),
		 "type=LANDLOCK_ACCESS msg=audit(1.2:3): %s", records[_i]);
	counts = import(line);
	ck_assert_str_eq(said, "");
	ck_assert_uint_eq(counts.records, 1);
	ck_assert_uint_eq(counts.unknown, 1);
	ck_assert_uint_eq(problems, 1);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("trace-import");

	tcase_add_test(tcase, audit_log);
	tcase_add_test(tcase, other_forms);
	tcase_add_test(tcase, journal);
	tcase_add_loop_test(tcase, what_is_not_understood, 0, 13);
	return unit_run_case("trace-import", tcase);
}
