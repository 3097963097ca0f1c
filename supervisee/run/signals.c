// SPDX-License-Identifier: GPL-2.0-or-later
/* Signals: see signals.h. */
#include "run/signals.h"

#include <stddef.h>
#include <time.h>

#include "base/cleanup.h"

/* Passed on when a process sent them; the terminal's own reach the program by
 * themselves. */
static const int held[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT,
};

static const int ignored[] = {
	SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ,
};

void signals_save(struct signals *ret)
{
	sigprocmask(SIG_SETMASK, NULL, &ret->mask);
	for (int i = 1; i < NSIG; i++) {
		struct sigaction action;

		ret->ignored[i] = !sigaction(i, NULL, &action) &&
				  action.sa_handler == SIG_IGN;
	}
}

void signals_restore(const struct signals *signals)
{
	for (int i = 1; i < NSIG; i++)
		signal(i, signals->ignored[i] ? SIG_IGN : SIG_DFL);
	sigprocmask(SIG_SETMASK, &signals->mask, NULL);
}

void signals_hold(sigset_t *ret)
{
	sigemptyset(ret);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++) {
		/* An ignored signal would not be held but lost. */
		signal(held[i], SIG_DFL);
		sigaddset(ret, held[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		signal(ignored[i], SIG_IGN);
	/* Nor do we wait for children whose end the caller ignores or blocks.
	 */
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, ret, NULL);
}

bool signals_take(int signal_number)
{
	const struct timespec now = {0};
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, signal_number);
	return sigtimedwait(&one, NULL, &now) == signal_number;
}
