/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ends a run before its program is there: see interrupt.h. */
#include "run/interrupt.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "run/front.h"

static void note(struct interrupt *interrupt, int number)
{
	if (number > 0 && number < NSIG && number != SIGCONT &&
	    !interrupt->signals->ignored[number]) {
		interrupt->number = number;
		interrupt->status = 128 + number;
	}
}

/* Those of the terminal reach us without the front, as they do a program. */
static void take_held(struct interrupt *interrupt)
{
	struct signalfd_siginfo info;

	while (read(interrupt->held, &info, sizeof(info)) == sizeof(info))
		note(interrupt, (int)info.ssi_signo);
}

static void take_passed(struct interrupt *interrupt)
{
	struct front_message message;
	ssize_t n;

	while ((n = recv(interrupt->channel, &message, sizeof(message),
			 MSG_DONTWAIT)) == sizeof(message))
		if (message.type == FRONT_SIGNAL)
			note(interrupt, message.value);
	/* Who has killed the front wanted an end. */
	if (n == 0 && interrupt->status == 0)
		interrupt->status = FRONT_FAILURE;
}

static bool has_come(void *userdata)
{
	struct interrupt *interrupt = userdata;

	take_held(interrupt);
	take_passed(interrupt);
	return interrupt->status != 0;
}

int interrupt_init(struct interrupt *ret, const struct signals *signals,
		   int channel)
{
	sigset_t held;

	/* The monitor holds them since it was forked. */
	signals_held(&held);
	*ret = (struct interrupt){
		.signals = signals,
		.channel = channel,
		.held = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK),
	};
	return ret->held < 0 ? -errno : 0;
}

void interrupt_stops(struct interrupt *interrupt, struct patience *patience)
{
	patience->stop_fds[0] = interrupt->channel;
	patience->stop_fds[1] = interrupt->held;
	patience->stopped = has_come;
	patience->userdata = interrupt;
}

void interrupt_finish(struct interrupt *interrupt)
{
	interrupt->held = fd_close(interrupt->held);
}
