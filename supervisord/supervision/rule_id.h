/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ids of rules: what `landlord revoke` names.
 */
#pragma once

#include "core/rule.h"

/* Gives the rules that have none an id. Returns: 0, -EIO or -ENOMEM. */
int rules_identify(struct rules *rules);
