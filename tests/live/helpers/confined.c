/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * confined HOW FILE: confines itself by a Landlock domain of its own, and then
 * tries to have the file read for it. Exit status 0: it was refused (for
 * "reads": it was given); 1: not, and a line says so; 77: it cannot be tried.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define RESULT_FD 9 /* where an orphan says how it went */

static int add_rule(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	const long result = syscall(SYS_landlock_add_rule, ruleset,
				    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);

	close(rule.parent_fd);
	return (int)result;
}

/* Reads only beneath one path from now on. Returns: the ruleset. */
static int confine_to(const char *path)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE,
	};
	const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr,
					 sizeof(attr), 0);

	if (ruleset < 0 || add_rule(ruleset, path) < 0 ||
	    syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		_exit(77);
	return ruleset;
}

static int expect_refusal(const char *path)
{
	if (open(path, O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES)
		return 0;
	printf("hole: %s was opened\n", path);
	return 1;
}

/* More rules for a domain that is in force already. */
static int widens(const char *path)
{
	const int ruleset = confine_to("/usr");

	add_rule(ruleset, path);
	return expect_refusal(path);
}

static int rulesets[2];

/* Two rulesets, again and again under one number. */
static void *exchange(void *unused)
{
	for (;;) {
		dup2(rulesets[0], RESULT_FD);
		dup2(rulesets[1], RESULT_FD);
	}
	return unused;
}

/* The same, where the ruleset is put under the number meanwhile. */
static int swaps(const char *path)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE,
	};
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	pthread_t other;

	rulesets[1] = (int)syscall(SYS_landlock_create_ruleset, &attr,
				   sizeof(attr), 0);
	rulesets[0] = confine_to("/usr");
	if (pthread_create(&other, NULL, exchange, NULL))
		return 77;
	for (int i = 0; i < 3000; i++) {
		syscall(SYS_landlock_add_rule, RESULT_FD,
			LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
		if (i % 8 == 0 && expect_refusal(path))
			return 1;
	}
	return 0;
}

/* A thread of its own, and what it has opened where only a ruleset could be. */
static int confine_among_exchanges(const char *path)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE,
	};
	pthread_t other;

	rulesets[0] = (int)syscall(SYS_landlock_create_ruleset, &attr,
				   sizeof(attr), 0);
	rulesets[1] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (rulesets[0] < 0 || add_rule(rulesets[0], "/usr") < 0 ||
	    dup2(rulesets[0], RESULT_FD) < 0 ||
	    pthread_create(&other, NULL, exchange, NULL))
		return 77;
	while (syscall(SYS_landlock_restrict_self, RESULT_FD, 0) < 0)
		if (errno != EBADFD && errno != EBADF)
			return perror("landlock_restrict_self"), 1;
	return expect_refusal(path);
}

/* What comes and goes under the number that a domain is taken by. */
static int exchanged(const char *path)
{
	for (int i = 0; i < 200; i++) {
		const pid_t pid = fork();
		int status;

		if (pid == 0) {
			status = confine_among_exchanges(path);
			fflush(stdout);
			_exit(status);
		}
		if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
			return 1;
		if (WEXITSTATUS(status))
			return WEXITSTATUS(status);
	}
	return 0;
}

/* The limit by which the supervisor knows the confined ones. */
static int unmarks(const char *path)
{
	const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};

	confine_to("/usr");
	setrlimit(RLIMIT_LOCKS, &none);
	syscall(SYS_setrlimit, RLIMIT_LOCKS, &none);
	prlimit(getpid(), RLIMIT_LOCKS, &none, NULL);
	syscall(SYS_prlimit64, UINT64_C(1) << 32, RLIMIT_LOCKS, &none, NULL);
	return expect_refusal(path);
}

static _Noreturn void read_as_orphan(const char *path)
{
	const pid_t parent = getpid();
	char result;

	if (fork() != 0)
		_exit(0);
	while (getppid() == parent)
		;
	result = (char)expect_refusal(path);
	(void)!write(RESULT_FD, &result, 1);
	_exit(0);
}

/* One whose parents are gone. */
static int orphan(const char *path)
{
	int channel[2];
	char result = 77;

	if (pipe2(channel, O_CLOEXEC) < 0)
		return 77;
	if (fork() == 0) {
		dup2(channel[1], RESULT_FD);
		confine_to("/");
		confine_to("/usr");
		confine_to("/");
		read_as_orphan(path);
	}
	wait(NULL);
	close(channel[1]);
	(void)!read(channel[0], &result, 1);
	return result;
}

/* What its own domain allows, a confined program may be given. */
static int reads(const char *path)
{
	confine_to(path);
	if (open(path, O_RDONLY | O_CLOEXEC) >= 0)
		return 0;
	perror(path);
	return 1;
}

static const struct {
	const char *name;
	int (*function)(const char *path);
} ways[] = {
	{"widens", widens}, {"swaps", swaps}, {"unmarks", unmarks},
	{"orphan", orphan}, {"reads", reads}, {"exchanged", exchanged},
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return 77;
	for (size_t i = 0; argc == 3 && i < sizeof(ways) / sizeof(*ways); i++)
		if (strcmp(ways[i].name, argv[1]) == 0)
			return ways[i].function(argv[2]);
	fprintf(stderr, "confined: no such way\n");
	return 2;
}
