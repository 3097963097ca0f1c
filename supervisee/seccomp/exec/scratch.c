// SPDX-License-Identifier: GPL-2.0-or-later
/* What a steered thread needs in its own memory: see scratch.h. */
#include "seccomp/exec/scratch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "task/memory.h"

#define ARGUMENTS_MAX 65536
#define PAGE_BYTES 4096
#define RED_ZONE 128 /* of the x86-64 ABI */

/* Appends a string and its NUL. */
static int append(struct scratch *scratch, const char *string)
{
	const size_t length = strlen(string) + 1;
	char *strings =
		realloc(scratch->strings, scratch->strings_length + length);

	if (!strings)
		return -ENOMEM;
	memcpy(strings + scratch->strings_length, string, length);
	scratch->strings = strings;
	scratch->strings_length += length;
	return 0;
}

static int add_prefix(struct scratch *scratch, const char *argument)
{
	scratch->prefix_count++;
	return append(scratch, argument);
}

/*
 * A chain of scripts: the innermost interpreter comes first, each followed by
 * its argument, then the script's own path, as execve(2) says.
 */
static int add_interpreters(struct scratch *scratch, const struct image *image,
			    const char *path)
{
	size_t scripts = 0;
	int error = 0;

	while (scripts < image->count &&
	       image->files[scripts].kind == IMAGE_SCRIPT)
		scripts++;
	for (size_t i = scripts; !error && i-- > 0;) {
		error = add_prefix(scratch, image->files[i + 1].name);
		if (!error && image->files[i].argument)
			error = add_prefix(scratch, image->files[i].argument);
	}
	if (!error && scripts)
		error = add_prefix(scratch, path);
	return error;
}

/*
 * Reads the addresses of the program's arguments, argv[0] left out: a page at a
 * time, as the next one may not be there.
 */
static int read_rest(struct scratch *scratch, pid_t tid)
{
	uint64_t at = scratch->argv + 8;

	while (scratch->rest_count < ARGUMENTS_MAX) {
		const size_t room = (PAGE_BYTES - at % PAGE_BYTES) / 8;
		/* One that lies across the end of a page is read alone. */
		const size_t count = room ? room : 1;
		uint64_t *rest =
			reallocarray(scratch->rest, scratch->rest_count + count,
				     sizeof(*rest));
		int error;

		if (!rest)
			return -ENOMEM;
		scratch->rest = rest;
		rest += scratch->rest_count;
		error = memory_read(tid, at, rest, count * 8);
		if (error)
			return error;
		for (size_t i = 0; i < count; i++) {
			scratch->rest_count++;
			if (!rest[i])
				return 0;
		}
		at += count * 8;
	}
	return -E2BIG;
}

int scratch_init(struct scratch *ret, pid_t tid, uint64_t argv, uint64_t envp,
		 const struct image *image, const char *path,
		 const char *executable)
{
	uint64_t first = 0;
	int error;

	*ret = (struct scratch){.argv = argv, .envp = envp};
	error = append(ret, executable);
	if (!error)
		error = add_interpreters(ret, image, path);
	if (error || !ret->prefix_count)
		return error;
	if (argv)
		error = memory_read(tid, argv, &first, 8);
	if (!error && first)
		error = read_rest(ret, tid);
	return error;
}

int scratch_write(const struct scratch *scratch, pid_t tid, uint64_t stack,
		  struct scratch_layout *ret)
{
	const size_t rest = scratch->rest_count ? scratch->rest_count : 1;
	const size_t count = scratch->prefix_count + rest;
	const uint64_t strings =
		(stack - RED_ZONE - scratch->strings_length) & ~UINT64_C(15);
	const uint64_t vector = (strings - count * 8) & ~UINT64_C(15);
	const char *at = scratch->strings + strlen(scratch->strings) + 1;
	uint64_t *arguments;
	int error;

	ret->path = strings;
	ret->argv = scratch->argv;
	error = scratch->strings_length
			? memory_write(tid, strings, scratch->strings,
				       scratch->strings_length)
			: 0;
	if (error || !scratch->prefix_count)
		return error;
	arguments = calloc(count, sizeof(*arguments));
	if (!arguments)
		return -ENOMEM;
	for (size_t i = 0; i < scratch->prefix_count; i++) {
		arguments[i] = strings + (uint64_t)(at - scratch->strings);
		at += strlen(at) + 1;
	}
	for (size_t i = 0; i < scratch->rest_count; i++)
		arguments[scratch->prefix_count + i] = scratch->rest[i];
	error = memory_write(tid, vector, arguments, count * 8);
	free(arguments);
	ret->argv = vector;
	return error;
}

void scratch_finish(struct scratch *scratch)
{
	free(scratch->strings);
	free(scratch->rest);
	scratch->strings = NULL;
	scratch->rest = NULL;
}
