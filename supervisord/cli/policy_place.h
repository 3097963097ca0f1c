/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the policy is that is judged: here, or with another directory or file in
 * the place of one of the layers, such as a working copy has it.
 */
#pragma once

#include "policy/policy.h"

struct policy_place {
	const char *path; /* NULL or "-": as it is here */
	enum layer layer; /* which a directory stands for */
	bool only;   /* nothing of this machine besides: no layer, no grants */
	bool grants; /* grants of this machine, too */
	struct place_source *source; /* what holds for every app, when read */
};

/* Releases what was read. */
void policy_place_finish(struct policy_place *place);

/* Parses what --layer says. */
bool policy_place_layer(const char *name, enum layer *ret);

/*
 * Loads what holds for an app there. What is wrong is told on standard error, once
 * where it is about every app.
 * Returns: 0 or a negative errno.
 */
int policy_place_load(struct policy_place *place, const char *app,
		      struct policy *ret);

/*
 * Calls back for every app that has files there, until it returns non-zero;
 * for some more than once. Returns: what the callback returned, 0, or -ENOMEM.
 */
int policy_place_apps(const struct policy_place *place,
		      int (*callback)(void *userdata, const char *app),
		      void *userdata);
