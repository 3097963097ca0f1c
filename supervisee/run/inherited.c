// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors that the shell left open: see inherited.h. */
#include "run/inherited.h"

#include <dirent.h>
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
