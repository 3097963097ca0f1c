// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls that nobody may make without a capability: which one is clear from the
 * call, whatever its arguments point to. A thread that has it needs
 * perm.capability_use for it; one that has not the kernel refuses.
 *
 * Most capabilities are used in too many ways for a filter to see. What no rule
 * allows of them is taken from the program before it starts (see
 * task/capabilities.h), and only told about here.
 */
#include "operation/capability.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "operation/call.h"
#include "operation/operations.h"
#include "task/identity.h"

/* Of syslog(2): what everybody may, unless the system says otherwise. */
#define SYSLOG_READ_ALL 3
#define SYSLOG_SIZE_BUFFER 10

static const struct {
	int number, capability;
} uses[] = {
	{SYS_chroot, CAP_SYS_CHROOT},	    {SYS_reboot, CAP_SYS_BOOT},
	{SYS_kexec_load, CAP_SYS_BOOT},	    {SYS_kexec_file_load, CAP_SYS_BOOT},
	{SYS_settimeofday, CAP_SYS_TIME},   {SYS_clock_settime, CAP_SYS_TIME},
	{SYS_adjtimex, CAP_SYS_TIME},	    {SYS_clock_adjtime, CAP_SYS_TIME},
	{SYS_acct, CAP_SYS_PACCT},	    {SYS_syslog, CAP_SYSLOG},
	{SYS_iopl, CAP_SYS_RAWIO},	    {SYS_ioperm, CAP_SYS_RAWIO},
	{SYS_vhangup, CAP_SYS_TTY_CONFIG},  {SYS_init_module, CAP_SYS_MODULE},
	{SYS_finit_module, CAP_SYS_MODULE}, {SYS_delete_module, CAP_SYS_MODULE},
	{SYS_sethostname, CAP_SYS_ADMIN},   {SYS_setdomainname, CAP_SYS_ADMIN},
	{SYS_swapon, CAP_SYS_ADMIN},	    {SYS_swapoff, CAP_SYS_ADMIN},
	{SYS_mount, CAP_SYS_ADMIN},	    {SYS_umount2, CAP_SYS_ADMIN},
	{SYS_pivot_root, CAP_SYS_ADMIN},    {SYS_move_mount, CAP_SYS_ADMIN},
	{SYS_open_tree, CAP_SYS_ADMIN},	    {SYS_open_tree_attr, CAP_SYS_ADMIN},
	{SYS_fsmount, CAP_SYS_ADMIN},	    {SYS_fsopen, CAP_SYS_ADMIN},
	{SYS_fspick, CAP_SYS_ADMIN},	    {SYS_mount_setattr, CAP_SYS_ADMIN},
};

static int capability_of(const struct trap *trap)
{
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		if (uses[i].number == trap->call->number)
			return uses[i].capability;
	abort(); /* each call of the table has one */
}

/*
 * What Landlock forbids every domain, whoever is in it; and what it has
 * forgotten: mounts that are attached nowhere, in which paths are not what they
 * seem, file systems that open others as they are made, and the flags of
 * mounts.
 */
static bool changes_mounts(const struct trap *trap)
{
	switch (trap->call->number) {
	case SYS_mount:
	case SYS_umount2:
	case SYS_pivot_root:
	case SYS_move_mount:
	case SYS_open_tree:
	case SYS_open_tree_attr:
	case SYS_fsmount:
	case SYS_fsopen:
	case SYS_fspick:
	case SYS_mount_setattr:
		return true;
	default:
		return false;
	}
}

static bool is_for_everybody(const struct trap *trap)
{
	return trap->call->number == SYS_syslog &&
	       ((int)trap->data.args[0] == SYSLOG_READ_ALL ||
		(int)trap->data.args[0] == SYSLOG_SIZE_BUFFER);
}

enum capability_state capability_look(const struct trap *trap, int capability)
{
	const uint64_t bit = UINT64_C(1) << capability;
	_cleanup_identity_ struct identity identity = {0}, own = {0};

	if (identity_read(&identity, trap->tid))
		return CAPABILITY_MISSING;
	if (identity.effective & bit)
		return CAPABILITY_HELD;
	/* One that has given others up has given up this one as well. */
	if (!(trap->tree->taken & bit) || identity_read(&own, trap->monitor) ||
	    identity.user_namespace != own.user_namespace ||
	    (own.permitted & ~identity.permitted & ~trap->tree->taken))
		return CAPABILITY_MISSING;
	return CAPABILITY_TAKEN;
}

static void need(struct trap *trap, int capability)
{
	struct object object = {.type = OBJECT_CAPABILITY};

	object.capability = capability;
	trap_need(trap, &object, RIGHT_PERM_CAPABILITY_USE);
}

void capability_need_taken(struct trap *trap, int capability)
{
	trap->accesses.impossible = true;
	trap->accesses.reason =
		"the capability was taken from the program when it was "
		"started, since no rule allowed it";
	need(trap, capability);
}

static int gather(struct trap *trap)
{
	/* All that matters is which call it is, and who makes it. */
	trap->exposed = 0;
	trap->maker = MAKER_REGISTERS;
	if (is_for_everybody(trap))
		return STEP_NATIVE;
	trap->value = capability_look(trap, capability_of(trap));
	return trap->value == CAPABILITY_MISSING ? STEP_NATIVE : STEP_JUDGE;
}

static int resolve(struct trap *trap)
{
	if (trap->value == CAPABILITY_TAKEN) {
		capability_need_taken(trap, capability_of(trap));
		return STEP_JUDGE;
	}
	if (changes_mounts(trap)) {
		trap->accesses.impossible = true;
		trap->accesses.reason =
			"Landlock keeps a domain from changing what is "
			"mounted";
	}
	need(trap, capability_of(trap));
	return STEP_JUDGE;
}

const struct operation operation_capability = {
	.rights = "perm.capability_use; mounts are refused",
	.gather = gather,
	.resolve = resolve,
};
