/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `landlord policy check` tells: sixty mistakes, each with its line, its
 * column and a remedy, and where files lie.
 */
#include <errno.h>

#include "base/cleanup.h"
#include "layers.h"
#include "policy/inspection.h"

static const struct mistake {
	const char *line; /* the fourth of a section */
	unsigned int column;
	const char *says; /* somewhere in its sentence */
} mistakes[] = {
	/* What is before the sign. */
	{"reed = /x", 1, "unknown right \"reed\""},
	{"  reed = /x", 3, "unknown right \"reed\""},
	{"read, wriet = /x", 7, "unknown right \"wriet\""},
	{"read,wriet,remove = /x", 6, "unknown right \"wriet\""},
	{"READ = /x", 1, "unknown right"},
	{"read; write = /x", 1, "unknown right"},
	{"read + write = /x", 1, "unknown right"},
	{"read,, write = /x", 6, "unknown right"},
	{"rwx = /x", 1, "unknown right"},
	{"r = /x", 1, "unknown right"},
	{"list = /x", 1, "unknown right"},
	{"delete = /x", 1, "unknown right"},
	{"fs.readfile = /x", 1, "unknown right"},
	{"net.connect = 1", 1, "unknown right"},
	{"allow = /x", 1, "unknown right"},
	{"deny read = /x", 1, "unknown right"},
	{"no-agent = wait", 1, "unknown right"},
	{"path = /x", 1, "unknown right"},
	{"read, write, read = /x", 14, "named twice"},
	{"read, bind_tcp = /x", 7, "does not suit \"bind_tcp\""},
	{"connect_tcp, execute = 80", 14, "does not suit \"execute\""},
	/* No sign, or nothing behind it. */
	{"read /x", 1, "cannot understand"},
	{"  read -> /x", 3, "cannot understand"},
	{"allow read to /x", 1, "cannot understand"},
	{"read =", 1, "no value for"},
	{"read = \t", 1, "no value for"},
	/* Paths. */
	{"read = x/y", 8, "bad object"},
	{"read = ../x", 8, "bad object"},
	{"read =   .", 10, "bad object"},
	{"read = /x/../../etc", 8, "cannot expand"},
	{"read = $NOWHERE/x", 8, "cannot expand"},
	{"read = ~alice/x", 8, "cannot expand"},
	{"read = $(pwd)/x", 8, "cannot expand"},
	{"read = /home/$USER", 8, "a variable that is not at the beginning"},
	{"read = /x/$HOME/y", 8, "a variable that is not at the beginning"},
	{"read = /x[0-9]", 8, "a class of characters in"},
	{"read = /x/{a,b}.c", 8, "alternatives in"},
	{"read = /x/**", 11, "that nothing follows in \"**\""},
	{"read = ~/*/a**", 12, "that are not alone between slashes"},
	{"read = /x/*/", 11, "a slash at the end"},
	{"read = \"/x y\"", 8, "quotes around"},
	{"read = '/x'", 8, "quotes around"},
	{"read = /x, /y", 8, "more than one object"},
	{"read = /x ~/y", 8, "more than one object"},
	{"read = /x:/y:/z", 8, "more than one object"},
	{"read = /x # why", 8, "a comment after a value"},
	{"read = /x\t; why", 8, "a comment after a value"},
	{"read = #/x", 8, "a comment after a value"},
	{"read = /a\\x20b", 8, "as it is only shown"},
	{"read = /a\xe2\x80\x8b", 8, "a character that cannot be seen"},
	{"read = /a\xc2\xa0/b", 8, "a character that cannot be seen"},
	{"read = file:///x", 8, "bad object"},
	{"read = https://x", 8, "bad object"},
	{"read = /proc/self/fd", 8, "a link in /proc"},
	/* Ports and the like. */
	{"connect_tcp = http", 15, "bad object"},
	{"connect_tcp = 0x50", 15, "bad object"},
	{"connect_tcp = 80,443", 15, "bad object"},
	{"connect_tcp = 80 443", 15, "bad object"},
	{"connect_tcp = 1000-2000", 15, "bad object"},
	{"connect_tcp = 70000", 15, "bad object"},
	{"connect_tcp = example.org:443", 15, "bad object"},
	{"connect_tcp = 10.0.0.0/8", 15, "bad object"},
	{"capability_use = NET_ADMINN", 18, "bad object"},
	{"namespace_enter = user,pid", 19, "bad object"},
	{"socket_create = tcp", 17, "bad object"},
	/* What another line has said. */
	{"read = /first", 8, "line 2 says the same"},
	{"fs.read_dir = /first", 15, "line 2 says the same"},
	{"read = /first/.", 8, "line 2 says the same"},
	{"connect_tcp = 22", 15, "line 3 says the same"},
};

