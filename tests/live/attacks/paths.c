/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attacks by all the ways to write a path, and by what it leads to next. */
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

#define RESOLVES 64 /* all flags of Linux 6.18, together */

static int resolve_from(int directory, const char *path)
{
	int found = 0;

	for (uint64_t resolve = 0; resolve < RESOLVES; resolve++) {
		const struct open_how how = {.resolve = resolve};
		const int fd = (int)syscall(SYS_openat2, directory, path, &how,
					    sizeof(how));

		if (fd >= 0) {
			printf("with resolve %d: ", (int)resolve);
			found |= hole(path);
			close(fd);
		}
	}
	return found;
}

/* resolve FORBIDDEN OPEN: a file beside OPEN, and a directory with rules. */
static int resolve(char **arguments)
{
	const char *file = arguments[0];
	const char *name = strrchr(file, '/') + 1;
	const int root = open("/", O_PATH | O_CLOEXEC);
	const int inside = open(arguments[1], O_PATH | O_CLOEXEC);
	const int above = openat(inside, "..", O_PATH | O_CLOEXEC);
	char path[PATH_MAX];
	int found = 0;

	if (root < 0 || above < 0)
		return perror("open"), 1;
	found |= resolve_from(root, file);
	found |= resolve_from(root, file + 1);
	found |= resolve_from(inside, file);
	found |= resolve_from(above, name);
	for (size_t i = 0; i < 5; i++) {
		static const char *const ways[] = {"/%s", "../%s", "./../%s",
						   "/../%s", "..//./%s"};

		snprintf(path, sizeof(path), ways[i], name);
		found |= resolve_from(above, path);
		found |= resolve_from(inside, path);
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", above, name);
	found |= resolve_from(root, path);
	snprintf(path, sizeof(path), "/proc/self/root/%s", file);
	return found | resolve_from(inside, path);
}

/* dangling FORBIDDEN LINK: what is not there yet, made by a link to it. */
static int dangling(char **arguments)
{
	static const int flags[] = {
		O_CREAT | O_WRONLY, O_CREAT | O_RDWR | O_TRUNC,
		O_CREAT | O_RDONLY, O_CREAT | O_ACCMODE,
		O_CREAT | O_PATH,
	};
	char path[PATH_MAX];

	if (symlink(arguments[0], arguments[1]) < 0)
		return perror("symlink"), 1;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		close(open(arguments[1], flags[i] | O_CLOEXEC, 0600));
	/* A link to a link, with a slash, and as a directory. */
	snprintf(path, sizeof(path), "%s.2", arguments[1]);
	if (!symlink(arguments[1], path))
		close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	mkdir(path, 0700);
	mkdir(arguments[1], 0700);
	return access(arguments[0], F_OK) ? refused("to make it")
					  : hole("made by a link");
}

static _Noreturn void exchange(const char *const targets[2], const char *link)
{
	char other[PATH_MAX];

	snprintf(other, sizeof(other), "%s.new", link);
	for (int i = 0;; i++)
		if (!symlink(targets[i % 2], other))
			rename(other, link);
}

/*
 * execute_race FORBIDDEN LINK: a name that leads to it half of the time, and to
 * true(1) otherwise. It ends with another status than that.
 */
static int execute_race(char **arguments)
{
	const char *const targets[2] = {"/bin/true", arguments[0]};
	char *const argv[] = {arguments[1], NULL};
	const pid_t other = fork();
	int status, found = 0;

	if (other == 0)
		exchange(targets, arguments[1]);
	for (int i = 0; i < 300 && !found; i++) {
		const pid_t pid = fork();

		if (pid == 0) {
			execv(argv[0], argv);
			_exit(0);
		}
		if (waitpid(pid, &status, 0) != pid || status)
			found = hole("executed by a race");
	}
	kill(other, SIGKILL);
	waitpid(other, &status, 0);
	return found;
}

const struct attack attacks_by_paths[] = {
	{"resolve", resolve},
	{"dangling", dangling},
	{"execute_race", execute_race},
	{NULL, NULL},
};
