/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a question looks like with names of any bytes: no line is one that the
 * program made. The first byte is the width of the window; the rest is a name,
 * in every place where one may be.
 */
#include <stdio.h>

#include "agent/prompt.h"
#include "fuzz.h"

/* Every line has a mark, and is within the window. */
static size_t check_lines(const char *text, size_t columns)
{
	size_t lines = 0;

	for (; *text; lines++) {
		const size_t length = strcspn(text, "\n");
		size_t wide = 0;

		FUZZ_CHECK(strncmp(text, "-- ", 3) == 0 ||
			   strncmp(text, "| ", 2) == 0 ||
			   strncmp(text, "|> ", 3) == 0);
		for (size_t i = 0; i < length; i++) {
			const unsigned char byte = (unsigned char)text[i];

			FUZZ_CHECK(byte >= 0x20 && byte != 0x7f);
			wide += byte < 0x80 ? 1 : byte >= 0xc0 ? 2 : 0;
		}
		FUZZ_CHECK(wide < columns);
		FUZZ_CHECK(text[length] == '\n');
		text += length + 1;
	}
	return lines;
}

static size_t count(const char *text, const char *part)
{
	size_t number = 0;

	for (; (text = strstr(text, part)); text++)
		number++;
	return number;
}

/* The lines of ours are there once each, whatever the name. */
static void check_page(const char *text)
{
	FUZZ_CHECK(strncmp(text, "-- Landlord --\n", 15) == 0);
	FUZZ_CHECK(count(text, "\n-- ") == 0);
	FUZZ_CHECK(count(text, "\n| by ") <= 1);
	FUZZ_CHECK(count(text, "\n| because ") <= 1);
	FUZZ_CHECK(count(text, "\n| [d]eny") == 1);
	FUZZ_CHECK(count(text, "\n| * [1] ") <= 1);
}

static void check_prompt(const struct prompt *prompt, size_t columns)
{
	const struct prompt_window window = {.rows = 30, .columns = columns};
	char *text = NULL;

	if (prompt_page(prompt, &window, PROMPT_READY, &text) == 0) {
		FUZZ_CHECK(check_lines(text, columns) < window.rows);
		check_page(text);
		free(text);
	}
	text = prompt_explanation(prompt, columns);
	FUZZ_CHECK(text);
	check_lines(text, columns);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *const name = fuzz_string(data + (size > 0), size - (size > 0));
	const size_t columns = size > 0 ? 16 + data[0] % 120 : 80;
	struct request request = {.accesses_count = 1};
	const struct question question = {.app = name, .request = &request};
	const struct prompt_places places = {0};
	struct prompt *prompt;
	char *path;

	setenv("LC_ALL", size > 1 && data[1] & 1 ? "C" : "C.UTF-8", 1);
	FUZZ_CHECK(asprintf(&path, "/d/%s", name) > 0);
	request.operation = strdup("openat");
	request.subject.pid = 7;
	request.subject.exe = strdup(path);
	request.subject.comm = strdup(name);
	request.accesses[0].missing = RIGHT_FS_READ_FILE;
	if (object_init_path(&request.accesses[0].object, path) == 0 &&
	    prompt_new(&prompt, &question, &places) == 0) {
		check_prompt(prompt, columns);
		prompt_free(prompt);
	}
	request_finish(&request);
	free(path);
	free(name);
	return 0;
}
