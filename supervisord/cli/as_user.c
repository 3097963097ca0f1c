/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/as_user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

static int set_places(const struct passwd *user)
{
	static const char *const others[] = {"XDG_CONFIG_HOME", "XDG_DATA_HOME",
					     "XDG_CACHE_HOME",
					     "XDG_STATE_HOME"};
	char runtime[64];

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		unsetenv(others[i]);
	snprintf(runtime, sizeof(runtime), "/run/user/%u",
		 (unsigned int)user->pw_uid);
	if (setenv("HOME", user->pw_dir, 1) < 0 ||
	    setenv("XDG_RUNTIME_DIR", runtime, 1) < 0)
		return -ENOMEM;
	return chdir("/") < 0 ? -errno : 0;
}

int as_user(const char *name)
{
	const struct passwd *user;

	if (geteuid() != 0)
		return -EPERM;
	errno = 0;
	user = getpwnam(name);
	if (!user)
		return errno ? -errno : -ENOENT;
	if (initgroups(user->pw_name, user->pw_gid) < 0 ||
	    setresgid(user->pw_gid, user->pw_gid, user->pw_gid) < 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) < 0)
		return -errno;
	return set_places(user);
}

static bool keeps_grants(const struct passwd *user)
{
	_cleanup_free_ char *path = NULL;
	struct stat status;

	if (asprintf(&path, "%s/.local/state/landlord/grants", user->pw_dir) <
	    0) {
		path = NULL;
		return false;
	}
	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
	       status.st_uid == user->pw_uid;
}

/* Returns: 0 or a negative errno. */
static int call_as(const char *name,
		   int (*callback)(void *userdata, const char *name),
		   void *userdata)
{
	int status, error;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		return -errno;
	if (child == 0) {
		error = as_user(name);
		status = error ? 1 : callback(userdata, name);
		fflush(stdout);
		_exit(status);
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

int as_every_user(int (*callback)(void *userdata, const char *name),
		  void *userdata)
{
	const struct passwd *user;
	int error = 0;

	if (geteuid() != 0)
		return -EPERM;
	setpwent();
	while ((user = getpwent())) {
		_cleanup_free_ char *name = strdup(user->pw_name);

		if (!name)
			error = -ENOMEM;
		else if (keeps_grants(user) &&
			 call_as(name, callback, userdata) < 0)
			error = -EIO;
	}
	endpwent();
	return error;
}
