/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys that answer a question. The input is a list of reads: a byte for the
 * time that passes before it, a byte for its length, and its bytes. An answer
 * other than "deny once" needs Ctrl-] as a read of its own (or as a sequence)
 * after a second without any; one that lasts needs Enter after that.
 */
#include <event2/event.h>

#include "agent/dialog.h"
#include "agent/keys.h"
#include "fuzz.h"

static int64_t clock_ms = 1000000;
static struct event_base *loop;
static bool opened; /* Ctrl-] was pressed as it has to be */
static bool entered;

static int64_t read_clock(void)
{
	return clock_ms;
}

static int screen_open(void *userdata)
{
	(void)userdata;
	return 0;
}

static void screen_size(void *userdata, size_t *rows, size_t *columns)
{
	(void)userdata;
	*rows = 24;
	*columns = 80;
}

static void screen_write(void *userdata, const char *text)
{
	(void)userdata;
	FUZZ_CHECK(text);
}

static void screen_nothing(void *userdata)
{
	(void)userdata;
}

static const struct dialog_screen screen = {
	.open = screen_open,
	.size = screen_size,
	.clear = screen_nothing,
	.write = screen_write,
	.drop_input = screen_nothing,
	.close = screen_nothing,
};

static void on_decide(void *userdata, uint64_t id,
		      const struct decision *decision)
{
	(void)userdata;
	(void)id;
	if (decision->outcome == OUTCOME_DENY &&
	    decision->lifetime == LIFETIME_ONCE)
		return;
	FUZZ_CHECK(opened);
	FUZZ_CHECK(entered || (decision->lifetime != LIFETIME_ALWAYS &&
			       !decision->beneath));
}

static const struct agent_events events = {.decide = on_decide};

static void put(struct dialog *dialog, uint64_t id)
{
	struct request request = {.accesses_count = 1};
	const struct question question = {.id = id, .request = &request};

	FUZZ_CHECK(object_init_path(&request.accesses[0].object, "/tmp/x/y") ==
		   0);
	request.accesses[0].missing = RIGHT_FS_READ_FILE;
	FUZZ_CHECK(dialog_ask(dialog, &question) == 0);
	request_finish(&request);
	opened = entered = false;
}

static void feed(struct dialog *dialog, const uint8_t *data, size_t size)
{
	while (size >= 2) {
		const int64_t pause = data[0] * 10;
		size_t length = data[1] % 16;
		const char *const bytes = (const char *)data + 2;

		size -= 2;
		if (length > size)
			length = size;
		if (length > 0) {
			clock_ms += pause;
			if (pause >= 1000 &&
			    (*bytes == KEY_ATTENTION || *bytes == '\033'))
				opened = true;
			if (*bytes == '\r' || *bytes == '\n' ||
			    *bytes == '\033')
				entered = opened;
			dialog_input(dialog, bytes, length);
			if (dialog_count(dialog) == 0) {
				put(dialog, 1);
				event_base_loop(loop, EVLOOP_NONBLOCK);
			}
		}
		data += 2 + length;
		size -= length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct agent agent = {.events = &events};
	struct dialog *dialog;

	if (!loop)
		loop = event_base_new();
	FUZZ_CHECK(loop &&
		   dialog_new(&dialog, loop, &agent, &screen, NULL) == 0);
	dialog_set_clock(dialog, read_clock);
	put(dialog, 1);
	event_base_loop(loop, EVLOOP_NONBLOCK);
	feed(dialog, data, size);
	dialog_free(dialog);
	return 0;
}
