/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * orphans NUMBER FILE
 *
 * Opens FILE so often while orphans end, of whom the supervisor is told by
 * signals. Fails when that returns what is no new descriptor.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAKERS 2

static void make_orphans(void)
{
	for (;;) {
		const pid_t pid = fork();

		if (pid == 0) {
			fork();
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
}

static int open_often(const char *path, int number)
{
	for (int i = 0; i < number; i++) {
		const int fd = open(path, O_RDONLY);

		if (fd <= 2) {
			printf("open(2) says %d (%s), the %dth time\n", fd,
			       fd < 0 ? strerror(errno) : "in use", i);
			return 1;
		}
		close(fd);
	}
	return 0;
}

int main(int argc, char **argv)
{
	pid_t makers[MAKERS];
	int result;

	if (argc < 3)
		return 2;
	for (int i = 0; i < MAKERS; i++) {
		makers[i] = fork();
		if (makers[i] == 0)
			make_orphans();
	}
	result = open_often(argv[2], atoi(argv[1]));
	for (int i = 0; i < MAKERS; i++)
		kill(makers[i], SIGKILL);
	return result;
}
