/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A raw connection to the daemon: what is on it is up to us.
 */
#pragma once

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bus/names.h"
#include "control/control_socket.h"
#include "unit.h"
#include "world.h"

/* A raw connection. */
static inline int raw_open(void)
{
	char *path;
	int fd;

	ck_assert_int_eq(control_socket_path(&path), 0);
	fd = control_socket_connect(path);
	ck_assert_int_ge(fd, 0);
	free(path);
	return fd;
}

/* Whether the daemon closes a connection. */
static inline bool raw_is_closed(int fd)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	char bytes[4096];
	ssize_t n;

	do {
		if (poll(&pollfd, 1, WORLD_SECONDS * 1000) != 1)
			return false;
		n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	} while (n > 0);
	return n == 0 || errno == ECONNRESET;
}

/* Writes all of it. Returns: false when the daemon has closed the connection.
 */
static inline bool raw_write(int fd, const void *bytes, size_t length)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLOUT};

	while (length > 0) {
		const ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return false;
		if (n < 0) {
			poll(&pollfd, 1, -1);
			continue;
		}
		bytes = (const char *)bytes + n;
		length -= (size_t)n;
	}
	return true;
}

static inline void raw_field(unsigned char *message, size_t *at,
			     unsigned char code, char type, const char *text)
{
	const uint32_t length = (uint32_t)strlen(text);

	*at = (*at + 7) & ~(size_t)7;
	message[(*at)++] = code;
	message[(*at)++] = 1;
	message[(*at)++] = (unsigned char)type;
	message[(*at)++] = 0;
	memcpy(message + *at, &length, sizeof(length));
	memcpy(message + *at + 4, text, length + 1);
	*at += 4 + length + 1;
}

/* A call of a method without arguments, as it is on the wire. */
static inline size_t raw_call(unsigned char message[512], const char *method)
{
	const uint32_t serial = 1;
	uint32_t fields;
	size_t at = 16;

	memset(message, 0, 512);
	message[0] = 'l';
	message[1] = 1;
	message[3] = 1;
	memcpy(message + 8, &serial, sizeof(serial));
	raw_field(message, &at, 1, 'o', BUS_SUPERVISOR_PATH);
	raw_field(message, &at, 2, 's', BUS_SUPERVISOR);
	raw_field(message, &at, 3, 's', method);
	fields = (uint32_t)at - 16;
	memcpy(message + 12, &fields, sizeof(fields));
	return (at + 7) & ~(size_t)7;
}

/* Says who we are, as D-Bus begins. */
static inline void raw_greet(int fd)
{
	static const char handshake[] = "\0AUTH ANONYMOUS\r\nDATA\r\nBEGIN\r\n";

	raw_write(fd, handshake, sizeof(handshake) - 1);
}
