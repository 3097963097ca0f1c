/* SPDX-License-Identifier: GPL-2.0-or-later */
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

static int capability_of(const struct notif *notif)
{
	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		if (uses[i].number == notif->call->number)
			return uses[i].capability;
	abort(); /* each call of the table has one */
}

/*
 * What Landlock forbids every domain, whoever is in it; and what it has
 * forgotten: mounts that are attached nowhere, in which paths are not what they
 * seem, file systems that open others as they are made, and the flags of
 * mounts.
 */
static bool changes_mounts(const struct notif *notif)
{
	switch (notif->call->number) {
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

static bool is_for_everybody(const struct notif *notif)
{
	return notif->call->number == SYS_syslog &&
	       ((int)notif->data.args[0] == SYSLOG_READ_ALL ||
		(int)notif->data.args[0] == SYSLOG_SIZE_BUFFER);
}

enum capability_state capability_look(const struct notif *notif, int capability)
{
	const uint64_t bit = UINT64_C(1) << capability;
	_cleanup_identity_ struct identity identity = {0}, own = {0};

	if (identity_read(&identity, notif->tid))
		return CAPABILITY_MISSING;
	if (identity.effective & bit)
		return CAPABILITY_HELD;
	/* One that has given others up has given up this one as well. */
	if (!(notif->tree->taken & bit) ||
	    identity_read(&own, notif->monitor) ||
	    identity.user_namespace != own.user_namespace ||
	    (own.permitted & ~identity.permitted & ~notif->tree->taken))
		return CAPABILITY_MISSING;
	return CAPABILITY_TAKEN;
}

static void need(struct notif *notif, int capability)
{
	struct object object = {.type = OBJECT_CAPABILITY};

	object.capability = capability;
	notif_need(notif, &object, RIGHT_PERM_CAPABILITY_USE);
}

void capability_need_taken(struct notif *notif, int capability)
{
	notif->accesses.impossible = true;
	notif->accesses.reason =
		"the capability was taken from the program when it was "
		"started, since no rule allowed it";
	need(notif, capability);
}

static int gather(struct notif *notif)
{
	enum capability_state *state = notif_keep(notif, enum capability_state);

	/* All that matters is which call it is, and who makes it. */
	notif->exposed = 0;
	notif->maker = MAKER_REGISTERS;
	if (is_for_everybody(notif))
		return STEP_NATIVE;
	*state = capability_look(notif, capability_of(notif));
	return *state == CAPABILITY_MISSING ? STEP_NATIVE : STEP_JUDGE;
}

static int resolve(struct notif *notif)
{
	const enum capability_state *state = notif->private;

	if (*state == CAPABILITY_TAKEN) {
		capability_need_taken(notif, capability_of(notif));
		return STEP_JUDGE;
	}
	if (changes_mounts(notif)) {
		notif->accesses.impossible = true;
		notif->accesses.reason =
			"Landlock keeps a domain from changing what is "
			"mounted";
	}
	need(notif, capability_of(notif));
	return STEP_JUDGE;
}

const struct operation operation_capability = {
	.rights = "perm.capability_use; mounts are refused",
	.gather = gather,
	.resolve = resolve,
};
