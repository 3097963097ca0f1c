/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlord's own files: everything that the next decision of this user relies
 * on. These are the directories of every layer, files that were named, grants
 * and the log, the place of the control socket, what expands the paths of
 * policies, and what this process was told of besides.
 */
#pragma once

#include "base/file_errors.h"
#include "core/rule.h"
#include "policy/policy_options.h"
#include "policy/resolve.h"

/*
 * Adds the rules that keep supervised programs from changing any of them.
 * Returns: 0; -ENOMEM; -EPERM: some cannot be protected, or somebody else owns
 *          the way to the grants: told in @errors, and not to be believed.
 */
int own_protect(const struct policy_options *options, struct rules *rules,
		struct resolve_memo *memo, struct file_errors *errors);
