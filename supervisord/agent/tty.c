/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The real terminal: see tty.h. */
#include "agent/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/major.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"

/* What a blocking terminal that polls writable takes without blocking. */
#define CHUNK_BLOCKING 128

/* Who writes has the lock for that long only, but may be stopped just then. */
#define CLAIM_TRIES 20
#define CLAIM_PAUSE_MS 1

int tty_open(struct tty *ret, int fd)
{
	struct tty tty = {.chunk = TTY_CHUNK};
	char path[64];

	if (!isatty(fd))
		return -ENOTTY;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	tty.fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (tty.fd < 0 || !isatty(tty.fd)) {
		fd_close(tty.fd);
		tty.chunk = CHUNK_BLOCKING;
		tty.fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	}
	if (tty.fd < 0)
		return -errno;
	*ret = tty;
	return 0;
}

void tty_close(struct tty *tty)
{
	tty->fd = fd_close(tty->fd);
}

int tty_device(int fd, dev_t *ret)
{
	unsigned int device;

	if (ioctl(fd, TIOCGDEV, &device) < 0)
		return -errno;
	/* As the kernel packs it for programs. */
	*ret = makedev((device >> 8) & 0xfff,
		       (device & 0xff) | ((device >> 12) & 0xfff00));
	return 0;
}

int tty_device_name(dev_t device, char *ret, size_t size)
{
	char link[64], target[PATH_MAX];
	const char *name = target;
	ssize_t length;

	if (major(device) == UNIX98_PTY_SLAVE_MAJOR) {
		snprintf(ret, size, "/dev/pts/%u", minor(device));
		return 0;
	}
	snprintf(link, sizeof(link), "/sys/dev/char/%u:%u", major(device),
		 minor(device));
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return -errno;
	target[length] = '\0';
	if (strrchr(target, '/'))
		name = strrchr(target, '/') + 1;
	return (size_t)snprintf(ret, size, "/dev/%s", name) < size
		       ? 0
		       : -ENAMETOOLONG;
}

void tty_size(int fd, size_t *ret_rows, size_t *ret_columns)
{
	struct winsize size = {0};

	ioctl(fd, TIOCGWINSZ, &size);
	*ret_rows = size.ws_row ? size.ws_row : 24;
	*ret_columns = size.ws_col ? size.ws_col : 80;
}

bool tty_hung_up(const struct tty *tty)
{
	struct pollfd poller = {.fd = tty->fd};

	return poll(&poller, 1, 0) > 0;
}

static bool ends_lines(int fd)
{
	const tcflag_t both = OPOST | ONLCR;
	struct termios modes;

	return tcgetattr(fd, &modes) == 0 && (modes.c_oflag & both) == both;
}

size_t tty_plain_length(const struct tty *tty, const struct pty *pty,
			const char *bytes, size_t length)
{
	const char *end = memmem(bytes, length, "\r\n", 2);

	if (!end || !ends_lines(tty->fd) || !ends_lines(pty->master))
		return length;
	return (size_t)(end - bytes);
}

/* The lock is of a description: the shell's would outlive us. */
static bool is_own(const struct tty *tty)
{
	return tty->chunk == TTY_CHUNK;
}

void tty_claim(const struct tty *tty)
{
	for (int i = 0; is_own(tty) && i < CLAIM_TRIES; i++) {
		if (flock(tty->fd, LOCK_EX | LOCK_NB) == 0)
			return;
		poll(NULL, 0, CLAIM_PAUSE_MS);
	}
}

void tty_release(const struct tty *tty)
{
	if (is_own(tty))
		flock(tty->fd, LOCK_UN);
}

ssize_t tty_write_unclaimed(const struct tty *tty, const char *bytes,
			    size_t length)
{
	ssize_t n;

	if (is_own(tty) && flock(tty->fd, LOCK_SH | LOCK_NB) < 0 &&
	    errno == EWOULDBLOCK)
		return -EBUSY;
	n = write(tty->fd, bytes, length);
	if (n < 0)
		n = -errno;
	tty_release(tty);
	return n;
}
