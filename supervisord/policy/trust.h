/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trust: who may own what a policy is read from and through, and who may write
 * it. What somebody else can change proves nothing: what it says now cannot be
 * told from what its owner once wrote.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/file_errors.h"

struct file_trust {
	uid_t owner, other_owner;
	mode_t forbidden; /* permission bits that must not be set */
};

/*
 * Whether a file or directory may be believed.
 * @fd: of it: its ACL is looked at, too; -1: not so
 * @ret_advice: what somebody could do about it; static storage
 * Returns: NULL, or what is wrong, in static storage.
 */
const char *trust_problem(const struct file_trust *trust,
			  const struct stat *status, int fd,
			  const char **ret_advice);

/*
 * Checks each directory and link that is passed on the way to a path, and what
 * is there in the end if that is a directory. A directory that everybody may
 * write may be passed if it is sticky, since nobody can replace there what
 * belongs to another user. What does not exist is no fault.
 * Returns: 0; -EPERM, -EACCES, ...: told in @errors.
 */
int trust_check_way(const struct file_trust *trust, const char *path,
		    struct file_errors *errors);
