/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who the system belongs to.
 */
#pragma once

#include <sys/types.h>

/*
 * The number that the system's root has for us: in a user namespace another
 * one than 0, or that of nobody, which stands for all who have none there. It
 * is looked for once: this process stays in its user namespace.
 */
uid_t system_owner(void);
