/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal agent: a relay between the real terminal and the program's
 * pseudo-terminal, interrupted by questions.
 *
 * Which of the four descriptors events are wanted follows from the state alone
 * and is decided in one place, update(); every callback ends with it.
 */
#include "agent/terminal.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "agent/dialog.h"
#include "agent/pty.h"
#include "agent/rawmode.h"
#include "agent/screen.h"
#include "agent/tty.h"
#include "base/fd.h"

#define CHUNK TTY_CHUNK
#define INPUT_MAX 4096
#define OUTPUT_MAX (256 * 1024)

/* A terminal that takes nothing for so long is not waited for at the end. */
#define DRAIN_MS 1000

/* How often in a row nothing may be read before there is nothing. */
#define REST_TRIES 4

struct terminal {
	struct agent agent;
	struct event_base *loop;
	struct tty tty;
	struct pty pty;
	struct evbuffer *input;	 /* typed, for the program */
	struct evbuffer *output; /* of the program, for the terminal */
	struct evbuffer *text;	 /* ours, for the terminal: goes first */
	struct event *tty_read, *tty_write, *master_read, *master_write;
	struct event *resized, *hangup;
	int hangup_fd;
	dev_t device; /* of the tty */
	struct screen screen;
	struct dialog *dialog;
	bool relaying;	 /* between resume and suspend */
	bool foreground; /* and the terminal is ours, in raw mode */
	bool holding;	 /* a question is open: no output of the program */
	bool ended;	 /* nobody has the program's side open */
	bool gone;	 /* the real terminal hung up */
	bool mute;	 /* no more questions */
	bool noticed;	 /* the person knows of questions in the background */
};

static void want(struct event *event, bool wanted)
{
	if (wanted)
		event_add(event, NULL);
	else
		event_del(event);
}

static void update(struct terminal *terminal)
{
	const size_t input = evbuffer_get_length(terminal->input);
	const size_t output = evbuffer_get_length(terminal->output);
	const bool relaying = terminal->relaying && !terminal->gone;
	const bool program = relaying && !terminal->ended;

	want(terminal->tty_read,
	     relaying && terminal->foreground && input < INPUT_MAX);
	want(terminal->tty_write,
	     relaying && (evbuffer_get_length(terminal->text) > 0 ||
			  (!terminal->holding && output > 0)));
	want(terminal->master_read, program && output < OUTPUT_MAX);
	want(terminal->master_write, program && input > 0);
}

static void stop_asking(struct terminal *terminal)
{
	if (terminal->agent.events && !terminal->mute)
		terminal->agent.events->gone(terminal->agent.userdata,
					     &terminal->agent);
	terminal->mute = true;
}

/* The terminal went away: so does the program's, with a SIGHUP. */
static void hang_up(struct terminal *terminal)
{
	terminal->gone = true;
	update(terminal);
	event_del(terminal->master_read);
	event_del(terminal->master_write);
	pty_close(&terminal->pty);
	stop_asking(terminal);
}

static bool is_transient(int error)
{
	return error == EAGAIN || error == EINTR;
}

/*
 * Writes the beginning of a buffer to the terminal.
 * Returns: bytes written, or a negative errno.
 */
static ssize_t write_some(struct terminal *terminal, struct evbuffer *buffer)
{
	size_t length = evbuffer_get_length(buffer);
	const char *bytes;
	ssize_t n;

	if (length > terminal->tty.chunk)
		length = terminal->tty.chunk;
	bytes = (const char *)evbuffer_pullup(buffer, (ssize_t)length);
	if (!bytes)
		return -ENOMEM;
	if (buffer == terminal->output && !terminal->foreground)
		length = tty_plain_length(&terminal->tty, &terminal->pty, bytes,
					  length);
	if (!length) {
		evbuffer_drain(buffer, 1);
		return 1;
	}
	n = write(terminal->tty.fd, bytes, length);
	if (n < 0)
		return -errno;
	if (buffer == terminal->output)
		screen_follow(&terminal->screen, bytes, (size_t)n);
	evbuffer_drain(buffer, (size_t)n);
	return n;
}

