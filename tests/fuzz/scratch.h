/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A home directory that is a target's own, removed when it ends.
 */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

/* In memory, where that is possible: some targets wait for the disk. */
static char scratch[] = "/dev/shm/landlord-fuzz.XXXXXX";
static pid_t scratch_owner;

static int scratch_remove(const char *path, const struct stat *st, int kind,
			  struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline void scratch_clean_up(void)
{
	/* Not the children that some targets have. */
	if (getpid() != scratch_owner)
		return;
	if (chdir("/") == 0)
		nftw(scratch, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* Once: makes it, goes there, and lets all that is the user's be in it. */
static inline void scratch_enter(void)
{
	if (scratch_owner)
		return;
	scratch_owner = getpid();
	if (!mkdtemp(scratch)) {
		strcpy(scratch, "/tmp/landlord-fuzz.XXXXXX");
		FUZZ_CHECK(mkdtemp(scratch));
	}
	FUZZ_CHECK(chdir(scratch) == 0);
	atexit(scratch_clean_up);
	setenv("HOME", scratch, 1);
	setenv("XDG_STATE_HOME", scratch, 1);
	setenv("XDG_CONFIG_HOME", scratch, 1);
	setenv("XDG_RUNTIME_DIR", scratch, 1);
	setenv("LANDLORD_VENDOR_DIR", "/nonexistent", 1);
	unsetenv("DBUS_SESSION_BUS_ADDRESS");
}

static inline void scratch_write(const char *name, const void *data,
				 size_t size)
{
	const int fd =
		open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}
