/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's Landlock: see landlock.h. */
#include "base/landlock.h"

#include <assert.h>
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static_assert(sizeof(union landlock_rule) == 16, "as large as a port's rule");

int landlock_abi(void)
{
	const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
				 LANDLOCK_CREATE_RULESET_VERSION);

	return abi < 0 ? -errno : (int)abi;
}

int landlock_ruleset_new(uint64_t fs, uint64_t net, uint64_t scoped)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = fs,
		.handled_access_net = net,
		.scoped = scoped,
	};
	/* No larger than what is used: no kernel is asked about more. */
	const size_t size =
		scoped ? offsetof(struct landlock_ruleset_attr, quiet_access_fs)
		: net  ? offsetof(struct landlock_ruleset_attr, scoped)
		       : offsetof(struct landlock_ruleset_attr,
				  handled_access_net);
	const long fd = syscall(SYS_landlock_create_ruleset, &attr, size, 0);

	return fd < 0 ? -errno : (int)fd;
}

int landlock_allow_beneath(int ruleset, int parent, uint64_t fs)
{
	const union landlock_rule rule = {
		.path = {.allowed_access = fs, .parent_fd = parent},
	};

	return landlock_rule_add(ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

int landlock_allow_port(int ruleset, uint64_t port, uint64_t net)
{
	const union landlock_rule rule = {
		.port = {.allowed_access = net, .port = port},
	};

	return landlock_rule_add(ruleset, LANDLOCK_RULE_NET_PORT, &rule, 0);
}

int landlock_rule_add(int ruleset, uint32_t type,
		      const union landlock_rule *rule, uint32_t flags)
{
	return syscall(SYS_landlock_add_rule, ruleset, type, rule, flags) < 0
		       ? -errno
		       : 0;
}

int landlock_enter(int ruleset)
{
	return syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? -errno : 0;
}
