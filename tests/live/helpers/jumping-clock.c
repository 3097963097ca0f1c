/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A wall clock that is another one than the machine's, to be preloaded: it is
 * off by as many seconds as the first eight bytes of the file in CLOCK_FILE
 * say, and jumps when these are changed. The next eight are how long the
 * machine has been asleep, which CLOCK_BOOTTIME counts and CLOCK_MONOTONIC does
 * not.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS 4096

static const int64_t none[2];
static const volatile int64_t *offsets = none;
/* The clock of each timer, and one more. */
static unsigned char clocks[DESCRIPTORS];

__attribute__((constructor)) static void open_clock(void)
{
	const char *const path = getenv("CLOCK_FILE");
	const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *map;

	if (fd < 0)
		return;
	map = mmap(NULL, sizeof(none), PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		offsets = map;
	close(fd);
}

static int64_t offset_of(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		return offsets[0];
	case CLOCK_BOOTTIME:
		return offsets[1];
	default:
		return 0;
	}
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	const int result = (int)syscall(SYS_clock_gettime, clock, ret);

	if (result == 0)
		ret->tv_sec += offset_of(clock);
	return result;
}

time_t time(time_t *ret)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *ret, void *zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	ret->tv_sec = now.tv_sec;
	ret->tv_usec = now.tv_nsec / 1000;
	return 0;
}

int timerfd_create(int clock, int flags)
{
	const int fd = (int)syscall(SYS_timerfd_create, clock, flags);

	if (fd >= 0 && fd < DESCRIPTORS)
		clocks[fd] = (unsigned char)(clock + 1);
	return fd;
}

/* What is absolute is meant by the clock that is shown. */
int timerfd_settime(int fd, int flags, const struct itimerspec *new,
		    struct itimerspec *old)
{
	struct itimerspec real = *new;

	if (fd >= 0 && fd < DESCRIPTORS && clocks[fd] &&
	    (flags & TFD_TIMER_ABSTIME) && new->it_value.tv_sec != 0) {
		real.it_value.tv_sec -= offset_of(clocks[fd] - 1);
		if (real.it_value.tv_sec <= 0)
			real.it_value.tv_sec = 1;
	}
	return (int)syscall(SYS_timerfd_settime, fd, flags, &real, old);
}
