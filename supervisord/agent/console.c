/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The console agent: questions on a terminal of their own. */
#include "agent/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "agent/dialog.h"
#include "agent/rawmode.h"
#include "agent/screen.h"
#include "agent/tty.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/quote.h"

struct console {
	struct agent agent;
	int tty;
	struct tty claimed; /* a description of our own, if there is one */
	struct event *readable;
	struct dialog *dialog;
	bool foreground; /* in raw mode, reading keys */
	bool open;	 /* a question is on the screen */
};

static void screen_write(void *userdata, const char *text)
{
	const struct console *const console = userdata;
	size_t length = strlen(text);

	while (length > 0) {
		const ssize_t n = write(console->tty, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		length -= (size_t)n;
	}
}

static void put_back(struct console *console)
{
	const struct screen screen = {0};
	_cleanup_free_ char *text = screen_restore(&screen);

	if (text)
		screen_write(console, text);
	screen_write(console, "\n");
}

static void leave_foreground(struct console *console)
{
	event_del(console->readable);
	if (console->open)
		put_back(console);
	console->open = false;
	tty_release(&console->claimed);
	if (console->foreground)
		rawmode_leave();
	console->foreground = false;
}

static void on_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct console *const console = userdata;
	char bytes[256];
	ssize_t n;

	(void)fd;
	(void)what;
	n = read(console->tty, bytes, sizeof(bytes));
	if (n > 0) {
		dialog_input(console->dialog, bytes, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		dialog_hide(console->dialog);
		leave_foreground(console);
		console->agent.events->gone(console->agent.userdata,
					    &console->agent);
	}
}

/* What is there is not known: nobody follows it. */
static struct screen anything(void)
{
	return (struct screen){
		.doubt = true,
		.single_bytes = !quote_is_utf8(),
	};
}

static void screen_size(void *userdata, size_t *rows, size_t *columns)
{
	tty_size(((const struct console *)userdata)->tty, rows, columns);
}

static void screen_clear(void *userdata)
{
	screen_write(userdata, SCREEN_CLEAR);
}

static int screen_open(void *userdata)
{
	const struct screen screen = anything();
	struct console *const console = userdata;
	_cleanup_free_ char *text = NULL;
	size_t rows, columns;
	int error;

	if (!tty_is_foreground(console->tty))
		return -EAGAIN;
	if (!console->foreground) {
		error = rawmode_enter(console->tty, RAWMODE_KEYS);
		if (error)
			return error;
		console->foreground = true;
		event_add(console->readable, NULL);
	}
	if (console->open)
		put_back(console);
	console->open = true;
	tty_claim(&console->claimed);
	tty_size(console->tty, &rows, &columns);
	text = screen_prepare(&screen, rows);
	if (text)
		screen_write(console, text);
	return 0;
}

static void screen_drop_input(void *userdata)
{
	tcflush(((const struct console *)userdata)->tty, TCIFLUSH);
}

static void screen_close(void *userdata)
{
	leave_foreground(userdata);
}

static const struct dialog_screen dialog_screen = {
	.open = screen_open,
	.size = screen_size,
	.clear = screen_clear,
	.write = screen_write,
	.drop_input = screen_drop_input,
	.close = screen_close,
};

static int console_ask(struct agent *agent, const struct question *question)
{
	return dialog_ask(((struct console *)agent)->dialog, question);
}

static void console_withdraw(struct agent *agent, uint64_t question_id)
{
	dialog_withdraw(((struct console *)agent)->dialog, question_id);
}

static struct agent *console_free(struct agent *agent)
{
	struct console *const console = (struct console *)agent;

	if (console->readable) {
		leave_foreground(console);
		event_free(console->readable);
	}
	dialog_free(console->dialog);
	fd_close(console->tty);
	tty_close(&console->claimed);
	free(console);
	return NULL;
}

static const struct agent_ops console_ops = {
	.name = "terminal",
	.ask = console_ask,
	.withdraw = console_withdraw,
	.free = console_free,
};

static int console_init(struct console *console, struct event_base *loop,
			int tty_fd)
{
	if (!isatty(tty_fd))
		return -ENOTTY;
	console->tty = fcntl(tty_fd, F_DUPFD_CLOEXEC, 0);
	if (console->tty < 0)
		return -errno;
	(void)!tty_open(&console->claimed, tty_fd);
	console->readable = event_new(loop, console->tty, EV_READ | EV_PERSIST,
				      on_readable, console);
	if (!console->readable)
		return -ENOMEM;
	return dialog_new(&console->dialog, loop, &console->agent,
			  &dialog_screen, console);
}

int console_agent_new(struct agent **ret, struct event_base *loop, int tty_fd)
{
	struct console *const console = calloc(1, sizeof(*console));
	int error;

	if (!console)
		return -ENOMEM;
	console->agent.ops = &console_ops;
	console->tty = -1;
	console->claimed = TTY_CLOSED;
	error = console_init(console, loop, tty_fd);
	if (error) {
		console_free(&console->agent);
		return error;
	}
	*ret = &console->agent;
	return 0;
}
