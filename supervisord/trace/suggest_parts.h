/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of suggest.h share.
 */
#pragma once

#include "trace/suggest.h"
#include "trace/suggest_moves.h"

struct suggest {
	const struct suggest_options *options;
	struct evidence_tree *wanted;
	struct evidence_tree *left; /* what no rule is suggested for */
	struct suggest_moves moves;
	uint64_t judged;
	uint64_t answered; /* by rules that there are */
};
