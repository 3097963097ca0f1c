/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of system calls that are notified.
 */
#pragma once

#include <stddef.h>

#include "operation/call.h"

extern const struct call calls[];
extern const size_t calls_count;

/* The entry of a system call number, NULL when it is not notified. */
const struct call *call_find(int number);
