/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal agent: a relay between the real terminal and the program's
 * pseudo-terminal, interrupted by questions.
 */
#include "agent/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <termios.h>

#include "agent/dialog.h"
#include "agent/rawmode.h"
#include "agent/relay.h"
#include "base/cleanup.h"
#include "base/quote.h"

struct terminal {
	struct agent agent;
	struct relay relay;
	dev_t device; /* of the real terminal */
	struct dialog *dialog;
	bool mute;    /* no more questions */
	bool noticed; /* the person knows of questions in the background */
};

static void stop_asking(struct terminal *terminal)
{
	if (terminal->agent.events && !terminal->mute)
		terminal->agent.events->gone(terminal->agent.userdata,
					     &terminal->agent);
	terminal->mute = true;
}

/* Keys that reach the program although a question is open: ^C, ^\, ^Z. */
static bool is_signal_key(int key)
{
	return key == '\003' || key == '\034' || key == '\032';
}

static void on_typed(void *userdata, const char *bytes, size_t length)
{
	struct terminal *const terminal = userdata;
	int key;
	char byte;

	if (!terminal->relay.holding) {
		relay_type(&terminal->relay, bytes, length);
		return;
	}
	key = dialog_input(terminal->dialog, bytes, length);
	if (is_signal_key(key)) {
		byte = (char)key;
		relay_type(&terminal->relay, &byte, 1);
	}
}

static void on_resized(void *userdata)
{
	struct terminal *const terminal = userdata;

	if (terminal->relay.holding)
		dialog_show(terminal->dialog);
}

static void on_gone(void *userdata)
{
	stop_asking(userdata);
}

static const struct relay_ops relay_ops = {
	.typed = on_typed,
	.resized = on_resized,
	.gone = on_gone,
};

/* Takes the terminal over if our job has it. Returns: 0 or -errno. */
static int enter_foreground(struct terminal *terminal)
{
	struct relay *const relay = &terminal->relay;
	int error;

	if (relay->foreground)
		return 0;
	if (!relay->running || terminal->mute ||
	    !tty_is_foreground(relay->tty.fd))
		return -EAGAIN;
	error = rawmode_enter(relay->tty.fd, RAWMODE_BYTES);
	if (error)
		return error;
	relay->foreground = true;
	terminal->noticed = false;
	pty_resize(&relay->pty, relay->tty.fd);
	return 0;
}

/* What the program had set is set again, and it goes on on a line of its own.
 */
static void put_back(struct relay *relay)
{
	_cleanup_free_ char *text = screen_restore(&relay->screen);

	if (text)
		relay_write(relay, text);
	relay_write(relay, "\n");
}

/* Makes whatever is on the screen make room for a question. */
static void prepare(struct terminal *terminal)
{
	struct relay *const relay = &terminal->relay;
	_cleanup_free_ char *text = NULL;
	size_t rows, columns;

	if (relay->holding)
		put_back(relay);
	tty_size(relay->tty.fd, &rows, &columns);
	text = screen_prepare(&relay->screen, rows);
	if (text)
		relay_write(relay, text);
}

static int screen_open(void *userdata)
{
	struct terminal *const terminal = userdata;
	struct relay *const relay = &terminal->relay;
	const int error = enter_foreground(terminal);

	if (error && relay->running && !terminal->noticed) {
		relay_write(relay,
			    "\r-- Landlord: a program in the background waits "
			    "for an answer; see fg in your shell --\n");
		terminal->noticed = true;
	}
	if (error)
		return error;
	tty_claim(&relay->tty);
	prepare(terminal);
	relay->holding = true;
	relay_update(relay);
	return 0;
}

static void screen_size(void *userdata, size_t *rows, size_t *columns)
{
	const struct terminal *const terminal = userdata;

	tty_size(terminal->relay.tty.fd, rows, columns);
}

static void screen_clear(void *userdata)
{
	struct terminal *const terminal = userdata;

	relay_write(&terminal->relay, SCREEN_CLEAR);
}

static void screen_write(void *userdata, const char *text)
{
	struct terminal *const terminal = userdata;

	relay_write(&terminal->relay, text);
}

static void screen_drop_input(void *userdata)
{
	const struct terminal *const terminal = userdata;

	tcflush(terminal->relay.tty.fd, TCIFLUSH);
}

static void screen_close(void *userdata)
{
	struct terminal *const terminal = userdata;
	struct relay *const relay = &terminal->relay;

	put_back(relay);
	/* What a full-screen program shows was written over: ask for it. */
	if (screen_is_picture(&relay->screen))
		pty_redraw(&relay->pty, relay->tty.fd);
	relay->holding = false;
	tty_release(&relay->tty);
	relay_update(relay);
}

static const struct dialog_screen dialog_screen = {
	.open = screen_open,
	.size = screen_size,
	.clear = screen_clear,
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

int terminal_new(struct terminal **ret, struct event_base *loop, int tty_fd)
{
	struct terminal *const terminal = calloc(1, sizeof(*terminal));
	int error;

	if (!terminal)
		return -ENOMEM;
	terminal->agent.ops = &terminal_ops;
	error = relay_open(&terminal->relay, loop, tty_fd, &relay_ops,
			   terminal);
	terminal->relay.screen.single_bytes = !quote_is_utf8();
	if (!error)
		error = tty_device(terminal->relay.tty.fd, &terminal->device);
	if (!error)
		error = dialog_new(&terminal->dialog, loop, &terminal->agent,
				   &dialog_screen, terminal);
	if (error) {
		terminal_free(terminal);
		return error;
	}
	*ret = terminal;
	return 0;
}

int terminal_slave(const struct terminal *terminal)
{
	return terminal->relay.pty.slave;
}

dev_t terminal_device(const struct terminal *terminal)
{
	return terminal->device;
}

void terminal_close_slave(struct terminal *terminal)
{
	pty_close_slave(&terminal->relay.pty);
}

struct agent *terminal_agent(struct terminal *terminal)
{
	return &terminal->agent;
}

int terminal_resume(struct terminal *terminal)
{
	int error;

	if (terminal->relay.gone)
		return -EIO;
	terminal->relay.running = true;
	error = enter_foreground(terminal);
	/* In the background the program's output still goes out. */
	if (error && error != -EAGAIN)
		return error;
	relay_update(&terminal->relay);
	dialog_show(terminal->dialog);
	return 0;
}

void terminal_suspend(struct terminal *terminal)
{
	struct relay *const relay = &terminal->relay;

	if (!relay->running)
		return;
	if (relay->holding)
		put_back(relay);
	relay_drain(relay);
	dialog_hide(terminal->dialog);
	relay->running = relay->holding = relay->foreground = false;
	tty_release(&relay->tty);
	rawmode_leave();
	relay_update(relay);
}

void terminal_detach(struct terminal *terminal)
{
	struct relay *const relay = &terminal->relay;

	relay->running = true;
	terminal_suspend(terminal);
	stop_asking(terminal);
	if (relay->gone)
		return;
	relay_watch_hangup(relay);
	relay->running = true;
	relay_update(relay);
}

struct terminal *terminal_free(struct terminal *terminal)
{
	if (!terminal)
		return NULL;
	if (terminal->dialog) {
		terminal->relay.running = true;
		terminal_suspend(terminal);
	}
	dialog_free(terminal->dialog);
	relay_close(&terminal->relay);
	free(terminal);
	return NULL;
}
