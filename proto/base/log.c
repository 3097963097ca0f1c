/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines. One line is one write(2) or one journal entry, so that lines of
 * several processes on one terminal do not mix.
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <systemd/sd-journal.h>

#include "base/cleanup.h"
#include "base/escape.h"

/* A line is bounded: titles and paths in it are chosen by others. */
#define LINE_MAX_BYTES 8192

static const char *log_name = "landlord";
static int log_max_priority = LOG_NOTICE;
static bool log_to_journal;

/*
 * systemd sets JOURNAL_STREAM to the device and inode of the stream that it
 * connected; a process whose standard error was redirected since must not
 * believe it.
 */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat status;

	if (!stream || sscanf(stream, "%llu:%llu", &device, &inode) != 2)
		return false;
	if (fstat(STDERR_FILENO, &status) < 0)
		return false;
	return status.st_dev == device && status.st_ino == inode;
}

void log_open(const char *name, int max_priority)
{
	log_name = name;
	log_max_priority = max_priority;
	log_to_journal = stderr_is_journal();
}

/* Takes no memory: that there is none left is told by it, too. */
static void write_line(const char *message)
{
	char line[LINE_MAX_BYTES + 256];
	const int whole = snprintf(line, sizeof(line), "%.200s: %.*s\n",
				   log_name, LINE_MAX_BYTES, message);
	const char *rest = line;
	size_t length = whole > 0 ? (size_t)whole : 0;

	while (length > 0) {
		const ssize_t written = write(STDERR_FILENO, rest, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		rest += written;
		length -= (size_t)written;
	}
}

static void send_to_journal(int priority, const char *message)
{
	_cleanup_free_ char *text = NULL, *name = NULL;
	char level[sizeof("PRIORITY=7")];
	struct iovec fields[3];

	if (asprintf(&text, "MESSAGE=%s", message) < 0)
		text = NULL;
	if (asprintf(&name, "SYSLOG_IDENTIFIER=%s", log_name) < 0)
		name = NULL;
	if (!text || !name)
		return;
	snprintf(level, sizeof(level), "PRIORITY=%d", priority & 7);
	fields[0] = (struct iovec){text, strlen(text)};
	fields[1] = (struct iovec){level, strlen(level)};
	fields[2] = (struct iovec){name, strlen(name)};
	sd_journal_sendv(fields, ARRAY_SIZE(fields));
}

void log_line(int priority, const char *format, ...)
{
	const int saved = errno;
	_cleanup_free_ char *message = NULL, *escaped = NULL;
	va_list arguments;
	int length;

	if (priority > log_max_priority)
		return;
	va_start(arguments, format);
	length = vasprintf(&message, format, arguments);
	va_end(arguments);
	if (length < 0)
		message = NULL;
	else
		escaped = escape_bytes(message, length, LINE_MAX_BYTES);
	if (!escaped)
		write_line("out of memory");
	else if (log_to_journal)
		send_to_journal(priority, escaped);
	else
		write_line(escaped);
	errno = saved;
}
