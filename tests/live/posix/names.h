/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that calls are made with, in tables.
 */
#pragma once

#include <stddef.h>

#include "order.h"

/* A name; in its text "@" stands for the world, and {N} for N characters. */
struct name {
	const char *text;
	enum pointer pointer;
};

struct names {
	const struct name *items;
	size_t count;
};

/* Every kind of object, and every form of a name. */
extern const struct names names_all;

/* Fewer, for calls that take two. */
extern const struct names names_pairs;

/* Names that a dirfd matters for. */
extern const struct names names_relative;

/* Names on other file systems: all, and fewer for calls that take two. */
extern const struct names names_mounted, names_mounted_pairs;

/* Names that lead through what the kernel knows about the caller. */
extern const struct names names_magic;
