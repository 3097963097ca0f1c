/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What answers have granted, as suggestions of a review. */
#pragma once

#include "cli/review.h"
#include "cli/suggesting.h"

/*
 * Takes the grants of an app that allow something for ever. What is refused, or
 * ends by itself, or files allow already, is left alone.
 * Returns: 0, or a negative errno after one line that says what is wrong.
 */
int review_grants_read(struct suggesting *suggesting, const char *app);

/*
 * Takes back the grants of which all was rejected. Returns: the same.
 */
int review_grants_revoke(const struct review *review, const char *app);
