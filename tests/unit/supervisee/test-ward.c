/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects that rules refuse, by whatever name they are reached. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "directory.h"
#include "path/fold.h"
#include "path/ward.h"
#include "rules.h"
#include "unit.h"

static char *root;
static struct rules rules;
static struct ruleset *policy;
static struct wards *wards;

static void deny(const char *name)
{
	rules_add(&rules, LAYER_USER, EFFECT_DENY, RIGHTS_READ,
		  directory_path(root, name));
}

static void setup(void)
{
	root = directory_make();
	directory_write(root, "w/private/deep/key", "");
	directory_write(root, "w/secret", "");
	directory_write(root, "w/other/file", "");
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, RIGHTS_READ,
		  directory_path(root, "w"));
	deny("w/private");
	deny("w/secret");
	deny("w/absent");
	policy = rules_compile(&rules);
	ck_assert_int_eq(wards_new(&wards, policy), 0);
}

static void teardown(void)
{
	wards_free(wards);
	ruleset_unref(policy);
	rules_finish(&rules);
	directory_remove(root);
}

static char found[4096];
static unsigned int names;

/* The same name may be found in more than one way. */
static int note(void *userdata, const char *rest, const char *path)
{
	char name[sizeof(found)];

	(void)userdata;
	snprintf(name, sizeof(name), "%s|%s", rest, path + strlen(root) + 1);
	names += strcmp(name, found) != 0;
	strcpy(found, name);
	return 0;
}

/* @wanted: "REST|NAME" of the only other name, or NULL for none */
static void check(const char *name, bool moves, const char *wanted)
{
	const char *path = directory_path(root, name);
	struct wards_object object = {.path = path, .moves = moves};
	const int fd = open(path, O_PATH | O_NOFOLLOW);
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	object.device = st.st_dev;
	object.inode = st.st_ino;
	object.place = fd;
	names = 0;
	found[0] = '\0';
	ck_assert_int_eq(wards_names(wards, &object, note, NULL), 0);
	close(fd);
	ck_assert_msg(names == !!wanted, "%s: %u names", name, names);
	if (wanted)
		ck_assert_str_eq(found, wanted);
}

static void move(const char *from, const char *to)
{
	ck_assert_int_eq(
		rename(directory_path(root, from), directory_path(root, to)),
		0);
	wards_look(wards, false);
}

/* Where everything is in its place, names suffice. */
START_TEST(in_place)
{
	setup();
	check("w/private/deep/key", false, NULL);
	check("w/secret", false, NULL);
	check("w/other/file", false, NULL);
	check("w", true, wards_fd(wards) < 0 ? "/secret|w/secret" : NULL);
	teardown();
}
END_TEST

START_TEST(moved)
{
	setup();
	move("w/private", "w/other/p");
	check("w/other/p", false, "|w/private");
	check("w/other/p/deep/key", false, "|w/private/deep/key");
	check("w/other/file", false, NULL);
	/* What is above it now takes it along. */
	check("w/other", true, "/p|w/private");
	check("w/other", false, NULL);
	move("w", "v");
	check("v/other/p/deep/key", false, "|w/private/deep/key");
	check("v/secret", false, "|w/secret");
	/* Back again. */
	move("v", "w");
	move("w/other/p", "w/private");
	check("w/private/deep/key", false, NULL);
	teardown();
}
END_TEST

/* Where what was moved lies now no name tells that it may move again. */
START_TEST(moved_again)
{
	setup();
	move("w/private", "w/other/p");
	check("w/other/p/deep/key", false, "|w/private/deep/key");
	ck_assert_int_eq(rename(directory_path(root, "w/other"),
				directory_path(root, "w/away")),
			 0);
	check("w/away/p/deep/key", false, "|w/private/deep/key");
	check("w/away/p", false, "|w/private");
	teardown();
}
END_TEST

START_TEST(linked)
{
	setup();
	ck_assert_int_eq(link(directory_path(root, "w/secret"),
			      directory_path(root, "w/other/link")),
			 0);
	check("w/other/link", false, "|w/secret");
	/* The name has gone, and then is another file's. */
	ck_assert_int_eq(unlink(directory_path(root, "w/secret")), 0);
	check("w/other/link", false, "|w/secret");
	directory_write(root, "w/secret", "new");
	wards_look(wards, false);
	check("w/other/link", false, "|w/secret");
	move("w/secret", "w/other/new");
	check("w/other/new", false, "|w/secret");
	check("w/other/link", false, "|w/secret");
	teardown();
}
END_TEST

