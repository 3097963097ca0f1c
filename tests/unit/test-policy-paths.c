/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the paths of policy files stand for. */
#include <errno.h>

#include "base/cleanup.h"
#include "policy/expand.h"
#include "policy/resolve.h"
#include "layers.h"

START_TEST(paths_expand)
{
	static const struct {
		const char *text, *path;
	} cases[] = {
		{"~", "/home/u"},
		{"~/x//y/./z/", "/home/u/x/y/z"},
		{"$HOME/x", "/home/u/x"},
		{"$XDG_CONFIG_HOME", "/home/u/.config"},
		{"$XDG_DATA_HOME/x", "/home/u/.local/share/x"},
		{"$XDG_CACHE_HOME", "/cache"},
		{"$XDG_STATE_HOME", "/home/u/.local/state"},
		{"$XDG_DOCUMENTS_DIR", "/home/u/Documents"},
		{"$TMPDIR/x", "/tmp/x"},
		{"$PWD/x", "/work dir/x"},
		{"///", "/"},
		{"/./", "/"},
		{"/...", "/..."},
	};
	static const char *const bad[] = {
		"",	 "x",	    "~u/x", "$",	  "$HOMEx",
		"$home", "/a/../b", "~/..", "$HOME/../x",
	};
	const char *expected;
	char *path;

	set_up();
	setenv("XDG_CACHE_HOME", "/cache", 1);
	setenv("XDG_STATE_HOME", "relative", 1);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ck_assert_int_eq(expand_path(cases[i].text, EXPAND_ENVIRONMENT,
					     options.program, &path, &expected),
				 0);
		ck_assert_str_eq(path, cases[i].path);
		free(path);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(expand_path(bad[i], EXPAND_ENVIRONMENT, NULL,
					  &path, &expected) == -EINVAL,
			      "%s", bad[i]);
	tear_down();
}
END_TEST

START_TEST(user_dirs)
{
	static const char *const whole[][2] = {
		{"$XDG_MUSIC_DIR", "/home/u/Music"},
		{"$XDG_PICTURES_DIR", "/home/u/Pictures"},
		{"$XDG_TEMPLATES_DIR", "/home/u/Templates"},
	};
	const char *expected;
	char *path;

	set_up();
	directory_write(
		root, ".config/user-dirs.dirs",
		"# XDG_MUSIC_DIR=\"/no\"\n"
		"XDG_DOCUMENTS_DIR=\"$HOME/Papers\"\n"
		"XDG_VIDEOS_DIR=\"/videos\"\nXDG_MUSIC_DIR=\"$HOME/\"\n"
		"XDG_PICTURES_DIR=\"$HOME/.//\"\nXDG_TEMPLATES_DIR=\"/\"\n");
	setenv("XDG_CONFIG_HOME", directory_path(root, ".config"), 1);
	ck_assert_int_eq(expand_path("$XDG_DOCUMENTS_DIR/x", EXPAND_ENVIRONMENT,
				     NULL, &path, &expected),
			 0);
	ck_assert_str_eq(path, "/home/u/Papers/x");
	free(path);
	ck_assert_int_eq(expand_path("$XDG_VIDEOS_DIR", EXPAND_ENVIRONMENT,
				     NULL, &path, &expected),
			 0);
	ck_assert_str_eq(path, "/videos");
	free(path);
	/* All of the home, however it is written, is no such directory. */
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++) {
		ck_assert_int_eq(expand_path(whole[i][0], EXPAND_ENVIRONMENT,
					     NULL, &path, &expected),
				 0);
		ck_assert_str_eq(path, whole[i][1]);
		free(path);
	}
	tear_down();
}
END_TEST

/* A floor that does not move when the user sets HOME. */
START_TEST(administrators_home_is_the_systems)
{
	struct file_errors errors = {0};
	struct ruleset *ruleset;
	char *home, *path;

	set_up();
	ck_assert_int_eq(expand_variable("HOME", EXPAND_SYSTEM, NULL, &home),
			 0);
	ck_assert_str_ne(home, "/home/u");
	directory_write(root, "admin/base.ini", "[deny]\nread = ~/.x\n");
	directory_write(root, "user/base.ini", "[allow]\nread = /\n");
	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	ck_assert_int_gt(asprintf(&path, "%s/.x", home), 0);
	ck_assert_int_eq(judge(ruleset, path, RIGHT_FS_READ_FILE), EFFECT_DENY);
	ck_assert_int_eq(judge(ruleset, "/home/u/.x", RIGHT_FS_READ_FILE),
			 EFFECT_DENY);
	ck_assert_int_eq(judge(ruleset, "/home/u/.y", RIGHT_FS_READ_FILE),
			 EFFECT_ALLOW);
	ruleset_unref(ruleset);
	free(path);
	free(home);
	tear_down();
}
END_TEST

