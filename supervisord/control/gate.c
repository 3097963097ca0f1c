/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The gate: only the process that connected may speak.
 */
#include "control/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"

#define LANE_BYTES 65536
#define HANDSHAKE_SECONDS 10

/* One direction. The buffer has what could not be written yet, else NULL. */
struct lane {
	struct gate *gate;
	int from, to; /* borrowed from the gate */
	struct event *readable, *writable;
	unsigned char *buffer;
	size_t start, end;
	bool checked; /* who wrote it matters */
	bool ended;   /* nothing more will be read */
};

struct gate {
	int client, inner;
	struct peer peer;
	struct framing framing;
	struct lane in, out;
	struct event *handshake;
	void (*refused)(void *userdata, const char *why);
	void *userdata;
	bool closed;
};

static void refuse(struct gate *gate, const char *why)
{
	if (gate->closed)
		return;
	gate->closed = true;
	event_del(gate->in.readable);
	event_del(gate->out.readable);
	gate->refused(gate->userdata, why);
}

static void close_descriptors(struct cmsghdr *c)
{
	const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

	for (size_t i = 0; i < count; i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
		close(fd);
	}
}

/* Who wrote what was just received. Returns: NULL, or why it is refused. */
static const char *check_writer(const struct gate *gate, struct msghdr *message)
{
	const char *why = "no credentials came with a message";
	struct ucred writer;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c;
	     c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_RIGHTS) {
			close_descriptors(c);
			return "descriptors are not taken";
		}
		if (c->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&writer, CMSG_DATA(c), sizeof(writer));
		why = writer.pid == gate->peer.pid &&
				      (writer.uid == gate->peer.uid ||
				       writer.uid == 0)
			      ? NULL
			      : "another process wrote on this connection";
	}
	/* Read before this question, so the pid was the owner's all along. */
	if (!why && !peer_alive(&gate->peer))
		why = "the process that connected has ended";
	return why;
}

/* Reads what the client wrote. Returns: as recv(2), 0 also when refused. */
static ssize_t receive(struct gate *gate, void *buffer, size_t size)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred)) +
			   CMSG_SPACE(253 * sizeof(int))];
	} control;
	struct iovec vector = {.iov_base = buffer, .iov_len = size};
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	const ssize_t n = recvmsg(gate->client, &message, MSG_CMSG_CLOEXEC);
	const char *why;

	if (n <= 0)
		return n;
	why = check_writer(gate, &message);
	if (!why && framing_feed(&gate->framing, buffer, (size_t)n) < 0)
		why = "a message is too long or none";
	if (why) {
		refuse(gate, why);
		return 0;
	}
	if (gate->framing.state != FRAMING_HANDSHAKE)
		event_del(gate->handshake);
	return n;
}

/*
 * Writes what it can. What is read waits in one buffer for all gates; only what
 * a full socket leaves over gets memory of its own.
 * Returns: how much was written; all of it when the other side has gone, for
 * then the rest is nobody's.
 */
static size_t write_some(const struct lane *lane, const unsigned char *bytes,
			 size_t length)
{
	size_t written = 0;

	while (written < length) {
		const ssize_t n = send(lane->to, bytes + written,
				       length - written, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? written : length;
		written += (size_t)n;
	}
	return written;
}

/*
 * Reads on, if it may: not while something is left over, and from a client not
 * while it does not read what it was told, or its calls would pile up answers
 * here without limit.
 */
static void resume(struct lane *lane)
{
	const struct gate *gate = lane->gate;

	if (!gate->closed && !lane->ended && !lane->buffer &&
	    !(lane->checked && gate->out.buffer))
		event_add(lane->readable, NULL);
}

/* Reads no more until what is left over has been written. */
static void keep_rest(struct lane *lane, const unsigned char *bytes,
		      size_t length)
{
	lane->buffer = malloc(length);
	if (!lane->buffer) {
		refuse(lane->gate, "memory is short");
		return;
	}
	memcpy(lane->buffer, bytes, length);
	lane->start = 0;
	lane->end = length;
	event_del(lane->readable);
	event_del(lane->gate->in.readable);
	event_add(lane->writable, NULL);
}

static void on_readable(evutil_socket_t fd, short events, void *userdata)
{
	static unsigned char bytes[LANE_BYTES];
	struct lane *lane = userdata;
	size_t written;
	ssize_t n;

	(void)fd;
	(void)events;
	if (lane->checked)
		n = receive(lane->gate, bytes, sizeof(bytes));
	else
		n = recv(lane->from, bytes, sizeof(bytes), 0);
	if (lane->gate->closed)
		return;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		lane->ended = true;
		event_del(lane->readable);
		shutdown(lane->to, SHUT_WR);
		return;
	}
	written = write_some(lane, bytes, (size_t)n);
	if (written < (size_t)n)
		keep_rest(lane, bytes + written, (size_t)n - written);
}

