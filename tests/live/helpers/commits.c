/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commits DIRECTORY COUNT
 *
 * Supervises a child of its own, and changes the rules of its domain COUNT
 * times while the child looks: each time a right moves from a directory to the
 * one beneath, or back, and another from one of two directories to the other.
 * What is beneath is never denied, and no file ever moves from one of the two
 * to the other, which takes both: each access sees the whole of a commit, or
 * none of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/landlock_supervisor.h"

#define READ LANDLOCK_ACCESS_FS_READ_FILE
#define MOVE                                                      \
	(LANDLOCK_ACCESS_FS_REFER | LANDLOCK_ACCESS_FS_MAKE_REG | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE)

static void expect(int condition, const char *what)
{
	if (condition)
		return;
	printf("commits: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void make(const char *path)
{
	const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	expect(fd >= 0, path);
	close(fd);
}

static int open_directory(const char *path)
{
	const int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	expect(fd >= 0, path);
	return fd;
}

/* Until the other end is closed. */
static int look(int end)
{
	unsigned int opened = 0, refused = 0;
	char byte;

	while (read(end, &byte, 1) < 0) {
		const int fd = open("above/beneath/file", O_RDONLY | O_CLOEXEC);

		expect(fd >= 0, "what one of the two allows is denied");
		close(fd);
		opened++;
		expect(rename("left/file", "right/file") < 0,
		       "what both have to allow was let pass");
		expect(errno == EACCES || errno == EXDEV, "another error");
		refused++;
	}
	printf("%u opened, %u moves refused\n", opened, refused);
	return opened > 100 && refused > 100 ? 0 : 1;
}

static void commit(int supervisor, int reader, int mover)
{
	expect(!landlock_rules_clear(supervisor) &&
		       !landlock_stage_beneath(supervisor, reader, READ) &&
		       !landlock_stage_beneath(supervisor, mover, MOVE) &&
		       !landlock_rules_commit(supervisor),
	       "commit");
}

int main(int argc, char **argv)
{
	const struct landlock_ruleset_attr attr = {.handled_access_fs =
							   READ | MOVE};
	const int count = argc == 3 ? atoi(argv[2]) : 0;
	int supervisor, supervisee, readers[2], movers[2], ends[2], status;
	pid_t child;

	expect(count > 0 && !chdir(argv[1]), "expected DIRECTORY COUNT");
	mkdir("above", 0700);
	mkdir("above/beneath", 0700);
	mkdir("left", 0700);
	mkdir("right", 0700);
	make("above/beneath/file");
	make("left/file");
	readers[0] = open_directory("above");
	readers[1] = open_directory("above/beneath");
	movers[0] = open_directory("left");
	movers[1] = open_directory("right");
	supervisor = landlock_supervisor_new(&attr);
	supervisee = landlock_supervisee_new(supervisor, 1);
	expect(supervisor >= 0 && supervisee >= 0, "supervisor");
	commit(supervisor, readers[0], movers[0]);
	expect(!pipe2(ends, O_CLOEXEC | O_NONBLOCK), "pipe");
	child = fork();
	if (child == 0) {
		close(ends[1]);
		close(supervisor);
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		expect(!landlock_enter(supervisee), "enter");
		return look(ends[0]);
	}
	for (int i = 0; i < count; i++)
		commit(supervisor, readers[i & 1], movers[i & 1]);
	close(ends[1]);
	expect(waitpid(child, &status, 0) == child, "wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