static void begin(struct inspection *inspection)
{
	*inspection = (struct inspection){0};
}

static void expect_mistake(const struct mistake *mistake, const char *section,
			   bool left_out)
{
	struct inspection found;
	const struct file_error *error = NULL;
	char text[512];

	begin(&found);
	snprintf(text, sizeof(text),
		 "[%s]\nread = /first\nconnect_tcp = 22\n%s\nread = /last\n",
		 section, mistake->line);
	directory_write(root, "elsewhere.ini", text);
	ck_assert_int_eq(inspection_elsewhere(
				 &options, LAYER_USER,
				 directory_path(root, "elsewhere.ini"), &found),
			 0);
	ck_assert_msg(found.errors.count == 1, "%s: %zu", mistake->line,
		      found.errors.count);
	error = &found.errors.items[0];
	ck_assert_msg(error->line == 4 && error->column == mistake->column,
		      "%s: %u:%u", mistake->line, error->line, error->column);
	ck_assert_msg(strstr(error->sentence, mistake->says) != NULL, "%s: %s",
		      mistake->line, error->sentence);
	ck_assert_msg(strstr(error->sentence, "; expected ") != NULL, "%s: %s",
		      mistake->line, error->sentence);
	ck_assert_msg(error->left_out == left_out, "%s", mistake->line);
	/* The other lines are read. */
	ck_assert_uint_eq(found.rules, 3);
	inspection_finish(&found);
}

START_TEST(sixty_mistakes)
{
	ck_assert_uint_ge(ARRAY_SIZE(mistakes), 60);
	set_up();
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		expect_mistake(&mistakes[i], "allow", true);
		expect_mistake(&mistakes[i], "deny", false);
		expect_mistake(&mistakes[i], "ask", false);
	}
	tear_down();
}
END_TEST

/* All of them in one file, however many there are. */
START_TEST(no_mistake_hides_another)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct inspection found;

	set_up();
	begin(&found);
	fputs("[allow]\n", out);
	for (int i = 0; i < 1000; i++)
		fprintf(out, "reed = /x%d\n", i);
	fclose(out);
	directory_write(root, "many.ini", text);
	free(text);
	ck_assert_int_eq(inspection_elsewhere(&options, LAYER_USER,
					      directory_path(root, "many.ini"),
					      &found),
			 0);
	ck_assert_uint_eq(found.errors.count, 1000);
	ck_assert_uint_eq(found.errors.items[999].line, 1001);
	inspection_finish(&found);
	tear_down();
}
END_TEST

/* What a line would have been if nobody had looked. */
START_TEST(what_it_would_have_meant)
{
	static const struct {
		const char *line, *meant;
	} cases[] = {
		{"read = /x # why", "a name that ends with the comment"},
		{"read = '/x'", "a name that begins and ends with a quote"},
		{"read = /x, /y",
		 "one name with a comma, colon or blank in it"},
		{"read = /x/$HOME", "a name with a dollar sign in it"},
		{"reed = /x", NULL},
	};
	struct inspection found;

	set_up();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[128];

		begin(&found);
		snprintf(text, sizeof(text), "[allow]\n%s\n", cases[i].line);
		directory_write(root, "x.ini", text);
		ck_assert_int_eq(inspection_elsewhere(
					 &options, LAYER_USER,
					 directory_path(root, "x.ini"), &found),
				 0);
		ck_assert_uint_eq(found.errors.count, 1);
		if (cases[i].meant)
			ck_assert_str_eq(found.errors.items[0].meant,
					 cases[i].meant);
		else
			ck_assert_ptr_null(found.errors.items[0].meant);
		inspection_finish(&found);
	}
	tear_down();
}
END_TEST

static void write_layer(const char *layer)
{
	static const char *const files[] = {"base.ini", "base.d/10-x.ini",
					    "apps/one.ini", "apps/one.d/x.ini",
					    "apps/two.d/y.ini"};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char name[128];

		snprintf(name, sizeof(name), "%s/%s", layer, files[i]);
		directory_write(root, name, "[allow]\nread = /x\nraed = /y\n");
	}
}

/* Every file of every app and layer, each once. */
START_TEST(in_place)
{
	struct inspection found;

	set_up();
	begin(&found);
	write_layer("admin");
	write_layer("user");
	write_layer("vendor");
	directory_write(root, "user/apps/a b.ini", "");
	directory_write(root, "user/deny.ini", "");
	directory_write(root, "user/apps/one.ini~", "nonsense");
	ck_assert_int_eq(inspection_in_place(&options, &found), 0);
	ck_assert_uint_eq(found.files, 15);
	ck_assert_uint_eq(found.rules, 15);
	ck_assert_uint_eq(found.errors.count, 17);
	inspection_finish(&found);
	tear_down();
}
END_TEST

