/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One-shot domains: a Landlock domain for the short-lived process that performs
 * one call by a name in a pinned directory. What the name means can change until the
 * kernel has locked the directory; then the kernel checks the domain, and
 * makes and removes nothing but what was judged, where it was judged.
 *
 *	oneshot = oneshot_domain_new(RIGHT_FS_MAKE_SOCK);
 *	oneshot_domain_allow(oneshot, directory, RIGHT_FS_MAKE_SOCK);
 *	oneshot_domain_enter(oneshot);	the process cannot leave it again
 */
#pragma once

#include "core/right.h"

/*
 * @fenced: rights of files that nobody inside has but where they are allowed
 * Returns: a descriptor (O_CLOEXEC), or a negative errno.
 */
int oneshot_domain_new(rights_t fenced);

/* Allows some of them beneath a directory. Returns: 0 or a negative errno. */
int oneshot_domain_allow(int oneshot, int directory, rights_t rights);

/*
 * Confines the calling thread, for as long as it lives: see
 * identity_extra. Returns: 0 or a negative errno.
 */
int oneshot_domain_enter(int oneshot);