/* What comes into being later is as good. */
START_TEST(appeared)
{
	setup();
	ck_assert_int_eq(mkdir(directory_path(root, "w/absent"), 0755), 0);
	wards_look(wards, false);
	move("w/absent", "w/present");
	check("w/present", false, "|w/absent");
	teardown();
}
END_TEST

/* Everybody makes files in directories that are watched. */
START_TEST(other_names_are_passed_over)
{
	static const struct {
		const char *name;
		bool counts;
	} cases[] = {
		{"w/unrelated", false}, {"w/absent", true},
		{"w/Secret", true},	{"w/PRIVATE", true},
		{"w/secret.", true},	{"w/SECRET~1", true},
		{"w/\xc3\xa9", true},	{"w/secrets", false},
		{"w/other.tmp", false},
	};

	setup();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (wards_fd(wards) < 0)
			break;
		directory_write(root, cases[i].name, "");
		ck_assert_msg(wards_look(wards, false) == cases[i].counts, "%s",
			      cases[i].name);
		ck_assert(!wards_look(wards, false));
	}
	teardown();
}
END_TEST

/* A plain name may be that of a ward that is written otherwise. */
START_TEST(odd_names_may_be_any)
{
	setup();
	deny("w/\xc5\xbf"
	     "ecret"); /* a long s */
	ruleset_unref(policy);
	policy = rules_compile(&rules);
	ck_assert_int_eq(wards_set(wards, policy), 0);
	wards_look(wards, false);
	directory_write(root, "w/sEcrets", "");
	ck_assert(wards_fd(wards) < 0 || wards_look(wards, false));
	teardown();
}
END_TEST

/* Other rules: what is refused no more has no other name. */
START_TEST(forgotten)
{
	setup();
	rules_finish(&rules);
	deny("w/secret");
	ruleset_unref(policy);
	policy = rules_compile(&rules);
	ck_assert_int_eq(wards_set(wards, policy), 0);
	move("w/private", "w/p");
	check("w/p/deep/key", false, NULL);
	move("w/secret", "w/s");
	check("w/s", false, "|w/secret");
	deny("w/other");
	ruleset_unref(policy);
	policy = rules_compile(&rules);
	ck_assert_int_eq(wards_set(wards, policy), 0);
	/* Where it was when its rule came into force. */
	check("w/s", false, "|w/secret");
	move("w/other", "w/o");
	check("w/o/file", false, "|w/other/file");
	teardown();
}
END_TEST

/* A link to it keeps a directory from what the kernel holds. */
START_TEST(exposed)
{
	struct wards_place at;
	const char *path;
	int fd;

	setup();
	path = directory_path(root, "w/other");
	fd = open(path, O_PATH);
	ck_assert_int_eq(wards_place_of(fd, &at), 0);
	ck_assert_uint_eq(wards_exposed(wards, policy, path, &at, RIGHTS_FS),
			  0);
	ck_assert_int_eq(link(directory_path(root, "w/secret"),
			      directory_path(root, "w/other/link")),
			 0);
	wards_free(wards);
	ck_assert_int_eq(wards_new(&wards, policy), 0);
	ck_assert_uint_eq(wards_exposed(wards, policy, path, &at, RIGHTS_FS),
			  RIGHTS_READ);
	ck_assert_int_eq(unlink(directory_path(root, "w/other/link")), 0);
	wards_free(wards);
	ck_assert_int_eq(wards_new(&wards, policy), 0);
	move("w/private", "w/other/p");
	ck_assert_uint_eq(wards_exposed(wards, policy, path, &at, RIGHTS_FS),
			  RIGHTS_READ);
	close(fd);
	teardown();
}
END_TEST

/* As setup(), with a pattern about what is in one directory. */
static void setup_pattern(const char *pattern)
{
	setup();
	rules_add_pattern(&rules, EFFECT_DENY, RIGHTS_READ,
			  directory_path(root, pattern));
	ruleset_unref(policy);
	policy = rules_compile(&rules);
	ck_assert_int_eq(wards_set(wards, policy), 0);
}

/* A file that a pattern matches is known by its links. */
START_TEST(linked_by_a_pattern)
{
	setup_pattern("w/other/f?le");
	check("w/other/file", false, NULL);
	ck_assert_int_eq(link(directory_path(root, "w/other/file"),
			      directory_path(root, "w/link")),
			 0);
	check("w/link", false, "|w/other/file");
	/* What other rules say of patterns finds other files. */
	rules_add_pattern(&rules, EFFECT_DENY, RIGHTS_READ,
			  directory_path(root, "w/l*"));
	ruleset_unref(policy);
	policy = rules_compile(&rules);
	ck_assert_int_eq(wards_set(wards, policy), 0);
	check("w/other/file", false, "|w/link");
	teardown();
}
END_TEST

