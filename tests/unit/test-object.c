/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "core/app.h"
#include "core/object.h"
#include "unit.h"

static const struct {
	const char *text;
	rights_t rights;
	enum object_type type;
	bool beneath;
	const char *formatted;
} texts[] = {
	{"/", RIGHTS_READ, OBJECT_PATH, true, "/"},
	{"/$", RIGHTS_READ, OBJECT_PATH, false, "/"},
	{"/etc", RIGHTS_READ, OBJECT_PATH, true, "/etc"},
	{"/etc/", RIGHTS_READ, OBJECT_PATH, true, "/etc"},
	{"/etc/$", RIGHTS_READ, OBJECT_PATH, false, "/etc"},
	{"/etc/$/", RIGHTS_READ, OBJECT_PATH, true, "/etc/$"},
	{"/a\xff b", RIGHTS_READ, OBJECT_PATH, true, "/a\xff b"},
	{"443", RIGHTS_NET, OBJECT_PORT, false, "443"},
	{"0", RIGHTS_NET, OBJECT_PORT, false, "0"},
	{"*", RIGHTS_NET, OBJECT_PORT, false, "*"},
	{"443", RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX, OBJECT_PORT, false, "443"},
	{"/run/x", RIGHTS_NET | RIGHT_FS_RESOLVE_UNIX, OBJECT_PATH, true,
	 "/run/x"},
	{"@name", RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET, OBJECT_ABSTRACT, false,
	 "@name"},
	{"@name*", RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET, OBJECT_ABSTRACT, false,
	 "@name*"},
	{"@na\\x2a", RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET, OBJECT_ABSTRACT, false,
	 "@na\\x2a"},
	{"@\\x00\\xff", RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET, OBJECT_ABSTRACT,
	 false, "@\\x00\\xff"},
	{"*", RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET, OBJECT_ABSTRACT, false, "@*"},
	{"CAP_NET_RAW", RIGHT_PERM_CAPABILITY_USE, OBJECT_CAPABILITY, false,
	 "CAP_NET_RAW"},
	{"cap_40", RIGHT_PERM_CAPABILITY_USE, OBJECT_CAPABILITY, false,
	 "CAP_CHECKPOINT_RESTORE"},
	{"*", RIGHT_PERM_CAPABILITY_USE, OBJECT_CAPABILITY, false, "*"},
	{"user+mnt", RIGHT_PERM_NAMESPACE_ENTER, OBJECT_NAMESPACE, false,
	 "mnt+user"},
	{"0x40000001+pid", RIGHT_PERM_NAMESPACE_ENTER, OBJECT_NAMESPACE, false,
	 "pid+net"},
	{"inet:stream:*", RIGHT_PERM_SOCKET_CREATE, OBJECT_SOCKET, false,
	 "inet:stream:*"},
	{"*:raw:99", RIGHT_PERM_SOCKET_CREATE, OBJECT_SOCKET, false,
	 "*:raw:99"},
	{"*", RIGHT_PERM_SOCKET_CREATE, OBJECT_SOCKET, false, "*:*:*"},
	{"inet:stream:0", RIGHT_PERM_SOCKET_CREATE, OBJECT_SOCKET, false,
	 "inet:stream:6"},
	{"inet6:dgram:0", RIGHT_PERM_SOCKET_CREATE, OBJECT_SOCKET, false,
	 "inet6:dgram:17"},
	{"inet:seqpacket:0", RIGHT_PERM_SOCKET_CREATE, OBJECT_SOCKET, false,
	 "inet:seqpacket:132"},
	{"unix:raw:1", RIGHT_PERM_SOCKET_CREATE, OBJECT_SOCKET, false,
	 "unix:dgram:0"},
	{"netlink:dgram:0", RIGHT_PERM_SOCKET_CREATE, OBJECT_SOCKET, false,
	 "netlink:raw:0"},
	{"inet:10:3", RIGHT_PERM_SOCKET_CREATE, OBJECT_SOCKET, false,
	 "packet:packet:3"},
	{"pid:123", RIGHT_SCOPE_SIGNAL, OBJECT_PROCESS, false, "pid:123"},
	{"*", RIGHT_PTRACE, OBJECT_PROCESS, false, "*"},
};

START_TEST(texts_parse_and_come_back)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_free_ char *formatted = NULL;
		struct object object, copy;
		const char *expected;
		bool beneath;

		ck_assert_msg(object_parse(texts[i].text, texts[i].rights,
					   &object, &beneath, &expected) == 0,
			      "%s", texts[i].text);
		ck_assert_int_eq(object.type, texts[i].type);
		ck_assert_int_eq(beneath, texts[i].beneath);
		formatted = object_format(&object);
		ck_assert_str_eq(formatted, texts[i].formatted);
		ck_assert_int_eq(object_copy(&copy, &object), 0);
		ck_assert(object_equal(&copy, &object));
		ck_assert_uint_eq(object_hash(&copy), object_hash(&object));
		object_finish(&object);
		object_finish(&copy);
	}
}
END_TEST

