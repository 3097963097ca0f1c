/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the name of a file says of how long it will have it.
 */
#include <string.h>

#include "trace/name_kind.h"
#include "unit.h"

START_TEST(kinds_of_names)
{
	static const struct {
		const char *name;
		enum name_kind kind;
	} names[] = {
		{"notes.txt", NAME_PLAIN},
		{"Makefile", NAME_PLAIN},
		{"tmp", NAME_PLAIN},
		{"template", NAME_PLAIN},
		{"sha256sum.c", NAME_PLAIN},
		{"README", NAME_PLAIN},
		{"config2", NAME_PLAIN},
		{"x86_64-linux-gnu", NAME_PLAIN},
		{"deadbeef", NAME_PLAIN},
		{"python3.11", NAME_VERSIONED},
		{"app-1.2.3", NAME_VERSIONED},
		{"libfoo.so.1.20.4", NAME_VERSIONED},
		{"tmp.Xa81Kq", NAME_TEMPORARY},
		{"tmp_obj_aB3dE9", NAME_TEMPORARY},
		{"ccq3Ab7Z.o", NAME_TEMPORARY},
		{".file.swp", NAME_TEMPORARY},
		{"file~", NAME_TEMPORARY},
		{"job.4711", NAME_TEMPORARY},
		{"7f3a90b2c1d4", NAME_TEMPORARY},
		{"1c9d3a52-7e0b-4d7c-9f7e-6c2b1c1b2a3d", NAME_TEMPORARY},
		{"XXWg3wjw", NAME_TEMPORARY},
		{"XXVIII", NAME_PLAIN},
		{"sedKqGxLm", NAME_TEMPORARY},
		{"sedentary", NAME_PLAIN},
	};

	ck_assert_int_eq(name_kind(names[_i].name, false), names[_i].kind);
}
END_TEST

/* Where nothing stays, less will do. */
START_TEST(kinds_of_names_that_pass)
{
	static const char *const random[] = {"ccqtGxLm.s", "ccqtbx7m.o",
					     "tmpKqGxLm"},
				 *const plain[] = {"out.txt",	"python3",
						   "README",	"Reports",
						   ".X11-unix", "ssh-agent"};

	for (size_t i = 0; i < sizeof(random) / sizeof(random[0]); i++)
		ck_assert_int_eq(name_kind(random[i], true), NAME_TEMPORARY);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		ck_assert_int_eq(name_kind(plain[i], true), NAME_PLAIN);
	ck_assert_int_eq(name_kind("ccqtGxLm.s", false), NAME_PLAIN);
}
END_TEST

START_TEST(patterns_of_names)
{
	static const struct {
		const char *name, *pattern;
	} names[] = {
		{"notes.txt", "notes.txt"},
		{"python3.11", "python*"},
		{"app-1.2.3", "app-*"},
		{"app-1.10", "app-*"},
		{"libfoo.so.1.20.4", "libfoo.so.*"},
		{"x-2.0-linux-6.1.4", "x-*-linux-*"},
		{"2024.1", "*"},
		{"tmp.Xa81Kq", "tmp.*"},
		{"ccq3Ab7Z.o", "*.o"},
		{"job.4711", "job.*"},
		{"7f3a90b2c1d4", "*"},
		{"file~", "file~"},
		{"", ""},
	};
	char name[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		strcpy(name, names[i].name);
		name_pattern(name, false);
		ck_assert_str_eq(name, names[i].pattern);
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("name-kind");

	tcase_add_loop_test(tcase, kinds_of_names, 0, 24);
	tcase_add_test(tcase, kinds_of_names_that_pass);
	tcase_add_test(tcase, patterns_of_names);
	return unit_run_case("name-kind", tcase);
}
