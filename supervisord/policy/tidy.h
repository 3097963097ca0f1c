/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one form of policy files: "RIGHT, RIGHT = OBJECT", nothing before a line
 * or behind it, one empty line before a section or a group of lines, none at the
 * beginning or the end. What a file means does not change, nor do its comments,
 * its lines that are not understood, and the order of all.
 */
#pragma once

/*
 * Brings text into that form. What is in it already comes out as it was.
 * Returns: 0 or -ENOMEM.
 */
int tidy_policy(const char *text, char **ret);
