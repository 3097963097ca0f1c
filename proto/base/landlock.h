/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's Landlock: its system calls, structures and numbers. Nothing
 * else includes <linux/landlock.h> or makes these calls; what rights mean is
 * not known here (see core/right.h and landlock/rights.h).
 *
 *	ruleset = landlock_ruleset_new(fs, 0, 0);
 *	landlock_allow_beneath(ruleset, directory, fs);
 *	landlock_enter(ruleset);	for good
 *
 * <linux/landlock.h> is that of kernel/uapi/, not the system's, which may be
 * older: what it names beyond landlock_abi() the running kernel may not have.
 * Source: landlock(7).
 */
#pragma once

#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>

/* A rule of any kind, as landlock_add_rule(2) reads it. */
union landlock_rule {
	struct landlock_path_beneath_attr path;
	struct landlock_net_port_attr port;
};

/* Returns: the newest ABI of the running kernel, or a negative errno. */
int landlock_abi(void);

/*
 * Makes a ruleset that allows nothing yet.
 * @fs, @net, @scoped: what it handles, each 0 or as the kernel's ABI knows it
 * Returns: a descriptor (O_CLOEXEC), or a negative errno.
 */
int landlock_ruleset_new(uint64_t fs, uint64_t net, uint64_t scoped);

/*
 * Allows access to what a descriptor is of, and to all beneath. Returns: 0 or a
 * negative errno.
 */
int landlock_allow_beneath(int ruleset, int parent, uint64_t fs);

/* Returns: 0 or a negative errno. */
int landlock_allow_port(int ruleset, uint64_t port, uint64_t net);

/*
 * landlock_add_rule(2) itself, for rules that are somebody else's.
 * @rule: NULL is for the kernel to refuse
 * Returns: 0 or a negative errno.
 */
int landlock_rule_add(int ruleset, uint32_t type,
		      const union landlock_rule *rule, uint32_t flags);

/*
 * Confines the calling thread, which must not be able to gain privileges any
 * more (PR_SET_NO_NEW_PRIVS). Returns: 0 or a negative errno.
 */
int landlock_enter(int ruleset);
