// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors that the shell left open: see inherited.h. */
#include "run/inherited.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void inherited_note(struct inherited *ret, int but)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;

	ret->count = 0;
	while (directory && (entry = readdir(directory)) &&
	       ret->count < INHERITED_MAX) {
		const int fd = atoi(entry->d_name);

		if (fd > 2 && fd != but && fd != dirfd(directory))
			ret->fds[ret->count++] = fd;
	}
	if (directory)
		closedir(directory);
}

void inherited_close(struct inherited *inherited)
{
	for (size_t i = 0; i < inherited->count; i++)
		close(inherited->fds[i]);
	inherited->count = 0;
}

void inherited_fill(bool ret_missing[3])
{
	for (int fd = 0; fd < 3; fd++) {
		ret_missing[fd] = fcntl(fd, F_GETFD) < 0;
		/* The lowest number that is free is this one. */
		if (ret_missing[fd])
			(void)!open("/dev/null", O_RDWR);
	}
}

void inherited_restore(const bool missing[3])
{
	for (int fd = 0; fd < 3; fd++)
		if (missing[fd])
			close(fd);
}
