/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The front process: see front.h. */
#include "run/front.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/rawmode.h"
#include "base/fd.h"
#include "base/log.h"
#include "run/signals.h"
#include "task/tree.h"

static void send_message(int channel, uint32_t type, int value)
{
	const struct front_message message = {.type = type, .value = value};

	(void)send(channel, &message, sizeof(message), MSG_NOSIGNAL);
}

static int open_signals(void)
{
	sigset_t signals;

	/* We stop when the program has stopped, not when ^Z was typed. */
	signals_hold(&signals);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void pass_signals(int signals, int channel)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCONT)
			send_message(channel, FRONT_CONTINUED, 0);
		else if (info.ssi_code == SI_USER || info.ssi_code == SI_QUEUE)
			send_message(channel, FRONT_SIGNAL,
				     (int)info.ssi_signo);
	}
}

/* Returns: whether the program has ended (*ret_status), or the monitor. */
static bool receive(int channel, int *ret_status, int *ret_signal)
{
	struct front_message message;
	const ssize_t length = recv(channel, &message, sizeof(message), 0);

	if (length < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (length != (ssize_t)sizeof(message)) {
		log_error("the supervisor died; its programs are killed");
		/* Its guardian has done so, unless it was killed too. */
		tree_kill();
		*ret_status = FRONT_FAILURE;
		return true;
	}
	*ret_status = message.value;
	*ret_signal = message.signal;
	return message.type == FRONT_ENDED;
}

void front_die(int number)
{
	const struct rlimit none = {0};
	sigset_t set;

	fflush(NULL);
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
}

int front_run(int channel, int *ret_signal)
{
	struct tty_modes modes = {0};
	_cleanup_fd_ int signals = open_signals();
	_cleanup_fd_ int tty = -1;
	struct pollfd polls[2] = {
		{.fd = channel, .events = POLLIN},
		{.fd = signals, .events = POLLIN},
	};
	int status = FRONT_FAILURE;

	*ret_signal = 0;
	if (signals < 0) {
		log_error("cannot start: %s", strerror(errno));
		return FRONT_FAILURE;
	}
	tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	/* If monitor and guardian die, their orphans come to us. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (tty >= 0)
		tty_modes_save(&modes, tty);
	for (;;) {
		if (poll(polls, 2, -1) < 0 && errno != EINTR) {
			log_error("cannot wait for the supervisor: %s",
				  strerror(errno));
			break;
		}
		if (polls[1].revents & POLLIN)
			pass_signals(signals, channel);
		if ((polls[0].revents & (POLLIN | POLLHUP)) &&
		    receive(channel, &status, ret_signal))
			break;
	}
	if (status == FRONT_FAILURE && tty >= 0)
		tty_modes_restore(&modes, tty);
	return status;
}
