/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ends a run before its program is there: signals that are held for it,
 * and the end of the front. Afterwards they are passed on instead.
 */
#pragma once

#include <signal.h>

#include "control/patience.h"
#include "run/signals.h"

struct interrupt {
	const struct signals *signals; /* as the caller had them */
	int channel;		       /* to the front; borrowed */
	int held;		       /* a signalfd(2) */
	int status;		       /* to end with; 0: nothing has come */
	int number;		       /* of the signal that it is; or 0 */
};

/*
 * @signals, @channel: borrowed
 * Returns: 0 or a negative errno.
 */
int interrupt_init(struct interrupt *ret, const struct signals *signals,
		   int channel);

/* Lets a wait end when something has come. */
void interrupt_stops(struct interrupt *interrupt, struct patience *patience);

void interrupt_finish(struct interrupt *interrupt);
