/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pseudo-terminals that look like the real one. */
#include "agent/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"

int pty_open(struct pty *ret, int tty_fd)
{
	const int flags = O_RDWR | O_NOCTTY | O_CLOEXEC;
	_cleanup_fd_ int master = -1;
	_cleanup_fd_ int slave = -1;
	struct termios modes;

	if (tcgetattr(tty_fd, &modes))
		return -errno;
	master = posix_openpt(flags | O_NONBLOCK);
	if (master < 0)
		return -errno;
	if (grantpt(master) || unlockpt(master))
		return -errno;
	/* By the master, not by name: /dev/pts may be another one here. */
	slave = ioctl(master, TIOCGPTPEER, flags);
	if (slave < 0)
		return -errno;
	if (tcsetattr(slave, TCSANOW, &modes))
		return -errno;
	ret->master = fd_take(&master);
	ret->slave = fd_take(&slave);
	pty_resize(ret, tty_fd);
	return 0;
}

void pty_resize(const struct pty *pty, int tty_fd)
{
	struct winsize size;

	if (ioctl(tty_fd, TIOCGWINSZ, &size) == 0)
		ioctl(pty->master, TIOCSWINSZ, &size);
}

void pty_redraw(const struct pty *pty, int tty_fd)
{
	struct winsize size;

	if (ioctl(tty_fd, TIOCGWINSZ, &size) || size.ws_row < 2)
		return;
	size.ws_row--;
	ioctl(pty->master, TIOCSWINSZ, &size);
	size.ws_row++;
	ioctl(pty->master, TIOCSWINSZ, &size);
}

void pty_close_slave(struct pty *pty)
{
	pty->slave = fd_close(pty->slave);
}

void pty_close(struct pty *pty)
{
	pty->master = fd_close(pty->master);
	pty->slave = fd_close(pty->slave);
}
