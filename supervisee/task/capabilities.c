/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities of a program: see capabilities.h. */
#include "task/capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(capability) (UINT64_C(1) << (capability))

/* Every use of these is a call that is notified: see operation/capability.c. */
#define ASKED                                                          \
	(BIT(CAP_SYS_CHROOT) | BIT(CAP_SYS_BOOT) | BIT(CAP_SYS_TIME) | \
	 BIT(CAP_SYS_PACCT))

uint64_t capabilities_withheld(const struct ruleset *ruleset)
{
	uint64_t withheld = 0;

	for (int i = 0; i < 64 && prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0;
	     i++) {
		struct object object = {.type = OBJECT_CAPABILITY};
		struct judgement judgement;

		object.capability = i;
		judgement =
			ruleset_judge(ruleset, &object,
				      RIGHT_PERM_CAPABILITY_USE, PROCESS_NONE);
		if (judgement.denied || (judgement.asked && !(BIT(i) & ASKED)))
			withheld |= BIT(i);
	}
	return withheld;
}

struct sets {
	struct __user_cap_header_struct header;
	struct __user_cap_data_struct data[2];
};

static int read_sets(struct sets *ret)
{
	*ret = (struct sets){.header.version = _LINUX_CAPABILITY_VERSION_3};
	return syscall(SYS_capget, &ret->header, ret->data) < 0 ? -errno : 0;
}

uint64_t capabilities_held(uint64_t set)
{
	struct sets sets;

	if (read_sets(&sets))
		return 0;
	return set & (sets.data[0].permitted | (uint64_t)sets.data[1].permitted
						       << 32);
}

/* Nothing that is executed gets more than the bounding set: not even root. */
static int lower_bound(uint64_t taken)
{
	for (int i = 0; i < 64; i++) {
		if (!(taken & BIT(i)) || prctl(PR_CAPBSET_READ, i, 0, 0, 0) < 1)
			continue;
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, i, 0, 0);
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
			return -errno;
	}
	return 0;
}

int capabilities_take(uint64_t taken, uint64_t kept)
{
	struct sets sets;
	int error = read_sets(&sets);

	if (error)
		return error;
	/* Who has none gets none: no privilege is gained by executing. */
	if (!capabilities_held(~UINT64_C(0)))
		return 0;
	if (capabilities_held(BIT(CAP_SETPCAP)))
		error = lower_bound(taken);
	for (unsigned int i = 0; i < 2; i++) {
		const uint32_t all = (uint32_t)(taken >> (32 * i));
		const uint32_t now = (uint32_t)((taken & ~kept) >> (32 * i));

		sets.data[i].inheritable &= ~all;
		sets.data[i].permitted &= ~now;
		sets.data[i].effective &= ~now;
	}
	if (!error && syscall(SYS_capset, &sets.header, sets.data) < 0)
		error = -errno;
	return error;
}
