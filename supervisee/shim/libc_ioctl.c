/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ioctl(2), and isatty(3), which is the most frequent one. */
#include <asm/ioctls.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/direct.h"

/* More than the kernel's struct termios, which differs from the C library's. */
#define TERMIOS_BYTES 64

EXPORT int ioctl(int fd, unsigned long command, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return shim_direct_once(SYS_ioctl, fd, (long)command, (long)argument);
}

EXPORT int isatty(int fd)
{
	char settings[TERMIOS_BYTES];

	return !shim_direct_once(SYS_ioctl, fd, TCGETS, (long)settings);
}