static void on_tty_writable(evutil_socket_t fd, short what, void *userdata)
{
	struct terminal *const terminal = userdata;
	ssize_t n = 0;

	(void)fd;
	(void)what;
	if (evbuffer_get_length(terminal->text) > 0)
		n = write_some(terminal, terminal->text);
	else if (!terminal->holding &&
		 evbuffer_get_length(terminal->output) > 0)
		n = write_some(terminal, terminal->output);
	if (n < 0 && !is_transient((int)-n))
		hang_up(terminal);
	else
		update(terminal);
}

/* Keys that reach the program although a question is open: ^C, ^\, ^Z. */
static bool is_signal_key(char key)
{
	return key == '\003' || key == '\034' || key == '\032';
}

static void take_input(struct terminal *terminal, const char *bytes,
		       size_t length)
{
	if (!terminal->holding) {
		evbuffer_add(terminal->input, bytes, length);
		return;
	}
	if (length == 1 && is_signal_key(*bytes))
		evbuffer_add(terminal->input, bytes, length);
	dialog_input(terminal->dialog, bytes, length);
}

static void on_tty_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct terminal *const terminal = userdata;
	char bytes[CHUNK];
	ssize_t n;

	(void)fd;
	(void)what;
	n = read(terminal->tty.fd, bytes, sizeof(bytes));
	if (n == 0 || (n < 0 && !is_transient(errno))) {
		hang_up(terminal);
		return;
	}
	if (n > 0)
		take_input(terminal, bytes, (size_t)n);
	update(terminal);
}

/*
 * Reads what the program wrote.
 * Returns: bytes read, 0 when there are none at the moment or ever.
 */
static size_t read_program(struct terminal *terminal)
{
	char bytes[CHUNK];
	ssize_t n;

	if (terminal->pty.master < 0 || terminal->ended)
		return 0;
	n = read(terminal->pty.master, bytes, sizeof(bytes));
	if (n > 0) {
		evbuffer_add(terminal->output, bytes, (size_t)n);
		return (size_t)n;
	}
	/* EIO: the last descriptor of the other side was closed. */
	if (n == 0 || !is_transient(errno))
		terminal->ended = true;
	return 0;
}

static void on_master_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct terminal *const terminal = userdata;

	(void)fd;
	(void)what;
	/* In the background nobody tells us of another size. */
	if (!terminal->foreground)
		pty_resize(&terminal->pty, terminal->tty.fd);
	read_program(terminal);
	/* Saves a turn of the loop; what is left waits for its event. */
	if (!terminal->holding && !evbuffer_get_length(terminal->text) &&
	    evbuffer_get_length(terminal->output) > 0 &&
	    terminal->tty.chunk == TTY_CHUNK)
		write_some(terminal, terminal->output);
	update(terminal);
}

static void on_master_writable(evutil_socket_t fd, short what, void *userdata)
{
	struct terminal *const terminal = userdata;

	(void)what;
	if (evbuffer_write(terminal->input, fd) < 0 && !is_transient(errno))
		evbuffer_drain(terminal->input,
			       evbuffer_get_length(terminal->input));
	update(terminal);
}

static void on_resized(evutil_socket_t fd, short what, void *userdata)
{
	struct terminal *const terminal = userdata;

	(void)fd;
	(void)what;
	pty_resize(&terminal->pty, terminal->tty.fd);
}

/* Queues text of ours; its lines end with "\n". */
static void screen_write(void *userdata, const char *text)
{
	struct terminal *const terminal = userdata;

	while (*text) {
		const size_t line = strcspn(text, "\n");

		evbuffer_add(terminal->text, text, line);
		text += line;
		if (*text == '\n') {
			evbuffer_add(terminal->text, "\r\n", 2);
			text++;
		}
	}
	update(terminal);
}

/* Takes the terminal over if our job has it. Returns: 0 or -errno. */
static int enter_foreground(struct terminal *terminal)
{
	int error;

	if (terminal->foreground)
		return 0;
	if (!terminal->relaying || terminal->mute ||
	    !tty_is_foreground(terminal->tty.fd))
		return -EAGAIN;
	error = rawmode_enter(terminal->tty.fd, RAWMODE_BYTES);
	if (error)
		return error;
	terminal->foreground = true;
	terminal->noticed = false;
	pty_resize(&terminal->pty, terminal->tty.fd);
	return 0;
}

