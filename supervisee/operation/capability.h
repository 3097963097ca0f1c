/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What operations say about capabilities.
 */
#pragma once

#include "operation/notif.h"

enum capability_state {
	CAPABILITY_MISSING, /* the kernel refuses; nobody is asked */
	CAPABILITY_TAKEN,   /* the same, because of us */
	CAPABILITY_HELD,
};

/* Whether the calling thread has a capability in its user namespace. */
enum capability_state capability_look(const struct notif *notif,
				      int capability);

/* Needs the use of one that has been taken: nobody can give it back. */
void capability_need_taken(struct notif *notif, int capability);
