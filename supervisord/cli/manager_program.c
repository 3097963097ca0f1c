/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The desktop's manager: see manager_program.h.
 */
#include "cli/manager_program.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

int manager_program_execute(const char *app)
{
	_cleanup_free_ char *program = NULL;
	char path[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
	char *slash;

	if (length <= 0 || length == (ssize_t)sizeof(path))
		return -ENOENT;
	path[length] = '\0';
	slash = strrchr(path, '/');
	*slash = '\0';
	/* What is installed may be put elsewhere as a whole. */
	if (asprintf(&program, "%s/" LANDLORD_LIBEXEC_DIR "/landlord-manager",
		     path) < 0) {
		program = NULL;
		return -ENOMEM;
	}
	execl(program, program, app, (char *)NULL);
	return -errno;
}
