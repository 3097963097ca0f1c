// SPDX-License-Identifier: GPL-2.0-only
/*
 * commits - What a commit of many rules costs, and what those pay who read
 *
 * usage: commits [-r RULES] [-c COMMITS] [-n COUNT]
 *
 * A supervisor stages RULES (default 10,000) path rules and commits them COMMITS
 * times; its supervisee opens, COUNT times, a file 10 directories deep that only
 * a committed rule allows: with one committed rule, with RULES of them, and while
 * the supervisor does nothing but commit.  What such an open costs with the same
 * rules static is measured first.  Prints "NAME VALUE" lines:
 *
 *   add              staging of one rule (ns)
 *   commit           median of the commits (ns)
 *   commit-max       the longest commit (ns)
 *   static           an open that one static rule allows (ns)
 *   committed-1      an open that the only committed rule allows (ns)
 *   committed        the same among RULES committed rules (ns)
 *   committing       the same while commits go on (ns)
 *   quiet-99, committing-99, quiet-max, committing-max
 *                    99th percentile and maximum of the last two (ns)
 */

#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/landlock.h>

#define DEPTH 10

static int rules = 10000, commits = 100, opens = 100000;

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int create_ruleset(unsigned int flags)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE,
	};
	const int fd = syscall(__NR_landlock_create_ruleset, &attr,
			       sizeof(attr), flags);

	if (fd < 0)
		err(1, "landlock_create_ruleset");
	return fd;
}

static void allow(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};

	if (rule.parent_fd < 0)
		err(1, "%s", path);
	if (syscall(__NR_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
		    &rule, 0))
		err(1, "landlock_add_rule");
	close(rule.parent_fd);
}

/* Allows the top directory, and stages the other rules, not used by any open. */
static uint64_t stage(int ruleset, int count)
{
	const uint64_t from = now();
	char path[32];

	allow(ruleset, "top");
	for (int i = 1; i < count; i++) {
		snprintf(path, sizeof(path), "rules/%d", i);
		allow(ruleset, path);
	}
	return (now() - from) / count;
}

static uint32_t commit(int supervisor)
{
	struct landlock_commit_attr attr = {};
	const uint64_t from = now();

	if (ioctl(supervisor, LANDLOCK_IOCTL_COMMIT, &attr))
		err(1, "LANDLOCK_IOCTL_COMMIT");
	return now() - from;
}

static void enforce(int ruleset)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(1, "prctl");
	if (syscall(__NR_landlock_restrict_self, ruleset, 0))
		err(1, "landlock_restrict_self");
	close(ruleset);
}

/* Opens the file, and prints what it costs as NAME, and the rest as REST-. */
static void measure(const char *name, const char *rest)
{
	const int dir = open("deep", O_PATH | O_CLOEXEC);
	uint32_t *const times = calloc(opens, sizeof(*times));
	uint64_t from, sum;

	if (dir < 0 || !times)
		err(1, "cannot measure");
	for (int i = 0; i < opens / 10; i++)
		close(openat(dir, "file", O_RDONLY | O_CLOEXEC));
	from = now();
	for (int i = 0; i < opens; i++) {
		const int fd = openat(dir, "file", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			err(1, "denied");
		close(fd);
	}
	sum = now() - from;
	printf("%s %.1f\n", name, (double)sum / opens);
	if (rest) {
		for (int i = 0; i < opens; i++) {
			const uint64_t start = now();

			close(openat(dir, "file", O_RDONLY | O_CLOEXEC));
			times[i] = now() - start;
		}
		qsort(times, opens, sizeof(*times), by_value);
		printf("%s-99 %u\n%s-max %u\n", rest,
		       times[(uint64_t)opens * 99 / 100], rest,
		       times[opens - 1]);
	}
	fflush(stdout);
	free(times);
	close(dir);
}

/* Runs measure() in another process, which enforces the ruleset. */
static pid_t reader(int ruleset, const char *name, const char *rest)
{
	const pid_t child = fork();

	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		enforce(ruleset);
		measure(name, rest);
		_exit(0);
	}
	close(ruleset);
	return child;
}

static void end(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || status)
		errx(1, "a reader failed");
}

static int supervisee(int supervisor)
{
	struct landlock_supervisee_attr attr = {};
	const int fd = ioctl(supervisor, LANDLOCK_IOCTL_GET_SUPERVISEE, &attr);

	if (fd < 0)
		err(1, "LANDLOCK_IOCTL_GET_SUPERVISEE");
	return fd;
}

static void prepare(void)
{
	char path[32];

	if (mkdir("top", 0700) || mkdir("rules", 0700))
		err(1, "mkdir");
	for (int i = 1; i < rules; i++) {
		snprintf(path, sizeof(path), "rules/%d", i);
		if (mkdir(path, 0700))
			err(1, "mkdir");
	}
	if (chdir("top"))
		err(1, "chdir");
	for (int i = 0; i < DEPTH; i++)
		if (mkdir("d", 0700) || chdir("d"))
			err(1, "d");
	close(open("file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	for (int i = 0; i <= DEPTH; i++)
		if (chdir(".."))
			err(1, "chdir");
	if (symlink("top/d/d/d/d/d/d/d/d/d/d", "deep"))
		err(1, "symlink");
}

static void measure_commits(int supervisor)
{
	uint32_t *const times = calloc(commits, sizeof(*times));

	if (!times)
		err(1, "calloc");
	for (int i = 0; i < commits; i++)
		times[i] = commit(supervisor);
	qsort(times, commits, sizeof(*times), by_value);
	printf("commit %u\ncommit-max %u\n", times[commits / 2],
	       times[commits - 1]);
	fflush(stdout);
	free(times);
}

int main(int argc, char *argv[])
{
	int c, ruleset, supervisor, status;
	pid_t child;

	while ((c = getopt(argc, argv, "r:c:n:")) != -1) {
		switch (c) {
		case 'r':
			rules = atoi(optarg);
			break;
		case 'c':
			commits = atoi(optarg);
			break;
		case 'n':
			opens = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	if (rules < 1 || commits < 1 || opens < 10)
		errx(2, "usage: commits [-r RULES] [-c COMMITS] [-n COUNT]");
	prepare();

	ruleset = create_ruleset(0);
	stage(ruleset, 1);
	end(reader(ruleset, "static", NULL));

	supervisor = create_ruleset(LANDLOCK_CREATE_RULESET_SUPERVISOR);
	stage(supervisor, 1);
	commit(supervisor);
	end(reader(supervisee(supervisor), "committed-1", NULL));

	printf("add %ju\n", (uintmax_t)stage(supervisor, rules));
	fflush(stdout);
	measure_commits(supervisor);
	end(reader(supervisee(supervisor), "committed", "quiet"));

	child = reader(supervisee(supervisor), "committing", "committing");
	while (waitpid(child, &status, WNOHANG) == 0)
		commit(supervisor);
	if (status)
		errx(1, "a reader failed");
	return 0;
}
