/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * static-landlock PATH... -- COMMAND [ARG]...
 *
 * Runs a command in an ordinary Landlock domain that governs all this kernel
 * knows: beneath the paths everything is allowed, elsewhere nothing, and no TCP
 * port. What is denied under Landlord has to look the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Truncation and device ioctls may be missing from old headers. */
#define FS_RIGHTS(abi)                          \
	((abi) >= 5   ? (UINT64_C(1) << 16) - 1 \
	 : (abi) >= 3 ? (UINT64_C(1) << 15) - 1 \
	 : (abi) >= 2 ? (UINT64_C(1) << 14) - 1 \
		      : (UINT64_C(1) << 13) - 1)

/* As struct landlock_ruleset_attr of ABI 4. */
struct ruleset {
	uint64_t fs, net;
};

static int allow(int ruleset, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = rights,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};

	if (beneath.parent_fd < 0)
		return -1;
	return (int)syscall(SYS_landlock_add_rule, ruleset,
			    LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
}

int main(int argc, char **argv)
{
	const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
				 LANDLOCK_CREATE_RULESET_VERSION);
	const struct ruleset handled = {
		.fs = FS_RIGHTS(abi),
		.net = abi >= 4 ? 3 : 0,
	};
	int ruleset, i;

	if (abi < 1) {
		fprintf(stderr, "Skipped: no Landlock: %s\n", strerror(errno));
		return 77;
	}
	ruleset =
		(int)syscall(SYS_landlock_create_ruleset, &handled,
			     abi >= 4 ? sizeof(handled) : sizeof(uint64_t), 0);
	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (allow(ruleset, argv[i], handled.fs)) {
			perror(argv[i]);
			return 125;
		}
	}
	if (i + 1 >= argc || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_landlock_restrict_self, ruleset, 0)) {
		perror("static-landlock");
		return 125;
	}
	execvp(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 127;
}