/* Where it may match, and where what it matches may have other names, the
 * kernel holds nothing of what is refused. */
START_TEST(exposed_by_a_pattern)
{
	struct wards_place at, installed;
	const char *path;
	int fd;

	setup();
	path = directory_path(root, "w/private/deep");
	fd = open(path, O_PATH);
	ck_assert_int_eq(wards_place_of(fd, &at), 0);
	close(fd);
	fd = open("/usr", O_PATH);
	ck_assert_int_eq(wards_place_of(fd, &installed), 0);
	close(fd);
	ck_assert_uint_eq(
		wards_exposed(wards, policy, path, &at, RIGHT_FS_WRITE_FILE),
		0);
	teardown();
	setup_pattern("w/other/f?le");
	ck_assert_uint_eq(wards_exposed(wards, policy, path, &at, RIGHTS_READ),
			  RIGHT_FS_READ_FILE);
	ck_assert_uint_eq(wards_exposed(wards, policy, path, &at,
					RIGHTS_REMOVE | RIGHT_FS_WRITE_FILE),
			  0);
	ck_assert_uint_eq(
		wards_exposed(wards, policy, "/usr", &installed, RIGHTS_READ),
		0);
	teardown();
}
END_TEST

/* How many objects beneath the root this process holds. */
static unsigned int held(void)
{
	unsigned int count = 0;

	for (int fd = 0; fd < 1024; fd++) {
		char link[64], path[4096];
		ssize_t length;

		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		length = readlink(link, path, sizeof(path) - 1);
		count += length > 0 && (size_t)length > strlen(root) &&
			 strncmp(path, root, strlen(root)) == 0;
	}
	return count;
}

/* @prefix: "|" for what is found */
static const char *neighbour(const char *prefix, unsigned int i)
{
	static char texts[2][64];
	static unsigned int next;
	char *const text = texts[next++ % 2];

	sprintf(text, "%sw/many/%u", prefix, i);
	return text;
}

/* Sets rules for so many neighbours, of which the first are not there. */
static void setup_neighbours(unsigned int absent, unsigned int count)
{
	root = directory_make();
	directory_write(root, "w/other/file", "");
	directory_write(root, "w/many/file", "");
	for (unsigned int i = 0; i < count; i++) {
		const char *name = neighbour("", i);

		if (i >= absent)
			directory_write(root, name, "");
		deny(name);
	}
	deny("w/none/file");
	policy = rules_compile(&rules);
	ck_assert_int_eq(wards_new(&wards, policy), 0);
}

/* What has another name, too, is known by that one. */
static void check_neighbour(unsigned int i, bool known)
{
	const char *wanted = neighbour("|", i);

	ck_assert_int_eq(link(directory_path(root, neighbour("", i)),
			      directory_path(root, "w/other/link")),
			 0);
	check("w/other/link", false, known ? wanted : NULL);
	ck_assert_int_eq(unlink(directory_path(root, "w/other/link")), 0);
}

/* Where many names are in one directory, it is read instead. */
START_TEST(neighbours)
{
	setup_neighbours(20, 40);
	for (unsigned int i = 20; i < 40; i++)
		check_neighbour(i, true);
	directory_write(root, "w/many/7", "");
	directory_write(root, "w/none/file", "");
	ck_assert_int_eq(symlink("file", directory_path(root, "w/many/8")), 0);
	ck_assert(wards_look(wards, true));
	check_neighbour(7, true);
	check("w/many/file", false, NULL);
	ck_assert_int_eq(link(directory_path(root, "w/none/file"),
			      directory_path(root, "w/other/link")),
			 0);
	check("w/other/link", false, "|w/none/file");
	teardown();
}
END_TEST

/* Of more than can be held it is the first that keep their numbers. */
START_TEST(crowd)
{
	setup_neighbours(0, 400);
	for (unsigned int i = 0; i < 400; i += 57)
		check_neighbour(i, true);
	/* Held, it is known by any name. */
	if (wards_fd(wards) >= 0) {
		move("w/many/0", "w/other/first");
		check("w/other/first", false, "|w/many/0");
	}
	ck_assert_uint_eq(held(), 128);
	teardown();
}
END_TEST

