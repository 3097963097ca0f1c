/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the page share.
 */
#pragma once

#include "report/report_data.h"

/* Words and names of classes for what came of requests. */
extern const char *const came_names[CAMES_];

/* Names of a tree with a bar for each, to be opened and closed. */
void page_tree(FILE *out, const struct count_node *root, const char *label);

/* page.css and page.js. */
extern const char page_style[], page_script[];