/* Who may write a file matters where it is in force, and only there. */
START_TEST(trust_matters_in_place)
{
	struct inspection found;

	set_up();
	begin(&found);
	directory_write(root, "user/base.ini", "[allow]\nread = /x\n");
	ck_assert_int_eq(chmod(directory_path(root, "user/base.ini"), 0666), 0);
	ck_assert_int_eq(inspection_in_place(&options, &found), 0);
	ck_assert_uint_eq(found.errors.count, 1);
	inspection_finish(&found);
	begin(&found);
	ck_assert_int_eq(inspection_elsewhere(&options, LAYER_USER,
					      directory_path(root, "user"),
					      &found),
			 0);
	ck_assert_uint_eq(found.errors.count, 0);
	ck_assert_uint_eq(found.files, 1);
	inspection_finish(&found);
	tear_down();
}
END_TEST

/* A tree of layers, a layer, a directory of files, a file, and nothing. */
START_TEST(elsewhere)
{
	static const struct {
		const char *place;
		size_t files, errors;
	} cases[] = {
		{"copy", 7, 7},		 {"copy/etc", 5, 5},
		{"copy/sets", 2, 2},	 {"copy/sets/a.ini", 1, 1},
		{"copy/etc/apps", 1, 1}, {"empty", 0, 1},
		{"copy/none.ini", 0, 1}, {"copy/etc/base.ini", 1, 1},
	};
	struct inspection found;

	set_up();
	write_layer("copy/etc");
	directory_write(root, "copy/sets/a.ini", "[allow]\nraed = /y\n");
	directory_write(root, "copy/sets/b.ini", "[deny]\nraed = /y\n");
	ck_assert_int_eq(mkdir(directory_path(root, "empty"), 0755), 0);
	/* It would be looked at again and again. */
	ck_assert_int_eq(symlink("..", directory_path(root, "copy/sets/up")),
			 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(&found);
		ck_assert_int_eq(inspection_elsewhere(
					 &options, LAYER_ADMIN,
					 directory_path(root, cases[i].place),
					 &found),
				 0);
		if (strcmp(cases[i].place, "copy/etc/apps") != 0) {
			ck_assert_msg(found.files == cases[i].files, "%s: %zu",
				      cases[i].place, found.files);
			ck_assert_msg(found.errors.count == cases[i].errors,
				      "%s: %zu", cases[i].place,
				      found.errors.count);
		}
		inspection_finish(&found);
	}
	tear_down();
}
END_TEST

/* What a layer elsewhere includes is looked for there. */
START_TEST(sets_elsewhere)
{
	struct inspection found;

	set_up();
	directory_write(root, "copy/base.ini", "include = s\n");
	directory_write(root, "copy/sets/s.ini", "[allow]\nread = /x\n");
	directory_write(root, "user/sets/s.ini", "[allow]\nraed = /x\n");
	begin(&found);
	ck_assert_int_eq(inspection_elsewhere(&options, LAYER_USER,
					      directory_path(root, "copy"),
					      &found),
			 0);
	ck_assert_uint_eq(found.errors.count, 0);
	/* Once where it is included, and once by itself. */
	ck_assert_uint_eq(found.files, 3);
	inspection_finish(&found);
	begin(&found);
	ck_assert_int_eq(inspection_elsewhere(
				 &options, LAYER_VENDOR,
				 directory_path(root, "copy/base.ini"), &found),
			 0);
	ck_assert_uint_eq(found.errors.count, 1);
	ck_assert_uint_eq(found.errors.items[0].line, 1);
	ck_assert_uint_eq(found.errors.items[0].column, 11);
	inspection_finish(&found);
	tear_down();
}
END_TEST

/* To give away Landlord's own files is a mistake also where it is not read. */
START_TEST(own_files_are_those_in_force)
{
	struct inspection found;
	char text[256];

	set_up();
	begin(&found);
	snprintf(text, sizeof(text), "[allow]\nwrite = %s/user\n", root);
	directory_write(root, "elsewhere.ini", text);
	ck_assert_int_eq(inspection_elsewhere(
				 &options, LAYER_USER,
				 directory_path(root, "elsewhere.ini"), &found),
			 0);
	ck_assert_uint_eq(found.errors.count, 1);
	ck_assert_ptr_nonnull(
		strstr(found.errors.items[0].sentence, "Landlord's own files"));
	inspection_finish(&found);
	tear_down();
}
END_TEST

UNIT_MAIN("inspection", sixty_mistakes, no_mistake_hides_another,
	  what_it_would_have_meant, in_place, trust_matters_in_place, elsewhere,
	  sets_elsewhere, own_files_are_those_in_force);
