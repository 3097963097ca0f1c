/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engines that this version has, in the order in which they are tried.
 */
#pragma once

#include "engine/engine.h"

/*
 * A loop that suits every engine. It does not use epoll(7): a thread that waits
 * for a reply of a listener hands its processor only to a thread that waits on
 * the listener itself. Returns: NULL without memory.
 */
struct event_base *engines_loop(void);

/* Whether this version has an engine of that name; "auto" is any. */
bool engines_have(const char *name);

/*
 * Finds an engine by name.
 * @name: "auto": the first that this kernel can
 * @ret_why: why it is that one, or is not; static storage
 * Returns: NULL where there is none, or the kernel cannot.
 */
const struct engine_ops *engines_find(const char *name, const char **ret_why);

/* The engine that any kernel with Landlock can. */
const struct engine_ops *engines_usual(void);

/* Makes the first engine for which there is a place here. Returns: 0 or a
 * negative errno. */
int engine_open(struct engine **ret, const char *name,
		const struct engine_host *host);
