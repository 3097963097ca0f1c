/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a person is told of the supervised thread that asks.
 */
#pragma once

#include "core/request.h"

/*
 * Describes a thread and the processes above it.
 * @monitor: where the chain of parents ends
 * Returns: 0 or -ENOMEM; what proc(5) does not say stays empty.
 */
int subject_read(struct subject *ret, pid_t tid, pid_t monitor);
