/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message of sendmsg(2) with any control data, in pieces of any size: what is
 * read is no more than was there, and the descriptors in it are copies.
 *
 * The first bytes choose the pieces; the rest is data and control data.
 */
#include <unistd.h>

#include "fuzz.h"
#include "operation/message.h"

#define PIECES_MAX 4

struct input {
	const uint8_t *data;
	size_t size;
};

static size_t take(struct input *input, size_t most)
{
	if (input->size == 0)
		return 0;
	input->size--;
	return *input->data++ % (most + 1);
}

/* Any part of the input, or now and then where nothing is. */
static struct iovec take_piece(struct input *input)
{
	struct iovec piece = {(void *)(uintptr_t)input->data, 0};

	if (take(input, 31) == 31)
		piece.iov_base = NULL;
	piece.iov_len = take(input, 255);
	if (piece.iov_base && piece.iov_len > input->size)
		piece.iov_len = input->size;
	return piece;
}

static size_t length_of(const struct iovec *pieces, size_t count)
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++)
		length += pieces[i].iov_len;
	return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct iovec pieces[PIECES_MAX];
	const size_t count = take(&input, PIECES_MAX);
	struct message message = {0};
	struct msghdr header = {.msg_iov = pieces, .msg_iovlen = count};

	for (size_t i = 0; i < count; i++)
		pieces[i] = take_piece(&input);
	header.msg_control = (void *)(uintptr_t)input.data;
	header.msg_controllen = input.size;
	if (!message_read(&message, getpid(), &header, false)) {
		FUZZ_CHECK(message.length == length_of(pieces, count));
		FUZZ_CHECK(message.control_length == input.size);
		FUZZ_CHECK(message.fds_count <= MESSAGE_FDS_MAX);
		for (size_t i = 0; i < message.fds_count; i++)
			FUZZ_CHECK(message.fds[i] >= 0);
	}
	message_finish(&message);
	return 0;
}