static void on_writable(evutil_socket_t fd, short events, void *userdata)
{
	struct lane *lane = userdata;

	(void)fd;
	(void)events;
	lane->start += write_some(lane, lane->buffer + lane->start,
				  lane->end - lane->start);
	if (lane->start < lane->end) {
		event_add(lane->writable, NULL);
		return;
	}
	free(lane->buffer);
	lane->buffer = NULL;
	resume(lane);
	resume(&lane->gate->in);
}

static void on_handshake(evutil_socket_t fd, short events, void *userdata)
{
	(void)fd;
	(void)events;
	refuse(userdata, "the handshake took too long");
}

static int open_lane(struct lane *lane, struct gate *gate,
		     struct event_base *loop, int from, int to, bool checked)
{
	lane->gate = gate;
	lane->from = from;
	lane->to = to;
	lane->checked = checked;
	lane->readable =
		event_new(loop, from, EV_READ | EV_PERSIST, on_readable, lane);
	lane->writable = event_new(loop, to, EV_WRITE, on_writable, lane);
	if (!lane->readable || !lane->writable ||
	    event_add(lane->readable, NULL) < 0)
		return -ENOMEM;
	return 0;
}

static void close_lane(struct lane *lane)
{
	if (lane->readable)
		event_free(lane->readable);
	if (lane->writable)
		event_free(lane->writable);
	free(lane->buffer);
}

static int open_gate(struct gate *gate, struct event_base *loop)
{
	const struct timeval patience = {.tv_sec = HANDSHAKE_SECONDS};
	int error = open_lane(&gate->in, gate, loop, gate->client, gate->inner,
			      true);

	if (!error)
		error = open_lane(&gate->out, gate, loop, gate->inner,
				  gate->client, false);
	gate->handshake = evtimer_new(loop, on_handshake, gate);
	if (!error &&
	    (!gate->handshake || evtimer_add(gate->handshake, &patience) < 0))
		error = -ENOMEM;
	return error;
}

int gate_new(struct gate **ret, struct event_base *loop, int client,
	     const struct peer *peer, int *ret_inner,
	     void (*refused)(void *userdata, const char *why), void *userdata)
{
	struct gate *gate = calloc(1, sizeof(*gate));
	int pair[2], error;

	if (!gate)
		return -ENOMEM;
	gate->client = client;
	gate->inner = -1;
	gate->peer = *peer;
	gate->refused = refused;
	gate->userdata = userdata;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		       pair) < 0) {
		error = -errno;
		gate_disown(gate);
		gate_free(gate);
		return error;
	}
	gate->inner = pair[0];
	error = open_gate(gate, loop);
	if (error) {
		close(pair[1]);
		gate_disown(gate);
		gate_free(gate);
		return error;
	}
	*ret_inner = pair[1];
	*ret = gate;
	return 0;
}

void gate_disown(struct gate *gate)
{
	if (gate)
		gate->client = -1;
}

struct gate *gate_free(struct gate *gate)
{
	if (!gate)
		return NULL;
	close_lane(&gate->in);
	close_lane(&gate->out);
	if (gate->handshake)
		event_free(gate->handshake);
	fd_close(gate->client);
	fd_close(gate->inner);
	free(gate);
	return NULL;
}
