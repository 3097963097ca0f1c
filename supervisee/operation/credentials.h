/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The credentials that a message to a UNIX socket carries, SCM_CREDENTIALS of
 * unix(7), where it is sent for a program that names itself.
 *
 * The kernel lets a sender name another process only if it is privileged
 * (CAP_SYS_ADMIN); otherwise the message names who really sends it.
 */
#pragma once

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "core/process_id.h"

struct credentials {
	pid_t tid; /* the thread that sends, natively, as it waits for us */
	size_t at; /* of the ucred in the control data; 0: none */
	/* Another process that is named instead; PROCESS_NONE: none. */
	struct process_id foreign;
};

/*
 * Notes what a control message of the thread says, in its own numbers.
 * @at: of its data in the control data
 * Returns: 0, or -EPERM for a process that has no number here.
 */
int credentials_note(struct credentials *credentials,
		     const struct cmsghdr *control, size_t at);

/*
 * sendmsg(2), with the program as the sender where that is possible.
 * Returns: bytes sent, or a negative errno.
 */
ssize_t credentials_send(const struct credentials *credentials, int socket,
			 const struct msghdr *header, int flags);
