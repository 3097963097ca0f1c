/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modes of the real terminal: taken over, and given back. */
#include "agent/rawmode.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Signals that end or stop a process which does not care for them. */
static const int caught[] = {
	SIGHUP,	 SIGINT,    SIGQUIT, SIGILL,  SIGTRAP, SIGABRT,
	SIGBUS,	 SIGFPE,    SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE,
	SIGALRM, SIGTERM,   SIGXCPU, SIGXFSZ, SIGSYS,  SIGIO,
	SIGPROF, SIGVTALRM, SIGTSTP, SIGTTIN, SIGTTOU,
};

/*
 * What the signal handler reads. Everything else in it is written before
 * @active is set and not changed until it is cleared.
 */
static struct {
	volatile sig_atomic_t active;
	int fd;
	struct tty_modes found; /* how the terminal was */
	struct termios changed; /* how we set it */
	bool installed[NSIG];	/* our handler is in place */
} raw = {.fd = -1};

bool tty_is_foreground(int tty_fd)
{
	const pid_t group = tcgetpgrp(tty_fd);

	return group < 0 ? errno == ENOTTY : group == getpgrp();
}

int tty_modes_save(struct tty_modes *ret, int tty_fd)
{
	if (tcgetattr(tty_fd, &ret->termios))
		return -errno;
	ret->saved = true;
	return 0;
}

/* As tcsetattr() at once, from the background without a SIGTTOU. */
static int set_modes(int tty_fd, const struct termios *termios)
{
	sigset_t blocked, before;
	int error;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTTOU);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	error = tcsetattr(tty_fd, TCSANOW, termios) ? -errno : 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return error;
}

void tty_modes_restore(const struct tty_modes *modes, int tty_fd)
{
	if (modes->saved && tty_is_foreground(tty_fd))
		set_modes(tty_fd, &modes->termios);
}

static void on_signal(int number);

static int catch_signal(int number)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigfillset(&action.sa_mask);
	return sigaction(number, &action, NULL);
}

/* Lets a signal have its default effect, now. */
static void die_or_stop(int number)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t only, before;

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
	raise(number);
	sigemptyset(&only);
	sigaddset(&only, number);
	sigprocmask(SIG_UNBLOCK, &only, &before);
	/* Continued after a stop, or about to die. */
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void on_signal(int number)
{
	const int saved = errno;

	if (raw.active)
		tty_modes_restore(&raw.found, raw.fd);
	die_or_stop(number);
	catch_signal(number);
	/* The shell may have changed what it found; that is how it is now. */
	if (raw.active && tty_is_foreground(raw.fd)) {
		tcgetattr(raw.fd, &raw.found.termios);
		set_modes(raw.fd, &raw.changed);
	}
	errno = saved;
}

/* Takes the signals that nobody else in this process handles. */
static void catch_signals(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(caught); i++) {
		struct sigaction current;

		if (sigaction(caught[i], NULL, &current) ||
		    (current.sa_flags & SA_SIGINFO) ||
		    current.sa_handler != SIG_DFL)
			continue;
		raw.installed[caught[i]] = catch_signal(caught[i]) == 0;
	}
}

static void release_signals(void)
{
	const struct sigaction defaults = {.sa_handler = SIG_DFL};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(caught); i++) {
		struct sigaction current;

		/* Somebody may have taken the signal from us meanwhile. */
		if (raw.installed[caught[i]] &&
		    sigaction(caught[i], NULL, &current) == 0 &&
		    current.sa_handler == on_signal)
			sigaction(caught[i], &defaults, NULL);
		raw.installed[caught[i]] = false;
	}
}

static struct termios change(struct termios termios, enum rawmode mode)
{
	if (mode == RAWMODE_BYTES) {
		cfmakeraw(&termios);
	} else {
		termios.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL);
		termios.c_iflag |= ICRNL;
	}
	termios.c_cc[VMIN] = 1;
	termios.c_cc[VTIME] = 0;
	return termios;
}

int rawmode_enter(int tty_fd, enum rawmode mode)
{
	static bool at_exit;
	int error;

	if (raw.active)
		return -EBUSY;
	error = tty_modes_save(&raw.found, tty_fd);
	if (error)
		return error;
	if (!at_exit)
		at_exit = atexit(rawmode_leave) == 0;
	raw.fd = tty_fd;
	raw.changed = change(raw.found.termios, mode);
	/* Handlers first: from the first changed bit on there is a way back. */
	raw.active = 1;
	catch_signals();
	error = set_modes(tty_fd, &raw.changed);
	if (error)
		rawmode_leave();
	return error;
}

void rawmode_leave(void)
{
	if (!raw.active)
		return;
	tty_modes_restore(&raw.found, raw.fd);
	raw.active = 0;
	raw.fd = -1;
	release_signals();
}
