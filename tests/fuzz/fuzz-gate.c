/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client behind the gate that sends pieces of any bytes, with descriptors and
 * other control data as it likes: what comes through is what it wrote until it
 * broke a rule, and no descriptor stays open.
 *
 * The input is pieces: a kind, a length, bytes.
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "control/gate.h"
#include "fill.h"

static bool refused;

static void on_refused(void *userdata, const char *why)
{
	(void)userdata;
	FUZZ_CHECK(!refused);
	FUZZ_CHECK(why && *why);
	refused = true;
}

/* The lowest number that is free: the same afterwards as before. */
static int lowest(void)
{
	const int fd = dup(STDIN_FILENO);

	close(fd);
	return fd;
}

/* What kind of control data goes with a piece. */
static ssize_t send_piece(int fd, unsigned int kind, const uint8_t *bytes,
			  size_t length)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(8 * sizeof(int))];
	} control = {0};
	struct iovec vector = {(void *)(uintptr_t)bytes, length};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
	const struct ucred own = {getpid(), getuid(), getgid()};
	const int fds[8] = {0, 1, 2, 0, 1, 2, 0, 1};
	const size_t count = kind % 8 + 1;

	if (kind % 3) {
		message.msg_control = control.bytes;
		control.header.cmsg_level = SOL_SOCKET;
	}
	if (kind % 3 == 1) {
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
	} else if (kind % 3 == 2) {
		control.header.cmsg_type = SCM_CREDENTIALS;
		control.header.cmsg_len = CMSG_LEN(sizeof(own));
		message.msg_controllen = CMSG_SPACE(sizeof(own));
		memcpy(CMSG_DATA(&control.header), &own, sizeof(own));
	}
	return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Returns: how many bytes have come through, as they were written. */
static size_t check_inner(int inner, const uint8_t *written, size_t length)
{
	static uint8_t bytes[65536];
	const ssize_t n = recv(inner, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n <= 0)
		return 0;
	FUZZ_CHECK((size_t)n <= length);
	FUZZ_CHECK(memcmp(bytes, written, (size_t)n) == 0);
	return (size_t)n;
}

static void run(struct event_base *loop, struct input *input)
{
	static uint8_t written[65536];
	size_t length = 0, through = 0;
	struct peer peer = PEER_INIT;
	struct gate *gate;
	int pair[2], inner, on = 1;

	FUZZ_CHECK(socketpair(AF_UNIX,
			      SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
			      pair) == 0);
	FUZZ_CHECK(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on,
			      sizeof(on)) == 0);
	FUZZ_CHECK(peer_identify(pair[1], &peer) == 0);
	refused = false;
	FUZZ_CHECK(gate_new(&gate, loop, pair[1], &peer, &inner, on_refused,
			    NULL) == 0);
	while (input->size > 2 && !refused && length < sizeof(written) / 2) {
		const unsigned int kind = (unsigned int)take(input, 1);
		size_t piece = take(input, 1) + 1;
		ssize_t n;

		if (piece > input->size)
			piece = input->size;
		n = send_piece(pair[0], kind, input->data, piece);
		if (n > 0) {
			memcpy(written + length, input->data, (size_t)n);
			length += (size_t)n;
		}
		input->data += piece;
		input->size -= piece;
		event_base_loop(loop, EVLOOP_NONBLOCK);
		through +=
			check_inner(inner, written + through, length - through);
		FUZZ_CHECK(n <= 0 || kind % 3 != 1 || refused);
	}
	FUZZ_CHECK(refused || through == length);
	gate_free(gate);
	close(inner);
	close(pair[0]);
	peer_finish(&peer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct event_base *loop;
	struct input input = {data, size};
	int free_number;

	if (!loop) {
		loop = event_base_new();
		FUZZ_CHECK(loop);
	}
	free_number = lowest();
	run(loop, &input);
	FUZZ_CHECK(lowest() == free_number);
	return 0;
}
