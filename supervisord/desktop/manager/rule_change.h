/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A window in which a rule is given another scope or lifetime, or made of what
 * nobody answered.
 */
#pragma once

#include <jansson.h>

#include "desktop/manager/page_events.h"

/*
 * @rule: as `landlord rules` or `landlord pending` prints one; with an id it is
 *        taken back once the other one is there
 * @events: borrowed
 */
void rule_change_open(const json_t *rule, const struct page_events *events);
