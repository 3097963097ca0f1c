/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making and entering namespaces: unshare(2), clone(2), setns(2).
 *
 * The kinds are bits in a register. A setns(2) that names none takes whatever
 * the descriptor is, which may be exchanged: it needs all of them.
 */
#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>

#include "operation/call.h"
#include "operation/capability.h"
#include "operation/operations.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

#define IN_CLONE                                                   \
	((uint64_t)(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | \
		    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |  \
		    CLONE_NEWNET))
#define ALL (IN_CLONE | CLONE_NEWTIME)

static uint64_t kinds(const struct notif *notif)
{
	switch (notif->call->number) {
	case SYS_clone: /* the low byte is a signal's number */
		return notif->data.args[0] & IN_CLONE;
	case SYS_setns:
		return notif->data.args[1] & ALL ? notif->data.args[1] & ALL
						 : ALL;
	default:
		return notif->data.args[0] & ALL;
	}
}

/* One that comes with a user namespace takes no capability, others do. */
static bool takes_capability(const struct notif *notif)
{
	return notif->call->number != SYS_setns &&
	       !(kinds(notif) & CLONE_NEWUSER);
}

static int gather(struct notif *notif)
{
	enum capability_state *state = notif_keep(notif, enum capability_state);

	notif->exposed = 0;
	notif->maker = MAKER_REGISTERS;
	if (!kinds(notif))
		return STEP_NATIVE;
	*state = takes_capability(notif) ? capability_look(notif, CAP_SYS_ADMIN)
					 : CAPABILITY_HELD;
	return *state == CAPABILITY_MISSING ? STEP_NATIVE : STEP_JUDGE;
}

static int resolve(struct notif *notif)
{
	const enum capability_state *state = notif->private;
	struct object object = {.type = OBJECT_NAMESPACE};

	if (*state == CAPABILITY_TAKEN)
		capability_need_taken(notif, CAP_SYS_ADMIN);
	object.namespaces = kinds(notif);
	notif_need(notif, &object, RIGHT_PERM_NAMESPACE_ENTER);
	return STEP_JUDGE;
}

const struct operation operation_namespace = {
	.rights = "perm.namespace_enter",
	.gather = gather,
	.resolve = resolve,
};
