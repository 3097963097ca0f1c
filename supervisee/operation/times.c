/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * utime(2), utimes(2), futimesat(2), utimensat(2).
 *
 * Without a path it is about an open descriptor, and is not notified: programs
 * that unpack and copy set the times of each file so, and somebody has allowed
 * the file to be opened.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#include "operation/call.h"
#include "operation/metadata.h"
#include "operation/operations.h"
#include "path/opath.h"
#include "task/memory.h"

/* What is to be set, as read once. */
struct times {
	bool now; /* both, as without any argument */
	struct timespec at[2];
};

static int read_seconds(const struct notif *notif, uint64_t address,
			struct times *ret)
{
	struct utimbuf times;
	const int error =
		memory_read(notif->tid, address, &times, sizeof(times));

	if (error)
		return error;
	ret->at[0] = (struct timespec){.tv_sec = times.actime};
	ret->at[1] = (struct timespec){.tv_sec = times.modtime};
	return 0;
}

static int read_microseconds(const struct notif *notif, uint64_t address,
			     struct times *ret)
{
	struct timeval times[2];
	const int error =
		memory_read(notif->tid, address, times, sizeof(times));

	for (unsigned int i = 0; !error && i < 2; i++) {
		if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000)
			return -EINVAL;
		ret->at[i].tv_sec = times[i].tv_sec;
		ret->at[i].tv_nsec = 1000 * times[i].tv_usec;
	}
	return error;
}

static int read_times(const struct notif *notif, uint64_t address,
		      struct times *ret)
{
	*ret = (struct times){.now = !address};
	if (ret->now)
		return 0;
	switch (notif->call->number) {
	case SYS_utime:
		return read_seconds(notif, address, ret);
	case SYS_utimensat:
		return memory_read(notif->tid, address, ret->at,
				   sizeof(ret->at));
	default:
		return read_microseconds(notif, address, ret);
	}
}

/* Nothing is even looked for then. */
static bool is_nothing(const struct notif *notif, const struct times *times)
{
	return notif->call->number == SYS_utimensat && !times->now &&
	       times->at[0].tv_nsec == UTIME_OMIT &&
	       times->at[1].tv_nsec == UTIME_OMIT;
}

static int gather(struct notif *notif)
{
	struct times *times = notif_keep(notif, struct times);
	const int error = read_times(
		notif, notif->data.args[notif->call->path + 1], times);

	notif->exposed = RIGHTS_NEVER_HELD;
	if (error || is_nothing(notif, times))
		return error;
	return metadata_gather(notif,
			       notif_argument(notif, notif->call->flags, 0),
			       METADATA_EMPTY_PATH);
}

static int resolve(struct notif *notif)
{
	return is_nothing(notif, notif->private) ? STEP_PERFORM
						 : metadata_resolve(notif);
}

static bool is_now(const struct times *times)
{
	return times->now || (times->at[0].tv_nsec == UTIME_NOW &&
			      times->at[1].tv_nsec == UTIME_NOW);
}

/* Now is for everybody who may write; any other time for the owner. */
static int check(const struct notif *notif)
{
	const int error = metadata_check_owner(notif);

	return error == -EPERM && is_now(notif->private)
		       ? opath_access(notif->pins[0].fd, W_OK)
		       : error;
}

static int perform(struct notif *notif)
{
	const struct times *times = notif->private;
	const struct timespec *at = times->now ? NULL : times->at;
	int result = 0;

	if (!is_nothing(notif, times))
		result = (int)syscall(SYS_utimensat, notif->pins[0].fd, "", at,
				      AT_EMPTY_PATH);
	return result < 0 ? -errno : 0;
}

const struct operation operation_times = {
	.rights = "metadata, as fs.write_file",
	.gather = gather,
	.resolve = resolve,
	.check = check,
	.perform = perform,
};
