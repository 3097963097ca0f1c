/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building the filters of filter.h with libseccomp, which takes its time: a
 * tenth of what the start of a program takes.
 */
#pragma once

#include <linux/filter.h>

#include "seccomp/filter/filter.h"

/*
 * Builds the filter of a tree.
 * Returns: 0, or a negative errno. Free @ret->filter.
 */
int build_tree_filter(struct sock_fprog *ret, enum filter_kind kind);

/* Builds what goes above that one. Otherwise as above. */
int build_recall_filter(struct sock_fprog *ret);
