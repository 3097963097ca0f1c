/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The preload library: see preload.h. */
#include "seccomp/preload.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

int preload_find(char **ret, bool inherited)
{
	char path[PATH_MAX + sizeof("/" LANDLORD_SHIM)], canonical[PATH_MAX];
	const char *former = getenv("LD_PRELOAD");
	const ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
	char *slash;

	*ret = NULL;
	if (length <= 0 || length == PATH_MAX)
		return 0;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return 0;
	strcpy(slash + 1, LANDLORD_SHIM);
	/* The loader takes colons and spaces for the end of a name. */
	if (!realpath(path, canonical) || strpbrk(canonical, ": ") ||
	    access(canonical, R_OK) < 0)
		return 0;
	if (inherited && (!former || !strstr(former, canonical)))
		return 0;
	*ret = strdup(canonical);
	return *ret ? 0 : -ENOMEM;
}

int preload_add(const char *shim)
{
	const char *former = getenv("LD_PRELOAD");
	_cleanup_free_ char *joined = NULL;

	if (!former || !*former)
		return setenv("LD_PRELOAD", shim, 1) < 0 ? -errno : 0;
	if (strstr(former, shim))
		return 0;
	if (asprintf(&joined, "%s:%s", former, shim) < 0)
		return -ENOMEM;
	return setenv("LD_PRELOAD", joined, 1) < 0 ? -errno : 0;
}