static int screen_open(void *userdata)
{
	struct terminal *const terminal = userdata;
	const int error = enter_foreground(terminal);

	if (error && terminal->relaying && !terminal->noticed) {
		screen_write(terminal,
			     "\r-- Landlord: a program in the background waits "
			     "for an answer; see fg in your shell --\n");
		terminal->noticed = true;
	}
	if (error)
		return error;
	screen_write(terminal, screen_prepare(&terminal->screen));
	terminal->screen.midline = false;
	terminal->holding = true;
	update(terminal);
	return 0;
}

static void screen_drop_input(void *userdata)
{
	const struct terminal *const terminal = userdata;

	tcflush(terminal->tty.fd, TCIFLUSH);
}

static void screen_close(void *userdata)
{
	struct terminal *const terminal = userdata;

	if (terminal->screen.hidden)
		screen_write(terminal, "\033[?25l");
	/* What a full-screen program shows was written over: ask for it. */
	if (terminal->screen.alternate || terminal->screen.altered)
		pty_redraw(&terminal->pty, terminal->tty.fd);
	terminal->holding = false;
	update(terminal);
}

static const struct dialog_screen dialog_screen = {
	.open = screen_open,
	.write = screen_write,
	.drop_input = screen_drop_input,
	.close = screen_close,
};

static int terminal_ask(struct agent *agent, const struct question *question)
{
	struct terminal *const terminal = (struct terminal *)agent;

	if (terminal->mute)
		return -EIO;
	return dialog_ask(terminal->dialog, question);
}

static void terminal_withdraw(struct agent *agent, uint64_t question_id)
{
	dialog_withdraw(((struct terminal *)agent)->dialog, question_id);
}

static struct agent *terminal_agent_free(struct agent *agent)
{
	/* It is the terminal's. */
	(void)agent;
	return NULL;
}

static const struct agent_ops terminal_ops = {
	.name = "terminal",
	.ask = terminal_ask,
	.withdraw = terminal_withdraw,
	.free = terminal_agent_free,
};

static int make_events(struct terminal *terminal)
{
	struct event_base *const loop = terminal->loop;
	const short readable = EV_READ | EV_PERSIST;
	const short writable = EV_WRITE | EV_PERSIST;

	terminal->tty_read = event_new(loop, terminal->tty.fd, readable,
				       on_tty_readable, terminal);
	terminal->tty_write = event_new(loop, terminal->tty.fd, writable,
					on_tty_writable, terminal);
	terminal->master_read = event_new(loop, terminal->pty.master, readable,
					  on_master_readable, terminal);
	terminal->master_write = event_new(loop, terminal->pty.master, writable,
					   on_master_writable, terminal);
	terminal->resized = evsignal_new(loop, SIGWINCH, on_resized, terminal);
	terminal->input = evbuffer_new();
	terminal->output = evbuffer_new();
	terminal->text = evbuffer_new();
	if (!terminal->tty_read || !terminal->tty_write ||
	    !terminal->master_read || !terminal->master_write ||
	    !terminal->resized || !terminal->input || !terminal->output ||
	    !terminal->text)
		return -ENOMEM;
	return event_add(terminal->resized, NULL) ? -ENOMEM : 0;
}

static int terminal_init(struct terminal *terminal, int tty_fd)
{
	int error;

	error = tty_open(&terminal->tty, tty_fd);
	if (!error)
		error = tty_device(terminal->tty.fd, &terminal->device);
	if (!error)
		error = pty_open(&terminal->pty, terminal->tty.fd);
	if (!error)
		error = make_events(terminal);
	if (!error)
		error = dialog_new(&terminal->dialog, terminal->loop,
				   &terminal->agent, &dialog_screen, terminal);
	return error;
}

int terminal_new(struct terminal **ret, struct event_base *loop, int tty_fd)
{
	struct terminal *const terminal = calloc(1, sizeof(*terminal));
	int error;

	if (!terminal)
		return -ENOMEM;
	terminal->agent.ops = &terminal_ops;
	terminal->loop = loop;
	terminal->tty = TTY_CLOSED;
	terminal->pty = PTY_CLOSED;
	terminal->hangup_fd = -1;
	error = terminal_init(terminal, tty_fd);
	if (error) {
		terminal_free(terminal);
		return error;
	}
	*ret = terminal;
	return 0;
}

int terminal_slave(const struct terminal *terminal)
{
	return terminal->pty.slave;
}

dev_t terminal_device(const struct terminal *terminal)
{
	return terminal->device;
}

void terminal_close_slave(struct terminal *terminal)
{
	pty_close_slave(&terminal->pty);
}

