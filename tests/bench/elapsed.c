/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * elapsed COUNT COMMAND [ARG]...
 *
 * Runs a command COUNT times, its output thrown away, and prints how long each
 * run took, in ns, from before the fork until it was waited for.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t quiet;

	if (argc < 3)
		return 2;
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	for (int i = 0; i < atoi(argv[1]); i++) {
		const int64_t start = now();
		int status, error;
		pid_t pid;

		error = posix_spawnp(&pid, argv[2], &quiet, NULL, argv + 2,
				     environ);
		if (error || waitpid(pid, &status, 0) < 0 || status) {
			fprintf(stderr, "elapsed: %s: %s\n", argv[2],
				error ? strerror(error) : "it failed");
			return 1;
		}
		printf("%lld\n", (long long)(now() - start));
	}
	return 0;
}
