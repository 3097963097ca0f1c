/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Credentials of messages: see credentials.h. */
#include "operation/credentials.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "task/tree.h"

int credentials_note(struct credentials *credentials,
		     const struct cmsghdr *control, size_t at)
{
	const pid_t tgid = tree_tgid(credentials->tid);
	pid_t number, foreign;
	struct ucred given;

	if (control->cmsg_len != CMSG_LEN(sizeof(given)))
		return 0; /* the kernel says what it thinks of that */
	memcpy(&given, CMSG_DATA(control), sizeof(given));
	credentials->at = at;
	credentials->foreign = PROCESS_NONE;
	number = tgid > 0 ? tree_number(tgid) : 0;
	if (given.pid == number)
		return 0;
	/* Somebody else: only in our own namespace do we know of whom. */
	foreign = number == tgid ? given.pid
				 : tree_translate(credentials->tid, given.pid,
						  0, getpid());
	/* To name us would be allowed, since it is we who send. */
	if (foreign <= 0 || foreign == getpid())
		return -EPERM;
	credentials->foreign = (struct process_id){
		.pid = foreign,
		.start = tree_start(foreign),
	};
	return 0;
}

static ssize_t send_as(const struct credentials *credentials, pid_t pid,
		       int socket, const struct msghdr *header, int flags)
{
	unsigned char *at =
		(unsigned char *)header->msg_control + credentials->at;
	struct ucred ucred;
	ssize_t sent;

	memcpy(&ucred, at, sizeof(ucred));
	ucred.pid = pid;
	memcpy(at, &ucred, sizeof(ucred));
	sent = sendmsg(socket, header, flags);
	return sent < 0 ? -errno : sent;
}

ssize_t credentials_send(const struct credentials *credentials, int socket,
			 const struct msghdr *header, int flags)
{
	ssize_t sent;
	pid_t pid = credentials->foreign.pid;

	if (!credentials->at || !header->msg_control) {
		sent = sendmsg(socket, header, flags);
		return sent < 0 ? -errno : sent;
	}
	/* As for one that has ended: the number may be another's by now. */
	if (pid && tree_start(pid) != credentials->foreign.start)
		return -ESRCH;
	if (!pid)
		pid = tree_tgid(credentials->tid);
	sent = pid > 0 ? send_as(credentials, pid, socket, header, flags)
		       : -EPERM;
	if (sent == -EPERM && !credentials->foreign.pid)
		sent = send_as(credentials, getpid(), socket, header, flags);
	return sent;
}