struct agent *terminal_agent(struct terminal *terminal)
{
	return &terminal->agent;
}

int terminal_resume(struct terminal *terminal)
{
	int error;

	if (terminal->gone)
		return -EIO;
	terminal->relaying = true;
	error = enter_foreground(terminal);
	/* In the background the program's output still goes out. */
	if (error && error != -EAGAIN)
		return error;
	update(terminal);
	dialog_show(terminal->dialog);
	return 0;
}

/*
 * Takes what the program wrote so far; bounded by what fits into the buffer,
 * should somebody write without end.
 *
 * That there is nothing to read is believed only when it is said repeatedly: a
 * read that finds nothing waits in the kernel for the work that brings data
 * over from the other side, but that work may just have queued itself again
 * (its reader's buffer was full a moment ago), and only the next read waits
 * for that.
 */
static void take_rest(struct terminal *terminal)
{
	size_t taken = 0;
	int tries = 0;

	while (tries < REST_TRIES && taken < OUTPUT_MAX && !terminal->gone) {
		size_t n;

		terminal->ended = false;
		n = read_program(terminal);
		taken += n;
		tries = n > 0 ? 0 : tries + 1;
	}
}

/* Writes out what the program wrote, as long as the terminal takes it. */
static void drain(struct terminal *terminal)
{
	struct pollfd poll_tty = {.fd = terminal->tty.fd, .events = POLLOUT};

	take_rest(terminal);
	while (!terminal->gone) {
		struct evbuffer *const next =
			evbuffer_get_length(terminal->text) ? terminal->text
							    : terminal->output;
		ssize_t n;
		int ready;

		if (evbuffer_get_length(next) == 0)
			break;
		ready = poll(&poll_tty, 1, DRAIN_MS);
		/* A child that ends just now interrupts, it ends nothing. */
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			break;
		n = write_some(terminal, next);
		if (n < 0 && !is_transient((int)-n))
			break;
	}
}

void terminal_suspend(struct terminal *terminal)
{
	if (!terminal->relaying)
		return;
	drain(terminal);
	dialog_hide(terminal->dialog);
	terminal->relaying = terminal->holding = terminal->foreground = false;
	rawmode_leave();
	update(terminal);
}

static void on_hangup(evutil_socket_t fd, short what, void *userdata)
{
	struct terminal *const terminal = userdata;

	(void)fd;
	(void)what;
	/* More often somebody has typed to the shell. */
	if (!terminal->gone && tty_hung_up(&terminal->tty))
		hang_up(terminal);
}

/*
 * Watches for the end of a terminal that we do not read from: by edges, or
 * what is typed to others would keep us busy. That needs a descriptor of its
 * own.
 */
static void watch_hangup(struct terminal *terminal)
{
	terminal->hangup_fd = fcntl(terminal->tty.fd, F_DUPFD_CLOEXEC, 0);
	if (terminal->hangup_fd >= 0)
		terminal->hangup = event_new(
			terminal->loop, terminal->hangup_fd,
			EV_READ | EV_ET | EV_PERSIST, on_hangup, terminal);
	if (terminal->hangup)
		event_add(terminal->hangup, NULL);
}

void terminal_detach(struct terminal *terminal)
{
	terminal->relaying = true;
	terminal_suspend(terminal);
	stop_asking(terminal);
	if (terminal->gone)
		return;
	watch_hangup(terminal);
	terminal->relaying = true;
	update(terminal);
}

static void free_event(struct event *event)
{
	if (event)
		event_free(event);
}

static void free_buffer(struct evbuffer *buffer)
{
	if (buffer)
		evbuffer_free(buffer);
}

struct terminal *terminal_free(struct terminal *terminal)
{
	if (!terminal)
		return NULL;
	if (terminal->dialog) {
		terminal->relaying = true;
		terminal_suspend(terminal);
	}
	dialog_free(terminal->dialog);
	free_event(terminal->tty_read);
	free_event(terminal->tty_write);
	free_event(terminal->master_read);
	free_event(terminal->master_write);
	free_event(terminal->resized);
	free_event(terminal->hangup);
	fd_close(terminal->hangup_fd);
	free_buffer(terminal->input);
	free_buffer(terminal->output);
	free_buffer(terminal->text);
	pty_close(&terminal->pty);
	tty_close(&terminal->tty);
	free(terminal);
	return NULL;
}
