/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The gate: stands between a client's socket and sd-bus, and lets only bytes
 * through that the process which connected has written itself.
 *
 * A descriptor can be handed on: by fork, over a socket, through pidfd_getfd.
 * A supervised program that got hold of a control connection could answer its
 * own question on it. So every read asks the kernel who wrote those bytes
 * (SCM_CREDENTIALS, which the kernel fills in at the time of the write, and it
 * never merges the bytes of two writers into one read), and the connection
 * ends at the first byte of anybody else. A reused pid does not help: the pid
 * is only compared while a pidfd says that its owner, who has held it since
 * connect(2), is alive.
 *
 * The gate also bounds what sd-bus would not: the length of a message, and the
 * time a client may take for the handshake. Descriptors are not let through.
 */
#pragma once

#include <event2/event.h>
#include <sys/types.h>

#include "control/peer.h"

struct gate;

/*
 * @client: the connection; owned from then on, but not after a failure
 * @peer: the process that connected; its pidfd is borrowed
 * @ret_inner: the descriptor for sd-bus; the caller owns it
 * @refused: the client broke the rules; called from the loop, once
 * Returns: 0, or a negative errno.
 */
int gate_new(struct gate **ret, struct event_base *loop, int client,
	     const struct peer *peer, int *ret_inner,
	     void (*refused)(void *userdata, const char *why), void *userdata);

/* Gives the connection back to the caller, for gate_free(). Takes NULL. */
void gate_disown(struct gate *gate);

/* Takes NULL; always returns NULL. */
struct gate *gate_free(struct gate *gate);

/* How much of the stream of messages the gate has understood; pure. */
struct framing {
	enum framing_state {
		FRAMING_HANDSHAKE,
		FRAMING_HEADER,
		FRAMING_BODY,
	} state;
	size_t handshake;     /* bytes seen of it */
	unsigned int matched; /* of "\r\nBEGIN\r\n" */
	unsigned char header[16];
	size_t header_length;
	size_t rest; /* bytes of the message still to come */
};

/*
 * Follows @length more bytes.
 * Returns: 0, -EMSGSIZE or -EBADMSG: they must not reach sd-bus.
 */
int framing_feed(struct framing *framing, const unsigned char *bytes,
		 size_t length);
