/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The past: what is supervised was recorded, and is judged once more.
 *
 * Then nothing of this machine counts. The rules come from here, and neither
 * from files nor from the store; nothing is kept and nothing logged; no process
 * is looked up by the number of one that has long ended; and what is asked has
 * no rate, since it bothers nobody. All else is as it is for what runs.
 */
#pragma once

#include "core/rule.h"

struct past {
	/*
	 * All rules of an app: what files say, and what is kept.
	 * @ret: empty; the caller finishes it
	 * Returns: 0 or a negative errno.
	 */
	int (*load)(void *userdata, const char *app, struct rules *ret);
	void *userdata;
};