START_TEST(bad_texts_say_what_was_expected)
{
	static const struct {
		const char *text;
		rights_t rights;
	} cases[] = {
		{"", RIGHTS_READ},
		{"etc", RIGHTS_READ},
		{"~/x", RIGHTS_READ},
		{"/a//b", RIGHTS_READ},
		{"/a/../b", RIGHTS_READ},
		{"/a/./b", RIGHTS_READ},
		{"/..", RIGHTS_READ},
		{"*", RIGHTS_READ},
		{"65536", RIGHTS_NET},
		{"-1", RIGHTS_NET},
		{"http", RIGHTS_NET},
		{"99999999999999999999", RIGHTS_NET},
		{"", RIGHTS_NET},
		{"name", RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET},
		{"@", RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET},
		{"@\\q", RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET},
		{"NET_RAW", RIGHT_PERM_CAPABILITY_USE},
		{"CAP_41", RIGHT_PERM_CAPABILITY_USE},
		{"CAP_64", RIGHT_PERM_CAPABILITY_USE},
		{"1", RIGHT_PERM_NAMESPACE_ENTER},
		{"user+none", RIGHT_PERM_NAMESPACE_ENTER},
		{"user+", RIGHT_PERM_NAMESPACE_ENTER},
		{"+user", RIGHT_PERM_NAMESPACE_ENTER},
		{"inet:stream", RIGHT_PERM_SOCKET_CREATE},
		{"inet:*:0", RIGHT_PERM_SOCKET_CREATE},
		{"*:*:0", RIGHT_PERM_SOCKET_CREATE},
		{"inet:stream:", RIGHT_PERM_SOCKET_CREATE},
		{"inet:stream:*:", RIGHT_PERM_SOCKET_CREATE},
		{"inet:what:*", RIGHT_PERM_SOCKET_CREATE},
		{"pid:", RIGHT_PTRACE},
		{"pid:0", RIGHT_PTRACE},
		{"/x", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *expected = NULL;
		struct object object;
		bool beneath;

		ck_assert_msg(object_parse(cases[i].text, cases[i].rights,
					   &object, &beneath,
					   &expected) == -EINVAL,
			      "\"%s\"", cases[i].text);
		ck_assert_ptr_nonnull(expected);
	}
}
END_TEST

START_TEST(addresses_do_not_count)
{
	struct object a = {.type = OBJECT_PORT, .port = 80};
	struct object b = {.type = OBJECT_PORT, .port = 80};

	strcpy(a.address, "192.0.2.1");
	ck_assert(object_equal(&a, &b));
	ck_assert_uint_eq(object_hash(&a), object_hash(&b));
	b.port = 81;
	ck_assert(!object_equal(&a, &b));
}
END_TEST

START_TEST(beneath)
{
	ck_assert(path_is_beneath("/a/b", "/a"));
	ck_assert(path_is_beneath("/a", "/a"));
	ck_assert(path_is_beneath("/a", "/"));
	ck_assert(!path_is_beneath("/ab", "/a"));
	ck_assert(!path_is_beneath("/", "/a"));
}
END_TEST

START_TEST(app_names)
{
	static const struct {
		const char *app, *file;
	} cases[] = {
		{"vim", "vim.ini"},	  {"..", "%2E..ini"},
		{"../x", "%2E.%2Fx.ini"}, {".x", "%2Ex.ini"},
		{"a b%", "a%20b%25.ini"}, {"gr\xc3\xbc", "gr%C3%BC.ini"},
	};
	char long_name[400], *file = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ck_assert_int_eq(app_file_name(cases[i].app, ".ini", &file), 0);
		ck_assert_str_eq(file, cases[i].file);
		free(file);
	}
	ck_assert_int_eq(app_file_name("", ".ini", &file), -EINVAL);
	memset(long_name, '/', sizeof(long_name));
	long_name[100] = '\0';
	ck_assert_int_eq(app_file_name(long_name, ".ini", &file),
			 -ENAMETOOLONG);
}
END_TEST

START_TEST(rights_have_names)
{
	rights_t rights;
	char *text;

	ck_assert_int_eq(right_parse("fs.read_file", &rights), 0);
	ck_assert_uint_eq(rights, RIGHT_FS_READ_FILE);
	ck_assert_int_eq(right_parse("connect_tcp", &rights), 0);
	ck_assert_uint_eq(rights, RIGHT_NET_CONNECT_TCP);
	ck_assert_int_eq(right_parse("write", &rights), 0);
	ck_assert_uint_eq(rights, RIGHTS_WRITE);
	ck_assert_int_eq(right_parse("read_files", &rights), -EINVAL);
	ck_assert_int_eq(right_parse("", &rights), -EINVAL);
	text = rights_format(RIGHTS_READ);
	ck_assert_str_eq(text, "fs.read_file,fs.read_dir");
	free(text);
	text = rights_format(0);
	ck_assert_str_eq(text, "");
	free(text);
	text = rights_format_groups(RIGHTS_READ | RIGHT_FS_EXECUTE |
					    RIGHT_FS_IOCTL_DEV |
					    RIGHT_FS_TRUNCATE,
				    object_rights(OBJECT_PATH));
	ck_assert_str_eq(text, "read,execute,fs.truncate,fs.ioctl_dev");
	free(text);
	/* What the object is makes the group whole. */
	text = rights_format_groups(RIGHT_NET_CONNECT_TCP |
					    RIGHT_NET_CONNECT_SEND_UDP,
				    object_rights(OBJECT_PORT));
	ck_assert_str_eq(text, "connect");
	free(text);
	text = rights_format_groups(RIGHT_NET_CONNECT_TCP,
				    object_rights(OBJECT_PORT));
	ck_assert_str_eq(text, "net.connect_tcp");
	free(text);
	/* A right that two groups have is said once. */
	text = rights_format_groups(RIGHTS_CREATE, object_rights(OBJECT_PATH));
	ck_assert_str_eq(text, "create");
	free(text);
	text = rights_describe(RIGHTS_WRITE | RIGHT_FS_READ_FILE);
	ck_assert_str_eq(text, "write, read and truncate");
	free(text);
	text = rights_describe(RIGHT_FS_MAKE_DIR);
	ck_assert_str_eq(text, "create a directory");
	free(text);
}
END_TEST

UNIT_MAIN("object", texts_parse_and_come_back, bad_texts_say_what_was_expected,
	  addresses_do_not_count, beneath, app_names, rights_have_names);
