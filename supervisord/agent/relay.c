/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Relays: see relay.h. */
#include "agent/relay.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/signal_fd.h"

#define CHUNK TTY_CHUNK
#define INPUT_MAX 4096
#define OUTPUT_MAX (256 * 1024)

/* A terminal that takes nothing for so long is not waited for at the end. */
#define DRAIN_MS 1000

/* When somebody else has a question on the terminal. */
#define RETRY_MS 50
#define QUESTION_MS 10000

/* How often in a row nothing may be read before there is nothing. */
#define REST_TRIES 4

static void want(struct event *event, bool wanted)
{
	if (wanted)
		event_add(event, NULL);
	else
		event_del(event);
}

void relay_update(struct relay *relay)
{
	const size_t input = evbuffer_get_length(relay->input);
	const size_t output = evbuffer_get_length(relay->output);
	const bool running = relay->running && !relay->gone;
	const bool program = running && !relay->ended;

	want(relay->tty_read,
	     running && relay->foreground && input < INPUT_MAX);
	want(relay->tty_write, running && !relay->waits &&
				       (evbuffer_get_length(relay->text) > 0 ||
					(!relay->holding && output > 0)));
	want(relay->master_read, program && output < OUTPUT_MAX);
	want(relay->master_write, program && input > 0);
}

/* The terminal went away: so does the program's, with a SIGHUP. */
static void hang_up(struct relay *relay)
{
	relay->gone = true;
	relay_update(relay);
	event_del(relay->master_read);
	event_del(relay->master_write);
	pty_close(&relay->pty);
	relay->ops->gone(relay->userdata);
}

static bool is_transient(int error)
{
	return error == EAGAIN || error == EINTR || error == EBUSY;
}

/* The terminal's owner puts no question while others have it: see tty_claim().
 */
static ssize_t write_tty(struct relay *relay, const char *bytes, size_t length)
{
	const struct timeval pause = {.tv_usec = RETRY_MS * 1000};
	ssize_t n;

	if (relay->foreground) {
		n = write(relay->tty.fd, bytes, length);
		return n < 0 ? -errno : n;
	}
	n = tty_write_unclaimed(&relay->tty, bytes, length);
	if (n == -EBUSY) {
		relay->waits = true;
		event_add(relay->retry, &pause);
	}
	return n;
}

static void on_retry(evutil_socket_t fd, short what, void *userdata)
{
	struct relay *const relay = userdata;

	(void)fd;
	(void)what;
	relay->waits = false;
	relay_update(relay);
}

/*
 * Writes the beginning of a buffer to the terminal.
 * Returns: bytes written, or a negative errno.
 */
static ssize_t write_some(struct relay *relay, struct evbuffer *buffer)
{
	size_t length = evbuffer_get_length(buffer);
	const char *bytes;
	ssize_t n;

	if (length > relay->tty.chunk)
		length = relay->tty.chunk;
	bytes = (const char *)evbuffer_pullup(buffer, (ssize_t)length);
	if (!bytes)
		return -ENOMEM;
	if (buffer == relay->output && !relay->foreground)
		length = tty_plain_length(&relay->tty, &relay->pty, bytes,
					  length);
	if (!length) {
		evbuffer_drain(buffer, 1);
		return 1;
	}
	n = write_tty(relay, bytes, length);
	if (n < 0)
		return n;
	if (buffer == relay->output)
		screen_follow(&relay->screen, bytes, (size_t)n);
	evbuffer_drain(buffer, (size_t)n);
	return n;
}

static void on_tty_writable(evutil_socket_t fd, short what, void *userdata)
{
	struct relay *const relay = userdata;
	ssize_t n = 0;

	(void)fd;
	(void)what;
	if (evbuffer_get_length(relay->text) > 0)
		n = write_some(relay, relay->text);
	else if (!relay->holding && evbuffer_get_length(relay->output) > 0)
		n = write_some(relay, relay->output);
	if (n < 0 && !is_transient((int)-n))
		hang_up(relay);
	else
		relay_update(relay);
}

static void on_tty_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct relay *const relay = userdata;
	char bytes[CHUNK];
	ssize_t n;

	(void)fd;
	(void)what;
	n = read(relay->tty.fd, bytes, sizeof(bytes));
	if (n == 0 || (n < 0 && !is_transient(errno))) {
		hang_up(relay);
		return;
	}
	if (n > 0)
		relay->ops->typed(relay->userdata, bytes, (size_t)n);
	relay_update(relay);
}

/*
 * Reads what the program wrote.
 * Returns: bytes read, 0 when there are none at the moment or ever.
 */
static size_t read_program(struct relay *relay)
{
	char bytes[CHUNK];
	ssize_t n;

	if (relay->pty.master < 0 || relay->ended)
		return 0;
	n = read(relay->pty.master, bytes, sizeof(bytes));
	if (n > 0) {
		evbuffer_add(relay->output, bytes, (size_t)n);
		return (size_t)n;
	}
	/* EIO: the last descriptor of the other side was closed. */
	if (n == 0 || !is_transient(errno))
		relay->ended = true;
	return 0;
}

static void on_master_readable(evutil_socket_t fd, short what, void *userdata)
{
	struct relay *const relay = userdata;

	(void)fd;
	(void)what;
	/* In the background nobody tells us of another size. */
	if (!relay->foreground)
		pty_resize(&relay->pty, relay->tty.fd);
	read_program(relay);
	/* Saves a turn of the loop; what is left waits for its event. */
	if (!relay->holding && !relay->waits &&
	    !evbuffer_get_length(relay->text) &&
	    evbuffer_get_length(relay->output) > 0 &&
	    relay->tty.chunk == TTY_CHUNK)
		write_some(relay, relay->output);
	relay_update(relay);
}