START_TEST(folded_names)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"secret", "secret", true},
		{"secret", "SECRET", true},
		{"secret", "secrets", false},
		{"secret", "secre", false},
		{"secret", "secret.", true},
		{"secret", "secret. .", true},
		{"secret",
		 "se\xe2\x80\x8b"
		 "cret",
		 true}, /* without a width */
		{"secret",
		 "\xc5\xbf"
		 "ecret",
		 true}, /* a long s */
		{"stra\xc3\x9f"
		 "e",
		 "strasse", true},
		{"caf\xc3\xa9", "cafe\xcc\x81", true},
		{"secret",
		 "\xc3\x9c"
		 "bung",
		 false},
		{"longname.html", "LONGNA~1.HTM", true},
		{"longname.html", "OTHERN~1.HTM", false},
		{"a~", "b~", false},
		{".", ".", true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *a = cases[i].a, *b = cases[i].b;

		ck_assert_msg(fold_same(a, strlen(a), b, strlen(b)) ==
				      cases[i].same,
			      "%s, %s", a, b);
		ck_assert_msg(fold_same(b, strlen(b), a, strlen(a)) ==
				      cases[i].same,
			      "%s, %s", b, a);
	}
}
END_TEST

START_TEST(folded_paths)
{
	static const struct {
		const char *rule, *path, *result;
	} paths[] = {
		{"/mnt/secret", "/mnt/SECRET", "/mnt/secret"},
		{"/mnt/secret", "/mnt/SECRET/a/B", "/mnt/secret/a/B"},
		{"/mnt/secret", "/mnt/secret/a", NULL}, /* so it is spelled */
		{"/mnt/secret", "/mnt/other", NULL},
		{"/mnt/dir/secret", "/mnt/DIR", "/mnt/dir"},
		{"/", "/mnt", NULL},
	};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		ck_assert_msg(fold_path(paths[i].rule, paths[i].path, path) ==
				      !!paths[i].result,
			      "%s, %s", paths[i].rule, paths[i].path);
		if (paths[i].result)
			ck_assert_str_eq(path, paths[i].result);
	}
}
END_TEST

START_TEST(folded_patterns)
{
	static const struct {
		const char *pattern, *path, *result;
	} paths[] = {
		{"/mnt/**/.env", "/mnt/a/.ENV", "/mnt/a/.env"},
		{"/mnt/**/.env", "/MNT/.Env/B", "/mnt/.env/B"},
		{"/mnt/**/.env", "/mnt/a/env", NULL},
		{"/mnt/**/.env", "/mnt", NULL},
		{"/mnt/*.pem", "/mnt/A.PEM", "/mnt/.pem"},
		{"/mnt/*.pem", "/mnt/A.PEMS", NULL},
		{"/mnt/k?y", "/mnt/KEY", "/mnt/k_y"},
		{"/mnt/**/a/*/b", "/mnt/a/x/A/y/B", "/mnt/a/x/a/y/b"},
		{"/mnt/*/x", "/mnt/y/X", "/mnt/y/x"},
		{"/mnt/s*cret",
		 "/mnt/\xc5\xbf"
		 "ecret",
		 "/mnt/scret"},
		{"/*/x", "/y/x", NULL}, /* spelled so */
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		char path[PATH_MAX];
		const bool same =
			fold_pattern(paths[i].pattern, paths[i].path, path);

		ck_assert_msg(same == !!paths[i].result, "%s, %s",
			      paths[i].pattern, paths[i].path);
		if (same)
			ck_assert_str_eq(path, paths[i].result);
	}
}
END_TEST

START_TEST(inner_paths)
{
	struct mount all = {.root = (char[]){"/"}, .point = (char[]){"/"}};
	struct mount part = {.root = (char[]){"/a/b"},
			     .point = (char[]){"/mnt"}};
	char inner[PATH_MAX];

	ck_assert_int_eq(mounts_inner(&all, "/x/y", inner), 0);
	ck_assert_str_eq(inner, "/x/y");
	ck_assert_int_eq(mounts_inner(&all, "/", inner), 0);
	ck_assert_str_eq(inner, "/");
	ck_assert_int_eq(mounts_inner(&part, "/mnt", inner), 0);
	ck_assert_str_eq(inner, "/a/b");
	ck_assert_int_eq(mounts_inner(&part, "/mnt/x", inner), 0);
	ck_assert_str_eq(inner, "/a/b/x");
	ck_assert_int_eq(mounts_inner(&part, "/mntx", inner), -ENOENT);
	ck_assert_str_eq(mounts_after("/a/b", "/"), "/a/b");
	ck_assert_str_eq(mounts_after("/a/b", "/a"), "/b");
	ck_assert_ptr_null(mounts_after("/ab", "/a"));
}
END_TEST

UNIT_MAIN("ward", in_place, moved, moved_again, linked, appeared,
	  odd_names_may_be_any, other_names_are_passed_over, forgotten, exposed,
	  linked_by_a_pattern, exposed_by_a_pattern, neighbours, crowd,
	  folded_names, folded_paths, folded_patterns, inner_paths);
