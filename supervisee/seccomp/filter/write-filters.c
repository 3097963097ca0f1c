/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write-filters FILE
 *
 * Writes the filters as C, to be compiled into Landlord: filter.h's functions.
 * Part of the build; never installed.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seccomp/filter/build.h"

static void write_filter(const char *name, struct sock_fprog *filter)
{
	printf("static struct sock_filter %s[] = {\n", name);
	for (unsigned int i = 0; i < filter->len; i++) {
		const struct sock_filter *at = &filter->filter[i];

		printf("\t{0x%02x, %u, %u, 0x%08x},\n", at->code, at->jt,
		       at->jf, at->k);
	}
	printf("};\n\n");
	free(filter->filter);
}

static void write_function(const char *prototype, const char *name)
{
	printf("%s\n{\n\tstatic const struct sock_fprog program = {\n"
	       "\t\tsizeof(%s) / sizeof(%s[0]), %s};\n\n"
	       "\treturn &program;\n}\n\n",
	       prototype, name, name, name);
}

int main(int argc, char **argv)
{
	struct sock_fprog plain, marked, beside, recall;
	int error;

	if (argc != 2 || !freopen(argv[1], "w", stdout)) {
		fprintf(stderr, "write-filters: expected FILE\n");
		return 2;
	}
	/* Whatever this kernel knows, the one that it will run on may know. */
	seccomp_api_set(6);
	error = build_tree_filter(&plain, FILTER_PLAIN);
	if (!error)
		error = build_tree_filter(&marked, FILTER_MARKED);
	if (!error)
		error = build_tree_filter(&beside, FILTER_BESIDE);
	if (!error)
		error = build_recall_filter(&recall);
	if (error) {
		fprintf(stderr, "write-filters: %s\n", strerror(-error));
		return 1;
	}
	printf("/* Written by write-filters. */\n"
	       "#include \"seccomp/filter/filter.h\"\n\n");
	write_filter("plain", &plain);
	write_filter("marked", &marked);
	write_filter("beside", &beside);
	write_filter("recall", &recall);
	write_function("static const struct sock_fprog *plain_filter(void)",
		       "plain");
	write_function("static const struct sock_fprog *marked_filter(void)",
		       "marked");
	write_function("static const struct sock_fprog *beside_filter(void)",
		       "beside");
	write_function("const struct sock_fprog *filter_of_recall(void)",
		       "recall");
	printf("const struct sock_fprog *filter_of_tree(enum filter_kind "
	       "kind)\n"
	       "{\n\tswitch (kind) {\n"
	       "\tcase FILTER_MARKED:\n\t\treturn marked_filter();\n"
	       "\tcase FILTER_BESIDE:\n\t\treturn beside_filter();\n"
	       "\tdefault:\n\t\treturn plain_filter();\n\t}\n}\n");
	return fflush(stdout) ? 1 : 0;
}