static void on_master_writable(evutil_socket_t fd, short what, void *userdata)
{
	struct relay *const relay = userdata;

	(void)what;
	if (evbuffer_write(relay->input, fd) < 0 && !is_transient(errno))
		evbuffer_drain(relay->input, evbuffer_get_length(relay->input));
	relay_update(relay);
}

static void on_resized(evutil_socket_t fd, short what, void *userdata)
{
	struct relay *const relay = userdata;

	(void)what;
	signal_fd_read(fd);
	pty_resize(&relay->pty, relay->tty.fd);
	relay->ops->resized(relay->userdata);
}

void relay_type(struct relay *relay, const char *bytes, size_t length)
{
	evbuffer_add(relay->input, bytes, length);
}

void relay_write(struct relay *relay, const char *text)
{
	while (*text) {
		const size_t line = strcspn(text, "\n");

		evbuffer_add(relay->text, text, line);
		text += line;
		if (*text == '\n') {
			evbuffer_add(relay->text, "\r\n", 2);
			text++;
		}
	}
	relay_update(relay);
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
static void take_rest(struct relay *relay)
{
	size_t taken = 0;
	int tries = 0;

	while (tries < REST_TRIES && taken < OUTPUT_MAX && !relay->gone) {
		size_t n;

		relay->ended = false;
		n = read_program(relay);
		taken += n;
		tries = n > 0 ? 0 : tries + 1;
	}
}

void relay_drain(struct relay *relay)
{
	struct pollfd poll_tty = {.fd = relay->tty.fd, .events = POLLOUT};
	int patience = QUESTION_MS / RETRY_MS;

	take_rest(relay);
	while (!relay->gone) {
		struct evbuffer *const next = evbuffer_get_length(relay->text)
						      ? relay->text
						      : relay->output;
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
		n = write_some(relay, next);
		if (n == -EBUSY && patience-- > 0)
			poll(NULL, 0, RETRY_MS);
		else if (n == -EBUSY || (n < 0 && !is_transient((int)-n)))
			break;
	}
}

static void on_hangup(evutil_socket_t fd, short what, void *userdata)
{
	struct relay *const relay = userdata;

	(void)fd;
	(void)what;
	/* More often somebody has typed to the shell. */
	if (!relay->gone && tty_hung_up(&relay->tty))
		hang_up(relay);
}

void relay_watch_hangup(struct relay *relay)
{
	/*
	 * By edges, or what is typed to others would keep us busy. That needs a
	 * descriptor of its own.
	 */
	relay->hangup_fd = fcntl(relay->tty.fd, F_DUPFD_CLOEXEC, 0);
	if (relay->hangup_fd >= 0)
		relay->hangup = event_new(relay->loop, relay->hangup_fd,
					  EV_READ | EV_ET | EV_PERSIST,
					  on_hangup, relay);
	if (relay->hangup)
		event_add(relay->hangup, NULL);
}

static int make_events(struct relay *relay)
{
	struct event_base *const loop = relay->loop;
	const short readable = EV_READ | EV_PERSIST;
	const short writable = EV_WRITE | EV_PERSIST;

	relay->tty_read = event_new(loop, relay->tty.fd, readable,
				    on_tty_readable, relay);
	relay->tty_write = event_new(loop, relay->tty.fd, writable,
				     on_tty_writable, relay);
	relay->master_read = event_new(loop, relay->pty.master, readable,
				       on_master_readable, relay);
	relay->master_write = event_new(loop, relay->pty.master, writable,
					on_master_writable, relay);
	relay->resized_fd = signal_fd_open(SIGWINCH);
	if (relay->resized_fd < 0)
		return relay->resized_fd;
	relay->resized =
		event_new(loop, relay->resized_fd, readable, on_resized, relay);
	relay->retry = event_new(loop, -1, 0, on_retry, relay);
	relay->input = evbuffer_new();
	relay->output = evbuffer_new();
	relay->text = evbuffer_new();
	if (!relay->tty_read || !relay->tty_write || !relay->master_read ||
	    !relay->master_write || !relay->resized || !relay->retry ||
	    !relay->input || !relay->output || !relay->text)
		return -ENOMEM;
	return event_add(relay->resized, NULL) ? -ENOMEM : 0;
}

int relay_open(struct relay *ret, struct event_base *loop, int tty_fd,
	       const struct relay_ops *ops, void *userdata)
{
	int error;

	*ret = (struct relay){
		.loop = loop,
		.ops = ops,
		.userdata = userdata,
		.tty = TTY_CLOSED,
		.pty = PTY_CLOSED,
		.hangup_fd = -1,
		.resized_fd = -1,
	};
	error = tty_open(&ret->tty, tty_fd);
	if (!error)
		error = pty_open(&ret->pty, ret->tty.fd);
	if (!error)
		error = make_events(ret);
	return error;
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

void relay_close(struct relay *relay)
{
	free_event(relay->tty_read);
	free_event(relay->tty_write);
	free_event(relay->master_read);
	free_event(relay->master_write);
	free_event(relay->resized);
	free_event(relay->hangup);
	free_event(relay->retry);
	fd_close(relay->hangup_fd);
	fd_close(relay->resized_fd);
	free_buffer(relay->input);
	free_buffer(relay->output);
	free_buffer(relay->text);
	pty_close(&relay->pty);
	tty_close(&relay->tty);
}
