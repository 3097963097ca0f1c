/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory for temporary files that belongs to one run: it is named by
 * TMPDIR, may be used freely, and goes with the last process of the run.
 */
#pragma once

#include "core/rule.h"

/*
 * Makes it, beneath TMPDIR or /tmp, for nobody but this user; adds the rule
 * that allows all beneath it, and sets TMPDIR.
 * @ret: its path (free(3))
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int private_tmp_make(char **ret, struct rules *rules);

/*
 * Removes it with all that is in it, once nobody else can write there any more.
 * Takes NULL.
 */
void private_tmp_remove(const char *path);
