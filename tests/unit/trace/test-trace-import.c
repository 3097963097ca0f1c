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
static enum import_form form;

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
	if (entry->event == TRACE_SPAWN)
		sprintf(said + strlen(said), "%d+%d ", entry->process.parent,
			entry->process.pid);
	if (entry->event == TRACE_EXIT)
		sprintf(said + strlen(said), "%d:%d ", entry->process.pid,
			entry->process.status);
	if (entry->event != TRACE_REQUEST && entry->event != TRACE_ALLOWED)
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
	const struct import_options options = {
		.form = form, .entry = on_entry, .unknown = on_unknown};
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

/* What auditd adds by itself stands behind a separator of its own. */
START_TEST(enriched)
{
	const struct import_counts counts = import(
		"type=UNKNOWN[1423] msg=audit(1.002:3): domain=a "
		"blockers=net.bind_tcp saddr=127.0.0.1 src=4711\x1d"
		"SADDR=unknown-family(28690)\n"
		"type=SYSCALL msg=audit(1.002:3): arch=c000003e pid=9 uid=0 "
		"comm=\"t\" exe=\"/bin/t\"\x1d"
		"ARCH=x86_64 pid=10 UID=\"root\"\n"
		"type=UNKNOWN[1423] msg=audit(1.003:4): domain=a "
		"blockers=capability.use capability=18\x1d\n");

	ck_assert_str_eq(said, "[a t] /bin/t/9:net.bind_tcp=4711,0 "
			       "?/0:perm.capability_use=CAP_SYS_CHROOT,0 ");
	ck_assert_uint_eq(counts.unknown, 0);
	/* Made for people: that it is not understood is said. */
	ck_assert_uint_eq(import("type=UNKNOWN[1423] msg=audit(11/30/26 "
				 "23:02:45.794:2) : domain=1d61f79ac blockers="
				 "fs.read_file path=/tmp/w/file dev=\"tmpfs\" "
				 "ino=4 \n")
				  .unknown,
			  1);
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

/* As trace-cmd, perf and tracefs print them; names have anything in them. */
START_TEST(trace_events)
{
	const struct import_counts counts = import(
		"  my app-131   [000]   12.345678: landlock_deny_access_fs: "
		"domain=1a same_exec=1 logged=1 blockers=read_file|write_file "
		"dev=0:23 ino=7 path=/a\\040b\\\\\\303\\251\\n\n"
		"x [1] 132 [001] 12.4: landlock:landlock_deny_access_net: "
		"domain=1b same_exec=1 logged=1 blockers=connect_tcp port=443\n"
		" a-7 (  7) [000] d..1. 1.2: landlock_deny_ptrace: domain=1a "
		"same_exec=1 logged=0 tracee_domain=0 tracee_pid=9 "
		"tracee_comm=x\n"
		" a-7 [000] 1.2: landlock_deny_scope_signal: domain=1a "
		"target_domain=0 target_pid=9 target_comm=x\n"
		" a-7 [000] 1.2: landlock_deny_scope_abstract_unix_socket: "
		"domain=1a peer_domain=0 peer_pid=9 sun_path=n\\000m\n"
		" a-7 [000] 1.2: landlock_deny_namespace_use: domain=1a "
		"namespace_type=0x10000000 namespace_id=3\n"
		" a-7 [000] 1.2: landlock_deny_capability_use: domain=1a "
		"capability=13\n"
		" a-7 [000] 1.2: landlock_free_domain: domain=1a denials=3\n"
		" a-7 [000] 1.2: sched_switch: prev_comm=landlock_deny_x\n");

	ck_assert_str_eq(
		said, "[1a my app] ?/131:fs.write_file,fs.read_file=/a "
		      "b\\\303\251\n,7 [1b x [1]] ?/132:net.connect_tcp=443,0 "
		      "?/7:ptrace=pid:9,0 ?/7:scope.signal=pid:9,0 "
		      "?/7:scope.abstract_unix_socket=@n\\x00m,0 "
		      "?/7:perm.namespace_enter=user,0 "
		      "?/7:perm.capability_use=CAP_NET_RAW,0 ");
	ck_assert_uint_eq(counts.records, 7);
	ck_assert_uint_eq(counts.unknown, 0);
	ck_assert_uint_eq(counts.others, 2);
}
END_TEST

/* Cut off, without what is needed, or of a kind that is not known. */
#define UNPARSED                                                        \
	"  audited-76    [000]     0.850000: landlock_deny_access_fs: " \
	"[FAILED "                                                      \
	"TO PARSE] domain_id=7052796639 same_exec=1 logged=1 "

/* trace-cmd does not know how the kernel prints what others have named. */
START_TEST(unparsed_trace_events)
{
	struct import_counts counts;

	counts = import(UNPARSED
			"blockers_type=3 blockers_access=8448 "
			"blockers_scope=0 dev=8388611 ino=12 "
			"pathname=/tmp/a b\n" UNPARSED
			"blockers_type=7 blockers_access=0 blockers_scope=0 "
			"dev=22 ino=13 pathname=/run/s\n" UNPARSED
			"blockers_type=2 blockers_access=0 blockers_scope=0 "
			"dev=22 ino=13 pathname=/mnt\n"
			" audited-79    [000]     0.860000: "
			"landlock_deny_scope_signal: [FAILED TO PARSE] "
			"domain_id=16 same_exec=1 logged=1 "
			"target_domain_id=0 target_pid=75 target_comm=a b\n"
			" audited-79    [000]     0.860000: "
			"landlock_deny_scope_abstract_unix_socket: [FAILED TO "
			"PARSE] domain_id=16 same_exec=1 logged=1 "
			"peer_domain_id=0 peer_pid=75 sun_path=landlord x\n");
	ck_assert_str_eq(said, "[1a46122df audited] ?/76:fs.make_reg,fs.refer="
			       "/tmp/a b,12 ?/76:fs.resolve_unix=/run/s,13 "
			       "[10 audited] ?/79:scope.signal=pid:75,0 "
			       "?/79:scope.abstract_unix_socket=@landlord "
			       "x,0 ");
	ck_assert_uint_eq(counts.others, 1);
	ck_assert_uint_eq(counts.unknown, 0);
	counts = import(UNPARSED
			"blockers_type=3 blockers_access=1048576 "
			"blockers_scope=0 dev=1 ino=12 pathname=/a\n" UNPARSED
			"blockers_type=9 blockers_access=4 blockers_scope=0 "
			"dev=1 ino=12 pathname=/a\n" UNPARSED
			"blockers_type=3 blockers_access=4 blockers_scope=0 "
			"dev=1 ino=12 pathname=\n" UNPARSED
			"blockers_type=3 blockers_access=4 blockers_scope=0 "
			"dev=1 ino=12 pathname=relative\n");
	ck_assert_str_eq(said, "");
	ck_assert_uint_eq(counts.unknown, 4);
}
END_TEST

START_TEST(bad_trace_events)
{
	const struct import_counts counts =
		import(" a-7 [000] 1.2: landlock_deny_access_fs: domain=1a "
		       "blockers=read_file dev=0:1 ino=7 path=/a\342\200\246\n"
		       " a-7 [000] 1.2: landlock_deny_access_fs: domain=1a "
		       "blockers=fly dev=0:1 ino=7 path=/a\n"
		       " a-7 [000] 1.2: landlock_deny_access_fs: "
		       "blockers=read_file dev=0:1 ino=7 path=/a\n"
		       " a-7 [000] 1.2: landlock_deny_access_fs: domain=1a "
		       "blockers=read_file dev=0:1 ino=7 path=/a\\9\n"
		       " a-7 [000] 1.2: landlock_deny_access_fs: domain=1a "
		       "blockers=read_file dev=0:1 ino=7 path=/a/../b\n"
		       " a-7 [000] 1.2: landlock_deny_access_net: domain=1a "
		       "blockers=connect_tcp port=-1\n"
		       " a-7 [000] 1.2: landlock_deny_dreams: domain=1a\n");

	ck_assert_str_eq(said, "");
	ck_assert_uint_eq(counts.records, 7);
	ck_assert_uint_eq(problems, 7);
}
END_TEST

/* Records of two processors, and more events than are kept open. */
START_TEST(mixed_events)
{
	char text[8192] = "", *end = text;
	struct import_counts counts;

	counts = import("type=LANDLOCK_ACCESS msg=audit(1.002:3): domain=a "
			"blockers=fs.read_file path=\"/a\"\n"
			"type=LANDLOCK_ACCESS msg=audit(1.002:4): domain=b "
			"blockers=fs.read_file path=\"/b\"\n"
			"type=SYSCALL msg=audit(1.002:3): pid=3 exe=\"/x\"\n"
			"type=LANDLOCK_ACCESS msg=audit(1.002:4): domain=b "
			"blockers=fs.read_dir path=\"/c\"\n"
			"type=SYSCALL msg=audit(1.002:4): pid=4 exe=\"/y\"\n");
	ck_assert_str_eq(said, "[a x] /x/3:fs.read_file=/a,0 "
			       "[b y] /y/4:fs.read_file=/b,0 "
			       "fs.read_dir=/c,0 ");
	ck_assert_uint_eq(counts.records, 3);
	for (int i = 0; i < 40; i++)
		end += sprintf(end,
			       "type=LANDLOCK_ACCESS msg=audit(1.002:%d): "
			       "domain=a blockers=fs.read_file path=\"/%d\"\n",
			       i, i);
	counts = import(text);
	ck_assert_uint_eq(counts.records, 40);
	ck_assert_uint_eq(counts.entries, 1 + 3 * 40);
	ck_assert_ptr_nonnull(strstr(said, "=/39,0"));
}
END_TEST

/* Namespaces, capabilities, sockets: what the kernel has other names for. */
START_TEST(permissions)
{
	struct import_counts counts = import(
		"type=LANDLOCK_ACCESS msg=audit(1.004:5): domain=b "
		"blockers=namespace.use namespace_type=0x4000000 "
		"namespace_id=4026531838\n"
		"type=LANDLOCK_ACCESS msg=audit(1.004:6): domain=b "
		"blockers=capability.use capability=18 \n"
		"type=LANDLOCK_ACCESS msg=audit(1.004:7): domain=b "
		"blockers=socket.create family=2 sock_type=2 protocol=17\n"
		"type=LANDLOCK_ACCESS msg=audit(1.004:8): domain=b "
		"blockers=fs.resolve_unix,scope.pathname_unix_socket "
		"path=\"/s\" dev=\"tmpfs\" ino=9\n"
		"type=LANDLOCK_ACCESS msg=audit(1.004:9): domain=b "
		"blockers=fs.change_topology name=\"/\" dev=\"x\" ino=1\n");

	ck_assert_str_eq(said, "[b unknown] ?/0:perm.namespace_enter=uts,0 "
			       "?/0:perm.capability_use=CAP_SYS_CHROOT,0 "
			       "?/0:perm.socket_create=inet:dgram:17,0 "
			       "?/0:fs.resolve_unix=/s,9 ");
	ck_assert_uint_eq(counts.records, 4);
	ck_assert_uint_eq(counts.others, 1);
	counts =
		import("a-7 [000] 1.2: landlock_deny_socket_create: domain=1a "
		       "same_exec=1 logged=1 family=2 type=2 protocol=17\n"
		       "a-7 [000] 1.2: landlock_deny_access_fs: domain=1a "
		       "same_exec=1 logged=1 blockers=resolve_unix|"
		       "pathname_unix_socket dev=0:23 ino=9 path=/s\n"
		       "a-7 [000] 1.2: landlock_deny_access_fs: domain=1a "
		       "same_exec=1 logged=1 blockers=change_topology dev=0:23 "
		       "ino=9 path=/\n");
	ck_assert_str_eq(said, "[1a a] ?/7:perm.socket_create=inet:dgram:17,0 "
			       "?/7:fs.resolve_unix=/s,9 ");
	ck_assert_uint_eq(counts.records, 2);
	ck_assert_uint_eq(counts.unknown, 0);
	ck_assert_uint_eq(counts.others, 1);
}
END_TEST

static struct import_counts import_strace_text(const char *text)
{
	struct import_counts counts;

	form = IMPORT_STRACE;
	counts = import(text);
	form = IMPORT_KERNEL;
	return counts;
}

/* Calls with their names, flags and descriptors; what failed was not done. */
START_TEST(strace_calls)
{
	const struct import_counts counts = import_strace_text(
		"7 1700000000.123456 execve(\"/bin/sh\", [\"sh\", \"(\"], 0x7f "
		"/* 41 vars */) = 0\n"
		"7 openat(AT_FDCWD</w (>, \"a\\303\\251, \\\"b\", "
		"O_RDWR|O_CREAT|O_TRUNC, 0666) = 3</w/real>\n"
		"7 openat(AT_FDCWD</w>, \"no\", O_RDONLY) = -1 EACCES (no)\n"
		"7 openat(5</d>, \"./x/../y\", O_RDONLY|O_DIRECTORY) = 4\n"
		"7 open(\"/p\", O_PATH) = 4\n"
		"7 renameat2(AT_FDCWD</w>, \"/o\", 5</d>, \"n\", 0) = 0\n"
		"7 unlinkat(5</d>, \"u\", AT_REMOVEDIR) = 0\n"
		"7 mkdir(\"/m\", 0777) = 0\n"
		"7 openat2(AT_FDCWD</w>, \"/q\", {flags=O_WRONLY, resolve=0}, "
		"24) = 4\n"
		"7 getpid() = 7\n");

	ck_assert_str_eq(said,
			 "[1 sh] /7:fs.execute,fs.read_file=/bin/sh,0 "
			 "/bin/sh/7:fs.write_file,fs.read_file,fs.make_reg,"
			 "fs.truncate=/w/real,0 /bin/sh/7:fs.read_dir=/d/y,0 "
			 "/bin/sh/7:fs.remove_file,fs.refer=/o,0 "
			 "fs.make_reg,fs.refer=/d/n,0 "
			 "/bin/sh/7:fs.remove_dir=/d/u,0 "
			 "/bin/sh/7:fs.make_dir=/m,0 "
			 "/bin/sh/7:fs.write_file=/q,0 ");
	ck_assert_uint_eq(counts.records, 7);
	ck_assert_uint_eq(counts.unknown, 0);
	ck_assert_uint_eq(counts.others, 3);
}
END_TEST

/* Calls in two halves, children, sockets, ends. */
START_TEST(strace_processes)
{
	const struct import_counts counts = import_strace_text(
		"[pid 7] execve(\"/a\", [\"a\"], 0x7f /* 1 var */) = 0\n"
		"[pid 7] chdir(\"/w\") = 0\n"
		"[pid 7] socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3\n"
		"[pid 7] clone(child_stack=NULL, flags=SIGCHLD "
		"<unfinished ...>\n"
		"[pid 8] open(\"/x\", O_RDONLY <unfinished ...>\n"
		"[pid 7] <... clone resumed>, child_tidptr=0x1) = 8\n"
		"[pid 8] <... open resumed>) = 4\n"
		"[pid 8] open(\"x\", O_RDONLY) = 4\n"
		"[pid 8] connect(3, {sa_family=AF_INET, sin_port=htons(443), "
		"sin_addr=inet_addr(\"1.2.3.4\")}, 16) = -1 EINPROGRESS (.)\n"
		"[pid 8] connect(5, {sa_family=AF_INET6, sin6_port=htons(1)}, "
		"28) = 0\n"
		"[pid 8] connect(5<UDPv6:[[::1]:9->[::1]:1]>, "
		"{sa_family=AF_INET6, sin6_port=htons(1)}, 28) = 0\n"
		"[pid 8] connect(6, {sa_family=AF_UNIX, sun_path=\"/s\"}, 9) "
		"= 0\n"
		"[pid 8] connect(6, {sa_family=AF_UNIX, sun_path=@\"n\"}, 9) "
		"= 0\n"
		"[pid 8] --- SIGCHLD {si_signo=SIGCHLD} ---\n"
		"[pid 8] +++ killed by SIGKILL +++\n"
		"[pid 7] +++ exited with 3 +++\n");

	ck_assert_str_eq(said,
			 "[1 a] /7:fs.execute,fs.read_file=/a,0 7+8 "
			 "/a/8:fs.read_file=/x,0 /a/8:fs.read_file=/w/x,0 "
			 "/a/8:net.connect_tcp=443,0 "
			 "/a/8:net.connect_send_udp=1,0 "
			 "/a/8:fs.resolve_unix=/s,0 "
			 "/a/8:scope.abstract_unix_socket=@n,0 8:137 7:3 ");
	ck_assert_uint_eq(counts.unknown, 1);
}
END_TEST

START_TEST(bad_strace_lines)
{
	const struct import_counts counts =
		import_strace_text("open(\"x\", O_RDONLY) = 3\n"
				   "open(\"/a\"..., O_RDONLY) = 3\n"
				   "open(\"/a\\0b\", O_RDONLY) = 3\n"
				   "open(\"/a\n"
				   "open(\"/a\", O_RDONLY) = x\n"
				   "<... open resumed>) = 3\n"
				   "strace: Process 7 attached\n"
				   "open(\n");

	ck_assert_str_eq(said, "");
	ck_assert_uint_eq(counts.unknown, 6);
	ck_assert_uint_eq(counts.records, 6);
	ck_assert_uint_eq(counts.others, 2);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("trace-import");

	tcase_add_test(tcase, audit_log);
	tcase_add_test(tcase, other_forms);
	tcase_add_test(tcase, enriched);
	tcase_add_test(tcase, journal);
	tcase_add_loop_test(tcase, what_is_not_understood, 0, 13);
	tcase_add_test(tcase, trace_events);
	tcase_add_test(tcase, unparsed_trace_events);
	tcase_add_test(tcase, bad_trace_events);
	tcase_add_test(tcase, permissions);
	tcase_add_test(tcase, mixed_events);
	tcase_add_test(tcase, strace_calls);
	tcase_add_test(tcase, strace_processes);
	tcase_add_test(tcase, bad_strace_lines);
	return unit_run_case("trace-import", tcase);
}
