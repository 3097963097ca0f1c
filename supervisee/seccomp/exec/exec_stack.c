/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a steered thread needs in its own memory: see exec_stack.h. */
#include "seccomp/exec/exec_stack.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "seccomp/traced.h"
#include "task/memory.h"

#define ARGUMENTS_MAX 65536
#define PAGE_BYTES 4096

/* Appends a string and its NUL. */
static int append(struct exec_stack *exec_stack, const char *string)
{
	const size_t length = strlen(string) + 1;
	char *strings = realloc(exec_stack->strings,
				exec_stack->strings_length + length);

	if (!strings)
		return -ENOMEM;
	memcpy(strings + exec_stack->strings_length, string, length);
	exec_stack->strings = strings;
	exec_stack->strings_length += length;
	return 0;
}

static int add_prefix(struct exec_stack *exec_stack, const char *argument)
{
	exec_stack->prefix_count++;
	return append(exec_stack, argument);
}

/* The argument that the program's own name is. Returns: 0, -E2BIG, ... */
static int add_name(struct exec_stack *exec_stack, pid_t tid, uint64_t argv)
{
	char name[PATH_MAX] = "";
	uint64_t first = 0;
	ssize_t length = 0;
	int error = argv ? memory_read(tid, argv, &first, 8) : 0;

	if (!error && first)
		length = memory_read_string(tid, first, name, sizeof(name));
	if (!error && length < 0)
		error = length == -ENAMETOOLONG ? -E2BIG : (int)length;
	return error ? error : add_prefix(exec_stack, name);
}

/*
 * A loader is told what to load, and what that is to be called: by glibc's as
 * of 2.33, and by musl's.
 */
static int add_loader(struct exec_stack *exec_stack, pid_t tid,
		      const struct image *image)
{
	const struct image_file *loader = image_loader(image);
	const struct image_file *program = loader - 1;
	const bool script =
		program > image->files && program[-1].kind == IMAGE_SCRIPT;
	int error = add_prefix(exec_stack, loader->name);

	if (!error)
		error = add_prefix(exec_stack, "--argv0");
	if (!error && script)
		error = add_prefix(exec_stack, program->name);
	else if (!error)
		error = add_name(exec_stack, tid, exec_stack->argv);
	return error ? error : add_prefix(exec_stack, program->path);
}

/*
 * A chain of scripts: the innermost interpreter comes first, each followed by
 * its argument, then the script's own path, as execve(2) says.
 */
static int add_interpreters(struct exec_stack *exec_stack,
			    const struct image *image, const char *path)
{
	size_t scripts = 0;
	int error = 0;

	while (scripts < image->count &&
	       image->files[scripts].kind == IMAGE_SCRIPT)
		scripts++;
	for (size_t i = scripts; !error && i-- > 0;) {
		if (i + 1 < scripts || !image->by_loader)
			error = add_prefix(exec_stack,
					   image->files[i + 1].name);
		if (!error && image->files[i].argument)
			error = add_prefix(exec_stack,
					   image->files[i].argument);
	}
	if (!error && scripts)
		error = add_prefix(exec_stack, path);
	return error;
}

/*
 * Reads the addresses of the program's arguments, argv[0] left out: a page at a
 * time, as the next one may not be there.
 */
static int read_rest(struct exec_stack *exec_stack, pid_t tid)
{
	uint64_t at = exec_stack->argv + 8;

	while (exec_stack->rest_count < ARGUMENTS_MAX) {
		const size_t room = (PAGE_BYTES - at % PAGE_BYTES) / 8;
		/* One that lies across the end of a page is read alone. */
		const size_t count = room ? room : 1;
		uint64_t *rest = reallocarray(exec_stack->rest,
					      exec_stack->rest_count + count,
					      sizeof(*rest));
		int error;

		if (!rest)
			return -ENOMEM;
		exec_stack->rest = rest;
		rest += exec_stack->rest_count;
		error = memory_read(tid, at, rest, count * 8);
		if (error)
			return error;
		for (size_t i = 0; i < count; i++) {
			exec_stack->rest_count++;
			if (!rest[i])
				return 0;
		}
		at += count * 8;
	}
	return -E2BIG;
}

int exec_stack_init(struct exec_stack *ret, pid_t tid, uint64_t argv,
		    uint64_t envp, const struct image *image, const char *path,
		    const char *executable)
{
	uint64_t first = 0;
	int error;

	*ret = (struct exec_stack){.argv = argv, .envp = envp};
	error = append(ret, executable);
	if (!error && image->by_loader)
		error = add_loader(ret, tid, image);
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

int exec_stack_write(const struct exec_stack *exec_stack, pid_t tid,
		     uint64_t stack, struct exec_stack_layout *ret)
{
	const size_t rest = exec_stack->rest_count ? exec_stack->rest_count : 1;
	const size_t count = exec_stack->prefix_count + rest;
	const uint64_t strings =
		(stack - RED_ZONE - exec_stack->strings_length) & ~UINT64_C(15);
	const uint64_t vector = (strings - count * 8) & ~UINT64_C(15);
	const char *at = exec_stack->strings + strlen(exec_stack->strings) + 1;
	uint64_t *arguments;
	int error;

	ret->path = strings;
	ret->argv = exec_stack->argv;
	error = exec_stack->strings_length
			? memory_write(tid, strings, exec_stack->strings,
				       exec_stack->strings_length)
			: 0;
	if (error || !exec_stack->prefix_count)
		return error;
	arguments = calloc(count, sizeof(*arguments));
	if (!arguments)
		return -ENOMEM;
	for (size_t i = 0; i < exec_stack->prefix_count; i++) {
		arguments[i] = strings + (uint64_t)(at - exec_stack->strings);
		at += strlen(at) + 1;
	}
	for (size_t i = 0; i < exec_stack->rest_count; i++)
		arguments[exec_stack->prefix_count + i] = exec_stack->rest[i];
	error = memory_write(tid, vector, arguments, count * 8);
	free(arguments);
	ret->argv = vector;
	return error;
}

void exec_stack_finish(struct exec_stack *exec_stack)
{
	free(exec_stack->strings);
	free(exec_stack->rest);
	exec_stack->strings = NULL;
	exec_stack->rest = NULL;
}
