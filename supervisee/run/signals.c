/* SPDX-License-Identifier: GPL-2.0-or-later */
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

/* Changed elsewhere: by what waits for children, and by workers. */
static const int others[] = {SIGCHLD, SIGURG};

static bool is_ignored(int signal_number)
{
	struct sigaction action;

	return !sigaction(signal_number, NULL, &action) &&
	       action.sa_handler == SIG_IGN;
}

static void save(struct signals *signals, const int *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		signals->ignored[numbers[i]] = is_ignored(numbers[i]);
}

static void restore(const struct signals *signals, const int *numbers,
		    size_t count)
{
	for (size_t i = 0; i < count; i++)
		signal(numbers[i],
		       signals->ignored[numbers[i]] ? SIG_IGN : SIG_DFL);
}

/* What is not changed by us the program has from its caller anyway. */
void signals_save(struct signals *ret)
{
	*ret = (struct signals){0};
	sigprocmask(SIG_SETMASK, NULL, &ret->mask);
	save(ret, held, ARRAY_SIZE(held));
	save(ret, ignored, ARRAY_SIZE(ignored));
	save(ret, others, ARRAY_SIZE(others));
}

void signals_restore(const struct signals *signals)
{
	restore(signals, held, ARRAY_SIZE(held));
	restore(signals, ignored, ARRAY_SIZE(ignored));
	restore(signals, others, ARRAY_SIZE(others));
	sigprocmask(SIG_SETMASK, &signals->mask, NULL);
}

void signals_held(sigset_t *ret)
{
	sigemptyset(ret);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		sigaddset(ret, held[i]);
}

void signals_hold(sigset_t *ret)
{
	signals_held(ret);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		/* An ignored signal would not be held but lost. */
		signal(held[i], SIG_DFL);
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
