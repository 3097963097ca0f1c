/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: siege-opens
 *
 * Opens the files whose names it reads, a line each, and prints 0 or the number
 * of the error.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	char path[4096];

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(path, sizeof(path), stdin)) {
		int fd;

		path[strcspn(path, "\n")] = '\0';
		fd = open(path, O_RDONLY | O_CLOEXEC);
		printf("%d\n", fd < 0 ? errno : 0);
		if (fd >= 0)
			close(fd);
	}
	return 0;
}
