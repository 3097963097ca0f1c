/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "bus/names.h"
#include "control/gate.h"
#include "unit.h"

static const char handshake[] = "\0AUTH ANONYMOUS\r\nDATA\r\nBEGIN\r\n";

static int feed(struct framing *framing, const void *bytes, size_t length)
{
	return framing_feed(framing, bytes, length);
}

static void begin(struct framing *framing)
{
	*framing = (struct framing){0};
	ck_assert_int_eq(feed(framing, handshake, sizeof(handshake) - 1), 0);
	ck_assert_int_eq(framing->state, FRAMING_HEADER);
}

static void header(unsigned char ret[16], char order, uint32_t body,
		   uint32_t fields)
{
	memset(ret, 0, 16);
	ret[0] = (unsigned char)order;
	for (int i = 0; i < 4; i++) {
		const int at = order == 'l' ? i : 3 - i;

		ret[4 + at] = (unsigned char)(body >> (8 * i));
		ret[12 + at] = (unsigned char)(fields >> (8 * i));
	}
}

START_TEST(follows_messages_of_any_cut)
{
	unsigned char stream[3 * (16 + 8 + 5)];
	size_t length = 0;

	for (int i = 0; i < 3; i++) {
		header(stream + length, i % 2 ? 'B' : 'l', 5, 3);
		memset(stream + length + 16, 'l', 13);
		length += 29;
	}
	for (size_t cut = 1; cut < length; cut++) {
		struct framing framing;

		begin(&framing);
		for (size_t at = 0; at < length; at += cut)
			ck_assert_int_eq(
				feed(&framing, stream + at,
				     at + cut < length ? cut : length - at),
				0);
		ck_assert_int_eq(framing.state, FRAMING_HEADER);
		ck_assert_uint_eq(framing.header_length, 0);
	}
}
END_TEST

START_TEST(refuses_what_is_too_long)
{
	static const uint32_t bad[][2] = {
		{BUS_MESSAGE_MAX, 0}, {0, BUS_MESSAGE_MAX},	{UINT32_MAX, 8},
		{8, UINT32_MAX},      {UINT32_MAX, UINT32_MAX},
	};
	unsigned char bytes[16];
	struct framing framing;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin(&framing);
		header(bytes, i % 2 ? 'l' : 'B', bad[i][0], bad[i][1]);
		ck_assert_int_eq(feed(&framing, bytes, 16), -EMSGSIZE);
	}
	begin(&framing);
	header(bytes, 'l', BUS_MESSAGE_MAX - 16, 0);
	ck_assert_int_eq(feed(&framing, bytes, 16), 0);
	begin(&framing);
	header(bytes, 'x', 0, 0);
	ck_assert_int_eq(feed(&framing, bytes, 16), -EBADMSG);
}
END_TEST

START_TEST(refuses_an_endless_handshake)
{
	struct framing framing = {0};
	int error = 0;

	for (int i = 0; i < 100000 && error == 0; i++)
		error = feed(&framing, "A", 1);
	ck_assert_int_eq(error, -EMSGSIZE);
}
END_TEST

UNIT_MAIN("framing", follows_messages_of_any_cut, refuses_what_is_too_long,
	  refuses_an_endless_handshake);
