/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Temporary files of one run: see private_tmp.h. */
#include "run/private_tmp.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
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

static int begin(struct private_tmp *tmp, struct rules *rules)
{
	int error;

	tmp->directory = open(tmp->path,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (tmp->directory < 0)
		return -errno;
	error = allow(rules, tmp->path);
	if (!error && setenv("TMPDIR", tmp->path, 1) < 0)
		error = -errno;
	return error;
}

int private_tmp_make(struct private_tmp *ret, struct rules *rules)
{
	struct private_tmp tmp = {.directory = -1};
	int error = make_directory(&tmp.path);

	if (!error) {
		error = begin(&tmp, rules);
		if (error)
			rmdir(tmp.path);
	}
	if (error) {
		log_error("--private-tmp: no directory can be made: %s",
			  strerror(-error));
		fd_close(tmp.directory);
		free(tmp.path);
		return error;
	}
	*ret = tmp;
	return 0;
}

/* Whatever has the name by now: it runs where the directory is. */
static void run(const struct private_tmp *tmp, const char *const *arguments)
{
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addfchdir_np(&actions, tmp->directory);
	if (posix_spawn(&pid, arguments[0], &actions, NULL,
			(char *const *)arguments, environment) == 0)
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
}

void private_tmp_remove(const struct private_tmp *tmp)
{
	static const char *const make_writable[] = {"/bin/chmod", "-R", "u+rwX",
						    "--",	  ".",	NULL};
	/* It follows no link, nor does what it removes. */
	const char *const remove[] = {"/bin/rm", "-rf",	    "--one-file-system",
				      "--",	 tmp->path, NULL};

	if (!tmp->path || rmdir(tmp->path) == 0)
		return;
	run(tmp, remove);
	/* Some directories are made so that nothing is removed there. */
	if (access(tmp->path, F_OK) == 0) {
		run(tmp, make_writable);
		run(tmp, remove);
	}
	if (access(tmp->path, F_OK) == 0)
		log_warning("%s cannot be removed", tmp->path);
}
