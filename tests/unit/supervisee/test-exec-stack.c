/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arguments of a script's interpreter, written below a stack that is a
 * piece of this process' own memory.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "seccomp/exec/exec_stack.h"
#include "unit.h"

#define STACK_BYTES 4096
#define RED_ZONE 128
#define UNTOUCHED 0x55
#define TEXT(string) ((char[]){string})

static unsigned char memory[STACK_BYTES];
static struct exec_stack_layout layout;

/* "#!/bin/outer -x" of which /bin/outer is "#!/bin/inner". */
static const struct image chain = {
	.files =
		{
			{.kind = IMAGE_SCRIPT,
			 .argument = TEXT("-x"),
			 .name = TEXT("/script")},
			{.kind = IMAGE_SCRIPT, .name = TEXT("/bin/outer")},
			{.kind = IMAGE_PROGRAM, .name = TEXT("/bin/inner")},
			{.kind = IMAGE_INTERPRETER, .name = TEXT("/lib/ld.so")},
		},
	.count = 4,
};
static const struct image program = {
	.files = {{.kind = IMAGE_PROGRAM, .name = TEXT("/bin/program")}},
	.count = 1,
};

static uint64_t address_of(const void *pointer)
{
	return (uint64_t)(uintptr_t)pointer;
}

/* Where the stack pointer is: not aligned, above it is nothing of ours. */
static uint64_t stack(void)
{
	return address_of(memory + STACK_BYTES) - 8;
}

/* Makes and writes it. Returns: the arguments that execve(2) would read. */
static char **write_scratch(const struct image *image, char *const *argv,
			    const char *executable)
{
	struct exec_stack exec_stack;

	memset(memory, UNTOUCHED, sizeof(memory));
	ck_assert_int_eq(exec_stack_init(&exec_stack, getpid(),
					 address_of(argv), 0, image, "./script",
					 executable),
			 0);
	ck_assert_int_eq(
		exec_stack_write(&exec_stack, getpid(), stack(), &layout), 0);
	exec_stack_finish(&exec_stack);
	for (size_t i = STACK_BYTES - 8 - RED_ZONE; i < STACK_BYTES; i++)
		ck_assert_uint_eq(memory[i], UNTOUCHED);
	return (char **)(uintptr_t)layout.argv;
}

static void check_arguments(char *const *arguments, const char *const *wanted)
{
	for (; *wanted; arguments++, wanted++) {
		ck_assert_ptr_nonnull(*arguments);
		ck_assert_str_eq(*arguments, *wanted);
	}
	ck_assert_ptr_null(*arguments);
}

START_TEST(a_chain_of_scripts)
{
	char *const argv[] = {TEXT("name"), TEXT("one"), TEXT("two words"),
			      TEXT(""), NULL};
	static const char *const wanted[] = {
		"/bin/inner", "/bin/outer", "-x", "./script",
		"one",	      "two words",  "",	  NULL};
	char **arguments = write_scratch(&chain, argv, "");

	check_arguments(arguments, wanted);
	/* The program's own arguments stay where they are. */
	ck_assert_ptr_eq(arguments[4], argv[1]);
	ck_assert_uint_eq(layout.argv % 16, 0);
	ck_assert_str_eq((char *)(uintptr_t)layout.path, "");
}
END_TEST

START_TEST(without_arguments)
{
	static const char *const wanted[] = {"/bin/inner", "/bin/outer", "-x",
					     "./script", NULL};
	char *const none[] = {NULL};
	char *const name[] = {TEXT("name"), NULL};

	check_arguments(write_scratch(&chain, NULL, ""), wanted);
	check_arguments(write_scratch(&chain, none, ""), wanted);
	check_arguments(write_scratch(&chain, name, ""), wanted);
}
END_TEST

/* What is no script keeps its arguments, and gets a path alone. */
START_TEST(a_program)
{
	char *const argv[] = {TEXT("name"), TEXT("one"), NULL};
	char **arguments = write_scratch(&program, argv, "/proc/self/fd/9");

	ck_assert_ptr_eq(arguments, argv);
	ck_assert_str_eq((char *)(uintptr_t)layout.path, "/proc/self/fd/9");
}
END_TEST

/* The loader gets what the kernel would have given to the program. */
START_TEST(by_loader)
{
	char *const argv[] = {TEXT("name"), TEXT("one"), NULL};
	static const char *const of_program[] = {
		"/lib/ld.so", "--argv0", "name", "/canonical", "one", NULL};
	static const char *const of_script[] = {
		"/lib/ld.so", "--argv0",    "/bin/inner",
		"/canonical", "/bin/outer", "-x",
		"./script",   "one",	    NULL};
	static const char *const nameless[] = {"/lib/ld.so", "--argv0", "",
					       "/canonical", NULL};
	struct image image = chain;

	image.by_loader = true;
	image.files[2].path = TEXT("/canonical");
	check_arguments(write_scratch(&image, argv, ""), of_script);
	image.files[0] = image.files[2];
	image.files[1] = image.files[3];
	image.count = 2;
	check_arguments(write_scratch(&image, argv, ""), of_program);
	check_arguments(write_scratch(&image, NULL, ""), nameless);
}
END_TEST

static int init_error(const char *const *argv)
{
	struct exec_stack exec_stack;
	const int error =
		exec_stack_init(&exec_stack, getpid(), address_of(argv), 0,
				&chain, "./script", "");

	exec_stack_finish(&exec_stack);
	return error;
}

/* Arguments that are not there, or do not end where their memory does. */
START_TEST(bad_arguments)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const char **last;

	ck_assert_ptr_ne(pages, MAP_FAILED);
	ck_assert_int_eq(munmap(pages + page, page), 0);
	last = (const char **)(void *)(pages + page) - 2;
	last[0] = last[1] = "argument";
	ck_assert_int_eq(init_error((const char **)(void *)(pages + page)),
			 -EFAULT);
	ck_assert_int_eq(init_error(last), -EFAULT);
	last[1] = NULL;
	ck_assert_int_eq(init_error(last), 0);
	munmap(pages, page);
}
END_TEST

/* A vector that never ends is not read for ever. */
START_TEST(too_many_arguments)
{
	const size_t count = 100000;
	const char **argv = calloc(count + 1, sizeof(*argv));

	for (size_t i = 0; i < count; i++)
		argv[i] = "x";
	ck_assert_int_eq(init_error(argv), -E2BIG);
	free(argv);
}
END_TEST

/* A stack without room is an error, and no signal. */
START_TEST(no_room)
{
	struct exec_stack exec_stack;

	ck_assert_int_eq(exec_stack_init(&exec_stack, getpid(), 0, 0, &chain,
					 "./script", ""),
			 0);
	ck_assert_int_eq(exec_stack_write(&exec_stack, getpid(), 4096, &layout),
			 -EFAULT);
	exec_stack_finish(&exec_stack);
}
END_TEST

UNIT_MAIN("exec_stack", a_chain_of_scripts, without_arguments, a_program,
	  by_loader, bad_arguments, too_many_arguments, no_room);
