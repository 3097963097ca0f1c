/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who the system belongs to.
 */
#pragma once

#include <sys/types.h>

/*
 * The user id of the system's root, as this process sees it: in a user
 * namespace it need not be 0, and may be that of nobody, which stands for
 * everybody who has none there. It is found once, since this process stays in
 * its user namespace.
 */
uid_t system_owner(void);
