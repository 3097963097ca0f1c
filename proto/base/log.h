/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines: to the journal with fields when the process was started by
 * systemd (see sd_journal_stream_fd(3)), else to standard error.
 *
 * Standard error gets "landlord: MESSAGE\n" in one write(2), escaped, so that
 * bytes chosen by a supervised program cannot drive the terminal.
 */
#pragma once

#include <syslog.h>

/*
 * Sets the name before the colon ("landlord", "landlordd") and the least
 * urgent priority that is printed (a LOG_* level of syslog.h).
 * @name: must outlive the process; not copied.
 */
void log_open(const char *name, int max_priority);

/*
 * Logs a line.
 * @priority: LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO or LOG_DEBUG
 */
void log_line(int priority, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

#define log_error(...) log_line(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_line(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
