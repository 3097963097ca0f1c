/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules as a person reads them: in the order in which they win, with the names
 * of groups of rights, everything escaped.
 */
#pragma once

#include "core/rule.h"

/*
 * Sorts rules so that what wins comes first; equal ones stay in their order.
 * Returns: 0 or -ENOMEM.
 */
int rule_list_sort(struct rules *rules);

/* Prints a header, and a line for each rule. */
void rule_table_print(const struct rules *rules);

/*
 * What a rule says, and where it comes from: "read /usr  (FILE:LINE)".
 * Returns: a new string (free(3)), or NULL without memory.
 */
char *rule_describe(const struct rule *rule);