START_TEST(links_are_resolved)
{
	char *resolved;

	set_up();
	directory_write(root, "real/file", "");
	ck_assert_int_eq(symlink("real", directory_path(root, "link")), 0);
	ck_assert_int_eq(symlink("link/../loop", directory_path(root, "loop")),
			 0);
	ck_assert_int_eq(resolve_path(NULL, directory_path(root, "link/file"),
				      RESOLVE_ALL, &resolved),
			 0);
	ck_assert_str_eq(resolved, directory_path(root, "real/file"));
	free(resolved);
	ck_assert_int_eq(resolve_path(NULL, directory_path(root, "link/none/x"),
				      RESOLVE_ALL, &resolved),
			 0);
	ck_assert_str_eq(resolved, directory_path(root, "real/none/x"));
	free(resolved);
	ck_assert_int_eq(resolve_path(NULL, directory_path(root, "loop"),
				      RESOLVE_ALL, &resolved),
			 -ELOOP);
	ck_assert_int_eq(
		resolve_path(NULL, "/proc/self/x", RESOLVE_ALL, &resolved), 0);
	ck_assert_str_eq(resolved, "/proc/self/x");
	free(resolved);
	if (getuid() == 0)
		ck_assert_int_eq(
			lchown(directory_path(root, "link"), 65534, 65534), 0);
	ck_assert_int_eq(resolve_path(NULL, directory_path(root, "link"),
				      RESOLVE_ROOTS, &resolved),
			 -EPERM);
	tear_down();
}
END_TEST

/* What was seen once is believed, but for links. */
START_TEST(what_was_seen_is_remembered)
{
	struct resolve_memo memo = {0};
	struct stat status;
	char *resolved;

	set_up();
	directory_write(root, "a/file", "");
	ck_assert_int_eq(resolve_path(&memo, directory_path(root, "a/file"),
				      RESOLVE_ALL, &resolved),
			 0);
	free(resolved);
	ck_assert_int_eq(resolve_path(&memo, directory_path(root, "none/x"),
				      RESOLVE_ALL, &resolved),
			 0);
	ck_assert_str_eq(resolved, directory_path(root, "none/x"));
	free(resolved);
	directory_write(root, "none/x", "");
	ck_assert_int_eq(resolve_look(&memo, directory_path(root, "none/x"),
				      false, &status),
			 -ENOENT);
	ck_assert_int_eq(
		resolve_look(&memo, directory_path(root, "a"), false, &status),
		0);
	ck_assert(S_ISDIR(status.st_mode));
	resolve_forget(&memo);
	ck_assert_int_eq(resolve_look(&memo, directory_path(root, "none/x"),
				      false, &status),
			 0);
	ck_assert_int_eq(symlink("a", directory_path(root, "link")), 0);
	ck_assert_int_eq(resolve_look(&memo, directory_path(root, "link"), true,
				      &status),
			 0);
	ck_assert_int_eq(unlink(directory_path(root, "link")), 0);
	ck_assert_int_eq(resolve_look(&memo, directory_path(root, "link"), true,
				      &status),
			 -ENOENT);
	resolve_forget(&memo);
	tear_down();
}
END_TEST

/* A link that a program can move widens a refusal, never a permission. */
/* A directory that is read at once says the same as names that are looked up.
 */
START_TEST(directories_are_read_at_once)
{
	struct resolve_memo memo = {0};
	struct stat status;
	char *path;

	set_up();
	directory_write(root, "a/file", "");
	directory_write(root, "a/b/file", "");
	ck_assert_int_eq(symlink("b", directory_path(root, "a/link")), 0);
	ck_assert_int_eq(symlink("a", directory_path(root, "to-a")), 0);
	resolve_list(&memo, directory_path(root, "to-a"));
	ck_assert_int_eq(resolve_kind(&memo, directory_path(root, "to-a/x")),
			 FOLDER_UNKNOWN);
	resolve_list(&memo, directory_path(root, "a"));
	if (resolve_kind(&memo, directory_path(root, "a/file")) !=
	    FOLDER_UNKNOWN) {
		ck_assert_int_eq(
			resolve_kind(&memo, directory_path(root, "a/none")),
			FOLDER_NOTHING);
		ck_assert_int_eq(
			resolve_kind(&memo, directory_path(root, "a/none/x")),
			FOLDER_NOTHING);
		ck_assert_int_eq(
			resolve_kind(&memo, directory_path(root, "a/b/none")),
			FOLDER_UNKNOWN);
		ck_assert_int_eq(
			resolve_kind(&memo, directory_path(root, "a/link")),
			FOLDER_LINK);
	}
	ck_assert_int_eq(resolve_look(&memo, directory_path(root, "a/none"),
				      false, &status),
			 -ENOENT);
	ck_assert_int_eq(resolve_path(&memo, directory_path(root, "a/link/x"),
				      RESOLVE_ALL, &path),
			 0);
	ck_assert_str_eq(path, directory_path(root, "a/b/x"));
	free(path);
	ck_assert_int_eq(resolve_path(&memo, directory_path(root, "a/file"),
				      RESOLVE_ALL, &path),
			 0);
	ck_assert_str_eq(path, directory_path(root, "a/file"));
	free(path);
	resolve_forget(&memo);
	tear_down();
}
END_TEST

