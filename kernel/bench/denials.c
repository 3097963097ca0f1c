// SPDX-License-Identifier: GPL-2.0-only
/*
 * denials - What one allowed and one denied open(2) cost in a Landlock domain
 *
 * usage: denials [-s | -u] [-d DEPTH] [-n COUNT]
 *
 * Makes DEPTH nested directories, each with a rule, and times COUNT opens of a
 * file that the domain allows to read (the walk ends at the first rule), and
 * COUNT opens for writing that it denies (the walk goes up to the root).  With
 * -s the same rules belong to a supervised domain whose supervisor has committed
 * nothing and does not listen; with -u there is no domain, and all is allowed.
 * Prints two numbers: nanoseconds per allowed and per denied open.
 */

#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/landlock.h>

/* Makes and enters the nested directories, and allows to read beneath each. */
static void nest(int ruleset, int depth)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
	};

	while (depth--) {
		if (mkdir("d", 0700) && errno != EEXIST)
			err(1, "mkdir");
		if (chdir("d"))
			err(1, "chdir");
		rule.parent_fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (rule.parent_fd < 0)
			err(1, "open(.)");
		if (syscall(__NR_landlock_add_rule, ruleset,
			    LANDLOCK_RULE_PATH_BENEATH, &rule, 0))
			err(1, "landlock_add_rule");
		close(rule.parent_fd);
	}
	close(open("file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
}

/* Returns the nanoseconds that one open takes, the error it must end with given. */
static double opens(int flags, int error, int count)
{
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < count; i++) {
		const int fd = open("file", flags | O_CLOEXEC);

		if (fd >= 0)
			close(fd);
		if ((fd < 0 ? errno : 0) != error)
			err(1, "an open did not end with %d", error);
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	return ((to.tv_sec - from.tv_sec) * 1e9 + to.tv_nsec - from.tv_nsec) /
	       count;
}

static int open_ruleset(bool supervised)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE |
				     LANDLOCK_ACCESS_FS_WRITE_FILE,
	};
	unsigned int flags = 0;

	if (supervised) {
#ifdef LANDLOCK_CREATE_RULESET_SUPERVISOR
		flags = LANDLOCK_CREATE_RULESET_SUPERVISOR;
#else
		errx(1, "these headers know no supervisor");
#endif
	}
	return syscall(__NR_landlock_create_ruleset, &attr, sizeof(attr),
		       flags);
}

int main(int argc, char *argv[])
{
	bool supervised = false, unrestricted = false;
	int depth = 10, count = 100000;
	int c, ruleset, status;

	while ((c = getopt(argc, argv, "sud:n:")) != -1) {
		switch (c) {
		case 's':
			supervised = true;
			break;
		case 'u':
			unrestricted = true;
			break;
		case 'd':
			depth = atoi(optarg);
			break;
		case 'n':
			count = atoi(optarg);
			break;
		default:
			return 2;
		}
	}

	ruleset = open_ruleset(supervised);
	if (ruleset < 0)
		err(1, "landlock_create_ruleset");
#ifdef LANDLOCK_CREATE_RULESET_SUPERVISOR
	if (supervised) {
		struct landlock_supervisee_attr supervisee = {};

		ruleset = ioctl(ruleset, LANDLOCK_IOCTL_GET_SUPERVISEE,
				&supervisee);
		if (ruleset < 0)
			err(1, "LANDLOCK_IOCTL_GET_SUPERVISEE");
	}
#endif
	nest(ruleset, depth);

	/* The owner of a supervisor cannot be its supervisee. */
	if (fork() == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
			err(1, "prctl");
		if (!unrestricted &&
		    syscall(__NR_landlock_restrict_self, ruleset, 0))
			err(1, "landlock_restrict_self");
		opens(O_RDONLY, 0, count / 10);
		printf("%.1f %.1f\n", opens(O_RDONLY, 0, count),
		       opens(O_WRONLY, unrestricted ? 0 : EACCES, count));
		fflush(stdout);
		_exit(0);
	}
	if (wait(&status) < 0 || status)
		return 1;
	return 0;
}
