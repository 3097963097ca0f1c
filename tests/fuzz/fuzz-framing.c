/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stream is understood the same, however it is cut into pieces. */
#include "control/gate.h"
#include "fuzz.h"

static int feed_by(struct framing *framing, const uint8_t *data, size_t size,
		   size_t piece)
{
	int error = 0;

	for (size_t at = 0; error == 0 && at < size; at += piece)
		error = framing_feed(framing, data + at,
				     size - at < piece ? size - at : piece);
	return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t pieces[] = {1, 3, 16, 17};
	struct framing whole = {0};
	const int error = framing_feed(&whole, data, size);

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct framing cut = {0};

		FUZZ_CHECK(feed_by(&cut, data, size, pieces[i]) == error);
		if (error < 0)
			continue;
		FUZZ_CHECK(cut.state == whole.state);
		FUZZ_CHECK(cut.rest == whole.rest);
		FUZZ_CHECK(cut.header_length == whole.header_length);
		FUZZ_CHECK(cut.matched == whole.matched);
	}
	return 0;
}
