/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory for temporary files that belongs to one run: it is named by
 * TMPDIR, may be used freely, and goes with the last process of the run.
 */
#pragma once

#include "core/rule.h"

struct private_tmp {
	char *path; /* owned; NULL: there is none */
	int directory;
};

/*
 * Makes it, beneath TMPDIR or /tmp, for nobody but this user; adds the rule
 * that allows all beneath it, and sets TMPDIR.
 * @ret: kept for as long as the process runs
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int private_tmp_make(struct private_tmp *ret, struct rules *rules);

/*
 * Removes it with all that is in it, once nobody of the run can write there any
 * more.
 */
void private_tmp_remove(const struct private_tmp *tmp);
