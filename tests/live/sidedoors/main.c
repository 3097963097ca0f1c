/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sidedoors DOOR FORBIDDEN: tries to read a file that is denied, by a way that
 * a supervisor may have forgotten. Exit status 0: the door is shut; 1: what the
 * file begins with was read, and is printed; 77: there is no such door here.
 */
#include "sidedoor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int shut(const char *what)
{
	printf("shut: %s: %s\n", what, strerror(errno));
	return 0;
}

/* Whether an open file is the forbidden one. */
int look(const char *what, int fd)
{
	char bytes[16] = "";

	if (fd < 0 || read(fd, bytes, sizeof(bytes) - 1) < 0)
		return shut(what);
	if (strncmp(bytes, "FORBIDDEN", 9) != 0) {
		printf("shut: %s gives another file\n", what);
		return 0;
	}
	printf("open: %s\n", what);
	return 1;
}

int look_at(const char *what, const char *format, ...)
{
	char path[PATH_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(path, sizeof(path), format, arguments);
	va_end(arguments);
	return look(what, open(path, O_RDONLY | O_CLOEXEC));
}

static const struct {
	const char *name;
	int (*try)(const char *file);
} doors[] = {
	{"open", door_open},
	{"reopen", door_reopen},
	{"proc", door_proc},
	{"chroot", door_chroot},
	{"namespaces", door_namespaces},
	{"mounts", door_mounts},
	{"given", door_given},
	{"false_path", door_false_path},
	{"sent", door_sent},
	{"remote_name", door_remote_name},
	{"io_uring", door_io_uring},
	{"i386", door_i386},
	{"x32", door_x32},
	{"handle", door_handle},
	{"undumpable", door_undumpable},
	{"vfork", door_vfork},
	{"supervisor", door_supervisor},
	{"listener", door_listener},
	{"memfd", door_memfd},
	{"signals", door_signals},
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc == 3 && i < sizeof(doors) / sizeof(doors[0]); i++) {
		if (strcmp(argv[1], doors[i].name) == 0)
			return doors[i].try(argv[2]);
	}
	fprintf(stderr, "sidedoors: expected DOOR FORBIDDEN\n");
	return 2;
}
