/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands of fcntl(2) and ioctl(2): see commands.h. */
#include "seccomp/filter/commands.h"

#include <asm/ioctls.h>
#include <asm/sockios.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "seccomp/marker.h"

#ifndef F_SETDELEG
#define F_SETDELEG (1024 + 16) /* Linux 6.19 */
#endif

/* Argument 1, of which the kernel sees 32 bit. */
struct device_command {
	int number;
	unsigned int command;
	int error; /* of those that are forbidden */
};

/*
 * Never about a device that Landlock keeps a program from, and too frequent to
 * be notified of; or what a rule of its own is about. Ascending.
 */
static const struct range {
	uint64_t first, last;
} passed[] = {
	{TIOCSTI, TIOCSTI}, {TIOCLINUX, TIOCLINUX},
	{FIONBIO, FIONBIO}, {FIONCLEX, FIOASYNC}, /* and FIOCLEX */
	{0x8900, 0x89ff}, /* sockets, FIOSETOWN among them */
};

static int add_command(scmp_filter_ctx ctx, uint32_t action,
		       const struct device_command *command)
{
	return seccomp_rule_add(
		ctx, action, command->number, 1,
		SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, command->command));
}

static int add_unmarked(scmp_filter_ctx ctx, struct scmp_arg_cmp command)
{
	return seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SYS_ioctl, 2, command,
				SCMP_CMP(MARKER_ARGUMENT, SCMP_CMP_NE, MARKER));
}

/* Has a range notified, in blocks that a mask can tell: no rule may compare twice. */
static int add_range(scmp_filter_ctx ctx, uint64_t first, uint64_t end)
{
	int error = 0;

	while (!error && first < end) {
		uint64_t size = 1;

		while (!(first & size) && first + 2 * size <= end)
			size *= 2;
		error = add_unmarked(
			ctx, SCMP_A1(SCMP_CMP_MASKED_EQ, ~(size - 1), first));
		first += size;
	}
	return error;
}

/* All commands but those that nobody needs to ask for. */
static int add_devices(scmp_filter_ctx ctx)
{
	const size_t last = ARRAY_SIZE(passed) - 1;
	int error = add_unmarked(ctx, SCMP_A1(SCMP_CMP_LT, passed[0].first));

	for (size_t i = 0; !error && i < last; i++)
		error = add_range(ctx, passed[i].last + 1, passed[i + 1].first);
	/* Also what has bits that the kernel does not see. */
	if (!error)
		error = add_unmarked(ctx,
				     SCMP_A1(SCMP_CMP_GT, passed[last].last));
	return error;
}

int commands_add(scmp_filter_ctx ctx, bool marker)
{
	/* Who a file sends signals to. */
	static const struct device_command asked[] = {
		{SYS_fcntl, F_SETOWN, 0},
		{SYS_fcntl, F_SETOWN_EX, 0},
		{SYS_ioctl, FIOSETOWN, 0},
		{SYS_ioctl, SIOCSPGRP, 0},
	};
	/*
	 * What types into a terminal, and so into the shell that comes after
	 * the program; and what keeps all others who open a file waiting, of
	 * the supervisor's own files, too: so, as where there are no leases.
	 */
	static const struct device_command forbidden[] = {
		{SYS_ioctl, TIOCSTI, EPERM},
		{SYS_ioctl, TIOCLINUX, EPERM},
		{SYS_fcntl, F_SETLEASE, EINVAL},
		{SYS_fcntl, F_SETDELEG, EINVAL},
	};
	int error = 0;

	for (size_t i = 0; !error && i < ARRAY_SIZE(asked); i++)
		error = add_command(ctx, SCMP_ACT_NOTIFY, &asked[i]);
	for (size_t i = 0; !error && i < ARRAY_SIZE(forbidden); i++)
		error = add_command(
			ctx, SCMP_ACT_ERRNO((uint32_t)forbidden[i].error),
			&forbidden[i]);
	return error || !marker ? error : add_devices(ctx);
}
