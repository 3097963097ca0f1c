/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Temporary files of one run: see private_tmp.h. */
#include "run/private_tmp.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

/* What is made there is supervised as well when it is executed. */
#define RIGHTS                                                        \
	(RIGHTS_READ | RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE | \
	 RIGHT_FS_EXECUTE | RIGHT_FS_RESOLVE_UNIX)

static int make_directory(char **ret)
{
	const char *above = getenv("TMPDIR");
	char canonical[PATH_MAX];

	if (!above || above[0] != '/')
		above = "/tmp";
	if (!realpath(above, canonical))
		return -errno;
	if (asprintf(ret, "%s/landlord-XXXXXX", canonical) < 0) {
		*ret = NULL;
		return -ENOMEM;
	}
	/* For nobody else, as mkdtemp(3) makes it. */
	return mkdtemp(*ret) ? 0 : -errno;
}

static int allow(struct rules *rules, const char *path)
{
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = EFFECT_ALLOW,
		.rights = RIGHTS,
		.beneath = true,
		.origin = strdup("--private-tmp"),
	};
	int error =
		rule.origin ? object_init_path(&rule.object, path) : -ENOMEM;

	if (!error)
		error = rules_take(rules, &rule);
	if (error)
		rule_finish(&rule);
	return error;
}

int private_tmp_make(char **ret, struct rules *rules)
{
	_cleanup_free_ char *path = NULL;
	int error = make_directory(&path);

	if (!error) {
		error = allow(rules, path);
		if (!error && setenv("TMPDIR", path, 1) < 0)
			error = -errno;
		if (error)
			rmdir(path);
	}
	if (error) {
		log_error("--private-tmp: no directory can be made: %s",
			  strerror(-error));
		return error;
	}
	*ret = path;
	path = NULL;
	return 0;
}

static void run(const char *const *arguments)
{
	char *const environment[] = {NULL};
	int status;
	pid_t pid;

	if (posix_spawn(&pid, arguments[0], NULL, NULL,
			(char *const *)arguments, environment) == 0)
		waitpid(pid, &status, 0);
}

void private_tmp_remove(const char *path)
{
	const char *const make_writable[] = {"/bin/chmod", "-R", "u+rwX",
					     "--",	   path, NULL};
	const char *const remove[] = {"/bin/rm", "-rf", "--one-file-system",
				      "--",	 path,	NULL};

	if (!path || rmdir(path) == 0)
		return;
	run(remove);
	/* Some directories are made so that nothing is removed there. */
	if (access(path, F_OK) == 0) {
		run(make_writable);
		run(remove);
	}
	if (access(path, F_OK) == 0)
		log_warning("%s cannot be removed", path);
}
