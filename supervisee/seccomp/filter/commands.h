/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the filter does with fcntl(2) and ioctl(2), of whose many commands a
 * few matter.
 */
#pragma once

#include <seccomp.h>
#include <stdbool.h>

/*
 * @marker: Landlock keeps devices' ioctl(2) apart, and marked calls pass
 * Returns: 0 or a negative errno of libseccomp.
 */
int commands_add(scmp_filter_ctx ctx, bool marker);
