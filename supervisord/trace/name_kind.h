/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the name of a file says of how long it will have it.
 */
#pragma once

enum name_kind {
	NAME_PLAIN,
	NAME_VERSIONED, /* "app-1.2.3": another one after an update */
	NAME_TEMPORARY, /* "tmp.Xa81Kq", "7f3a90b2c1", "x.4711": a new one
			 * each time */
};

/* @name: one component of a path */
enum name_kind name_kind(const char *name);
