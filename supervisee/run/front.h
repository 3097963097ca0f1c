/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The front process: what the shell started and waits for.
 *
 * It passes signals on, is stopped and continued with the program (by the
 * monitor), and ends as the program ended. The monitor is another process, so
 * that the shell is not kept waiting when a supervised program leaves others
 * behind: then the front ends, and the monitor stays for them, with its
 * guardian (see guardian.h).
 */
#pragma once

#include <stdint.h>

enum front_message_type {
	/* monitor -> front */
	FRONT_ENDED, /* value: the exit status to end with; signal */
	/* front -> monitor */
	FRONT_CONTINUED, /* somebody has continued us */
	FRONT_SIGNAL,	 /* value: a signal for the program */
};

struct front_message {
	uint32_t type;
	int32_t value;
	int32_t signal; /* that killed the program; 0: none */
};

#define FRONT_FAILURE 125 /* exit status of Landlord's own failures */

/*
 * Serves as the front of a monitor until the program has ended.
 * @channel: a SOCK_SEQPACKET socket to the monitor
 * @ret_signal: the signal that killed the program, or 0
 * Returns: the exit status.
 */
int front_run(int channel, int *ret_signal);

/*
 * Dies of a signal as the program did, so that shells end their loops and
 * service managers see what they wait for; but dumps no core of our own.
 * Returns where that cannot be, as for the first process of a PID namespace.
 */
void front_die(int signal);
