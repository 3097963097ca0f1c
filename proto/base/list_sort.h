/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sorts singly linked lists of any struct, without memory of its own and keeping
 * the order of equal nodes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * @list: the first node; NULL: there is none
 * @link: offset of the pointer to the next node, which is NULL in the last one
 * Returns: the node that is first now.
 */
void *list_sort(void *list, size_t link,
		bool (*comes_first)(const void *a, const void *b));
