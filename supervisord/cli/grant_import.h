/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A policy file becomes grants, as if somebody had given them now.
 */
#pragma once

/*
 * Reads a file and keeps its rules for an app: all of them, or none if one is not
 * understood. What is wrong is told on standard error, and how many were kept on
 * standard output.
 * Returns: the exit status.
 */
int grant_import(const char *app, const char *file);
