/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an access gives away is said, and nothing of one that gives only what it
 * says.
 */
#include <string.h>

#include "agent/words.h"
#include "unit.h"

static const struct {
	const char *path, *meaning; /* a part of it; NULL: none */
	rights_t missing;
} cases[] = {
	{"/tmp/.X11-unix/X0", "all that you type", RIGHT_FS_RESOLVE_UNIX},
	{"/run/user/1000/bus", "started outside", RIGHT_FS_RESOLVE_UNIX},
	{"/run/user/1000/systemd/private", "started outside",
	 RIGHT_FS_RESOLVE_UNIX},
	{"/run/docker.sock", "whatever it likes", RIGHT_FS_RESOLVE_UNIX},
	{"/tmp/ssh-abc/agent.12", "your keys", RIGHT_FS_RESOLVE_UNIX},
	{"/home/u/.gnupg/S.gpg-agent", "your keys", RIGHT_FS_RESOLVE_UNIX},
	{"/run/user/1000/pulse/native", "records", RIGHT_FS_RESOLVE_UNIX},
	{"/run/user/1000/other", NULL, RIGHT_FS_RESOLVE_UNIX},
	{"/tmp/.X11-unix/X0", NULL, RIGHT_FS_READ_FILE},
	{"/etc/profile", "as whom", RIGHT_FS_WRITE_FILE},
	{"/etc/profile", NULL, RIGHT_FS_READ_FILE},
	{"/srv/file", NULL, RIGHT_FS_WRITE_FILE},
};

START_TEST(what_is_given_away)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct access access = {.missing = cases[i].missing};
		const char *meaning;

		ck_assert_int_eq(
			object_init_path(&access.object, cases[i].path), 0);
		meaning = words_meaning(&access);
		if (cases[i].meaning)
			ck_assert_msg(meaning &&
					      strstr(meaning, cases[i].meaning),
				      "%s", cases[i].path);
		else
			ck_assert_msg(!meaning, "%s: %s", cases[i].path,
				      meaning);
		object_finish(&access.object);
	}
}
END_TEST

START_TEST(names_that_are_no_files)
{
	struct access access = {.missing = RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET};
	const struct access port = {
		.object = {.type = OBJECT_PORT, .port = 6000},
		.missing = RIGHT_NET_CONNECT_TCP,
	};

	ck_assert_int_eq(object_init_abstract(&access.object,
					      "/tmp/.X11-unix/X1",
					      strlen("/tmp/.X11-unix/X1")),
			 0);
	ck_assert_ptr_nonnull(words_meaning(&access));
	object_finish(&access.object);
	ck_assert_ptr_null(words_meaning(&port));
}
END_TEST

UNIT_MAIN("words", what_is_given_away, names_that_are_no_files);
