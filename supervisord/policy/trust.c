/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may own and write what a policy is read from: see trust.h.
 */
#include "policy/trust.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/fd.h"
#include "policy/resolve.h"
#include "policy/system.h"

/* acl(5) as the kernel keeps it in an extended attribute. */
#define ACL_NAME "system.posix_acl_access"
#define ACL_VERSION 2
#define ACL_TAG_USER 0x02
#define ACL_TAG_GROUP 0x08
#define ACL_WRITE 02
#define ACL_BYTES_MAX 4096

struct acl_entry {
	uint16_t tag, permissions;
	uint32_t id;
};

/* Whether an ACL names somebody else who may write. What is no ACL might. */
static bool acl_lets_write(const unsigned char *acl, size_t length)
{
	uint32_t version;

	if (length < sizeof(version))
		return true;
	memcpy(&version, acl, sizeof(version));
	if (le32toh(version) != ACL_VERSION)
		return true;
	for (size_t at = sizeof(version); at < length;
	     at += sizeof(struct acl_entry)) {
		struct acl_entry entry;

		if (length - at < sizeof(entry))
			return true;
		memcpy(&entry, acl + at, sizeof(entry));
		if (le16toh(entry.tag) != ACL_TAG_USER &&
		    le16toh(entry.tag) != ACL_TAG_GROUP)
			continue;
		if (le16toh(entry.permissions) & ACL_WRITE &&
		    le32toh(entry.id) != 0)
			return true;
	}
	return false;
}

/* Where there is an ACL, the bits of the group say the most it may give. */
static bool acl_is_wide(int fd, const struct stat *status)
{
	unsigned char acl[ACL_BYTES_MAX];
	ssize_t length;

	if (fd < 0 || !(status->st_mode & S_IWGRP))
		return false;
	length = fgetxattr(fd, ACL_NAME, acl, sizeof(acl));
	if (length < 0)
		return errno != ENODATA && errno != EOPNOTSUPP;
	return acl_lets_write(acl, (size_t)length);
}

static bool is_owner(const struct file_trust *trust, uid_t uid)
{
	return uid == trust->owner || uid == trust->other_owner;
}

const char *trust_problem(const struct file_trust *trust,
			  const struct stat *status, int fd,
			  const char **ret_advice)
{
	*ret_advice = "look at what it says, then chown or remove it";
	if (!is_owner(trust, status->st_uid))
		return "belongs to another user";
	*ret_advice = "look at what it says, then \"chmod go-w\" it";
	if (status->st_mode & trust->forbidden)
		return "may be written by others; expected mode 0644";
	*ret_advice = "look at what it says, then \"setfacl -b\" it";
	return acl_is_wide(fd, status) ? "may be written by others: its ACL "
					 "names them"
				       : NULL;
}

/* A walk to a file that is to be believed. */
struct trusted_walk {
	const struct file_trust *trust;
	const char *to;
	struct file_errors *errors;
};

static int refuse(const struct trusted_walk *walk, const char *path,
		  const char *problem, const char *advice)
{
	_cleanup_free_ char *to = escape_string(walk->to);

	file_errors_add(walk->errors, path, 0, "%s%s%s; %s", problem,
			strcmp(path, walk->to) == 0 ? "" : ", on the way to ",
			strcmp(path, walk->to) == 0 ? ""
			: to			    ? to
						    : "",
			advice);
	return -EPERM;
}

/*
 * A directory above is mostly the system's, whoever's the file is, and its
 * group may be a group of administrators.
 */
static int check_directory(const struct trusted_walk *walk, const char *path,
			   const struct stat *status)
{
	const struct file_trust trust = {
		.owner = walk->trust->owner,
		.other_owner = is_owner(walk->trust, status->st_uid)
				       ? status->st_uid
				       : system_owner(),
		.forbidden = status->st_mode & S_ISVTX ? 0 : S_IWOTH,
	};
	_cleanup_fd_ int fd = -1;
	const char *problem, *advice;

	/* Only what has an ACL needs to be opened. */
	if (status->st_mode & S_IWGRP && !(status->st_mode & S_ISVTX)) {
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
					O_NOFOLLOW | O_NONBLOCK);
		if (fd < 0)
			return refuse(walk, path,
				      "may be written by its group "
				      "and cannot be listed",
				      "\"chmod g-w\" it");
	}
	problem = trust_problem(&trust, status, fd, &advice);
	if (problem && status->st_mode & S_IWOTH)
		problem = "may be written by others; expected mode 0755";
	return problem ? refuse(walk, path, problem, advice) : 0;
}

static int visit(void *userdata, const char *path, const struct stat *status)
{
	const struct trusted_walk *const walk = userdata;

	if (!status)
		return 0;
	if (S_ISDIR(status->st_mode))
		return check_directory(walk, path, status);
	if (S_ISLNK(status->st_mode) &&
	    !is_owner(walk->trust, status->st_uid) &&
	    status->st_uid != system_owner())
		return refuse(walk, path, "is a link of another user",
			      "remove it, or put your own in its place");
	return 0;
}

int trust_check_way(const struct file_trust *trust, const char *path,
		    struct file_errors *errors)
{
	struct trusted_walk walk = {
		.trust = trust, .to = path, .errors = errors};
	/* Who is believed is looked at each time. */
	const int error = resolve_visit(NULL, path, visit, &walk, NULL);

	if (error && error != -EPERM)
		file_errors_add(errors, path, 0, "cannot be reached: %s; %s",
				strerror(-error),
				"nothing is believed that may be there");
	return error;
}
