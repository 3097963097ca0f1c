/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/policy_probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/pattern.h"

/* Policy files cannot say a byte that cannot be seen. */
#define UNNAMED "\001"

static int probe(struct object *ret, const char *directory, size_t length)
{
	_cleanup_free_ char *path = NULL;

	if (asprintf(&path, "%.*s/" UNNAMED, (int)length, directory) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return object_init_path(ret, path);
}

int policy_probe_beneath(struct object *ret, const struct object *path)
{
	return probe(ret, path->bytes, path->length > 1 ? path->length : 0);
}

int policy_probe_beside(struct object *ret, const struct object *path)
{
	const char *const slash = strrchr(path->bytes, '/');

	return probe(ret, path->bytes, slash - path->bytes);
}

int policy_probe_pattern(struct object *ret, const struct object *pattern)
{
	_cleanup_free_ char *path = pattern_sample(pattern->bytes);

	return path ? object_init_path(ret, path) : -ENOMEM;
}
