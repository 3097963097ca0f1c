/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Points at which rules are looked at. What they say is the same for all objects
 * that no rule names and that are beneath the same ones: so the object of each
 * rule, and one beneath it that no rule names, stand for all there are.
 */
#pragma once

#include "core/object.h"

/* Makes one beneath a path, or beside it. Returns: 0 or -ENOMEM. */
int policy_probe_beneath(struct object *ret, const struct object *path);
int policy_probe_beside(struct object *ret, const struct object *path);

/* Makes a path that a pattern matches. Returns: the same. */
int policy_probe_pattern(struct object *ret, const struct object *pattern);
