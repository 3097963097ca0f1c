/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inspection: what is wrong in policy files, each read once and by itself,
 * whether or not anybody starts anything by them.
 */
#pragma once

#include "policy/policy.h"

struct inspection {
	size_t files, rules;	   /* what was read */
	struct file_errors errors; /* of all files, however many */
};

void inspection_finish(struct inspection *inspection);

/*
 * Looks at every file of every app and layer where they are read from: whose
 * they are, and who may write them, counts.
 * @ret: zeroed. Returns: 0 or -ENOMEM.
 */
int inspection_in_place(const struct policy_options *options,
			struct inspection *ret);

/*
 * Looks at a file; at a directory that is made as that of a layer is; or, if it
 * is not, at each policy file in it and at its directories likewise.
 * @layer: whose files they are to be
 * @ret: zeroed, or that of the place before. Returns: 0 or -ENOMEM.
 */
int inspection_elsewhere(const struct policy_options *options, enum layer layer,
			 const char *place, struct inspection *ret);
