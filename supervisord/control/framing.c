/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Framing: where D-Bus messages begin and how long they are, so that one which
 * is too long is refused before memory is given to it.
 */
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "bus/names.h"
#include "control/gate.h"

#define HANDSHAKE_MAX 4096

static const char begin[] = "\r\nBEGIN\r\n";

static int feed_handshake(struct framing *framing, unsigned char byte)
{
	if (++framing->handshake > HANDSHAKE_MAX)
		return -EMSGSIZE;
	if (byte == (unsigned char)begin[framing->matched])
		framing->matched++;
	else
		framing->matched = byte == '\r';
	if (framing->matched == sizeof(begin) - 1)
		framing->state = FRAMING_HEADER;
	return 0;
}

static uint32_t number_at(const struct framing *framing, size_t offset)
{
	uint32_t number;

	memcpy(&number, framing->header + offset, sizeof(number));
	return framing->header[0] == 'l' ? le32toh(number) : be32toh(number);
}

/* The 16 bytes that every message starts with have been seen. */
static int start_message(struct framing *framing)
{
	const unsigned char order = framing->header[0];
	uint64_t fields, body;

	if (order != 'l' && order != 'B')
		return -EBADMSG;
	body = number_at(framing, 4);
	fields = number_at(framing, 12);
	fields = (fields + 7) & ~(uint64_t)7;
	if (fields + body > BUS_MESSAGE_MAX - sizeof(framing->header))
		return -EMSGSIZE;
	framing->rest = (size_t)(fields + body);
	framing->header_length = 0;
	framing->state = framing->rest ? FRAMING_BODY : FRAMING_HEADER;
	return 0;
}

int framing_feed(struct framing *framing, const unsigned char *bytes,
		 size_t length)
{
	int error = 0;

	for (size_t i = 0; !error && i < length;) {
		size_t taken = 1;

		switch (framing->state) {
		case FRAMING_HANDSHAKE:
			error = feed_handshake(framing, bytes[i]);
			break;
		case FRAMING_HEADER:
			framing->header[framing->header_length++] = bytes[i];
			if (framing->header_length == sizeof(framing->header))
				error = start_message(framing);
			break;
		case FRAMING_BODY:
			taken = length - i < framing->rest ? length - i
							   : framing->rest;
			framing->rest -= taken;
			if (framing->rest == 0)
				framing->state = FRAMING_HEADER;
			break;
		}
		i += taken;
	}
	return error;
}