START_TEST(links_of_users_do_not_allow)
{
	struct file_errors errors = {0};
	struct ruleset *ruleset;
	char text[8192];

	set_up();
	ck_assert_int_eq(symlink("/etc", directory_path(root, "link")), 0);
	if (getuid() == 0)
		ck_assert_int_eq(
			lchown(directory_path(root, "link"), 65534, 65534), 0);
	snprintf(text, sizeof(text),
		 "[allow]\nread_file = %s\n[deny]\nexecute = %s\n",
		 directory_path(root, "link"), directory_path(root, "link"));
	directory_write(root, "user/base.ini", text);
	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	ck_assert_int_eq(judge(ruleset, "/etc/x", RIGHT_FS_READ_FILE),
			 EFFECT_ASK);
	ck_assert_int_eq(judge(ruleset, "/etc/x", RIGHT_FS_EXECUTE),
			 EFFECT_DENY);
	ck_assert_uint_eq(errors.count, 1);
	ck_assert_uint_eq(errors.items[0].line, 2);
	file_errors_finish(&errors);
	ruleset_unref(ruleset);
	tear_down();
}
END_TEST

/* What is the program's own is what its supervisor says, or its environment. */
START_TEST(variables_of_the_program)
{
	static const char *const given[] = {"PWD=/src", "PROJECT=/src/project",
					    "DISPLAY=/tmp/.X11-unix/X7",
					    "XAUTHORITY=relative", NULL};
	static const struct {
		const char *display, *path; /* NULL: none */
	} displays[] = {
		{":0", "/tmp/.X11-unix/X0"},
		{":12.3", "/tmp/.X11-unix/X12"},
		{"unix:1", "/tmp/.X11-unix/X1"},
		{"host:10", NULL},
		{"localhost:10.0", NULL},
		{":", NULL},
		{":0x", NULL},
		{":../../etc", NULL},
	};
	const char *expected;
	char *path = NULL;

	ck_assert_int_eq(expand_path("$PROJECT/x", EXPAND_ENVIRONMENT, given,
				     &path, &expected),
			 0);
	ck_assert_str_eq(path, "/src/project/x");
	free(path);
	ck_assert_int_eq(expand_path("$TMPDIR", EXPAND_ENVIRONMENT, given,
				     &path, &expected),
			 0);
	ck_assert_str_eq(path, "/tmp");
	free(path);
	ck_assert_int_eq(expand_path("$DISPLAY", EXPAND_ENVIRONMENT, given,
				     &path, &expected),
			 0);
	ck_assert_str_eq(path, "/tmp/.X11-unix/X7");
	free(path);
	ck_assert_int_eq(expand_path("$XAUTHORITY", EXPAND_ENVIRONMENT, given,
				     &path, &expected),
			 -ENOENT);
	ck_assert_int_eq(expand_path("$WAYLAND_DISPLAY", EXPAND_ENVIRONMENT,
				     given, &path, &expected),
			 -ENOENT);
	ck_assert(expand_is_optional("$DISPLAY"));
	ck_assert(expand_is_optional("$PROJECT/.git"));
	ck_assert(!expand_is_optional("$PWD"));
	ck_assert(!expand_is_optional("/$PROJECT"));
	for (size_t i = 0; i < ARRAY_SIZE(displays); i++) {
		const int wanted = displays[i].path ? 0 : -ENOENT;

		setenv("DISPLAY", displays[i].display, 1);
		ck_assert_int_eq(expand_variable("DISPLAY", EXPAND_ENVIRONMENT,
						 NULL, &path),
				 wanted);
		if (wanted)
			continue;
		ck_assert_str_eq(path, displays[i].path);
		free(path);
	}
	unsetenv("DISPLAY");
}
END_TEST

/* A project is nobody's home directory, nor is what holds it. */
START_TEST(projects)
{
	_cleanup_free_ char *path = NULL, *other = NULL;
	char *const directory = directory_make();

	directory_write(directory, "home/project/.git/HEAD", "");
	directory_write(directory, "home/project/deep/file", "");
	directory_write(directory, "home/other/file", "");
	setenv("HOME", directory_path(directory, "home"), 1);
	ck_assert_int_eq(chdir(directory_path(directory, "home/project/deep")),
			 0);
	ck_assert_int_eq(
		expand_variable("PROJECT", EXPAND_ENVIRONMENT, NULL, &path), 0);
	ck_assert_str_eq(path, directory_path(directory, "home/project"));
	ck_assert_int_eq(chdir(directory_path(directory, "home/other")), 0);
	ck_assert_int_eq(
		expand_variable("PROJECT", EXPAND_ENVIRONMENT, NULL, &other),
		0);
	ck_assert_str_eq(other, directory_path(directory, "home/other"));
	ck_assert_int_eq(chdir(directory_path(directory, "home")), 0);
	ck_assert_int_eq(
		expand_variable("PROJECT", EXPAND_ENVIRONMENT, NULL, &path),
		-ENOENT);
	ck_assert_int_eq(chdir("/"), 0);
	directory_remove(directory);
}
END_TEST

UNIT_MAIN("policy-paths", paths_expand, variables_of_the_program, projects,
	  user_dirs, administrators_home_is_the_systems, links_are_resolved,
	  what_was_seen_is_remembered, directories_are_read_at_once,
	  links_of_users_do_not_allow);
