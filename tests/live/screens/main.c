/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: screens tmux|xterm|console REPORT SEED COUNT [PRINTED]
 *
 * In a window of tmux or xterm, or as root on a console of the kernel's: writes
 * hostile and random output, and then what is written before a question, and a
 * question. Fails unless the question alone is on the screen; and unless, where
 * there is no doubt, the terminal's modes are those that were followed, before
 * the question and again after it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vt.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "screens.h"

#define WAIT_MS 4000

static const char question[] = "-- Landlord --\n| cat wants to\n|   read  /x\n"
			       "| to answer, press a key\n";
static const char lie[] = "\033[H-- Landlord --\r\n| ls wants to\r\n"
			  "|   list  /harmless\r\n| a lie\r\n";

int tty, console_number;
unsigned int rows;
const char *printed;
static FILE *report;
static const struct kind *kind;
static char what[64], output[4096];
static size_t output_length;

void fail(const char *format, ...)
{
	va_list arguments;

	fprintf(report, "failed: %s, %s: ", kind->name, what);
	va_start(arguments, format);
	vfprintf(report, format, arguments);
	va_end(arguments);
	fputs("\noutput:", report);
	for (size_t i = 0; i < output_length; i++)
		fprintf(report,
			output[i] > ' ' && output[i] < 0x7f ? "%c" : "\\%03o",
			(unsigned char)output[i]);
	fputc('\n', report);
	fclose(report);
	_exit(1);
}

void put(const char *bytes, size_t length)
{
	while (length > 0) {
		const ssize_t n = write(tty, bytes, length);

		if (n < 0 && errno != EINTR)
			fail("%s", strerror(errno));
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
}

void put_text(const char *text)
{
	put(text, strlen(text));
}

bool hear(char *ret, size_t size, const char *end)
{
	struct pollfd pollfd = {.fd = tty, .events = POLLIN};
	const size_t end_length = strlen(end);
	size_t length = 0;
	ssize_t n;

	do {
		if (poll(&pollfd, 1, WAIT_MS) != 1)
			return false;
		n = read(tty, ret + length, size - length - 1);
		if (n <= 0)
			fail("%s", strerror(errno));
		length += (size_t)n;
		ret[length] = '\0';
		if (length + 1 == size)
			length = 0;
	} while (length < end_length ||
		 strcmp(ret + length - end_length, end) != 0);
	return true;
}

static void compare(const struct screen *screen, const char *when)
{
	struct state state;

	for (size_t i = 0; i < SCREEN_MODES_; i++)
		state.modes[i] = -1;
	state.mouse = state.margins = -1;
	kind->ask(&state);
	for (size_t i = 0; i < SCREEN_MODES_; i++)
		if (state.modes[i] >= 0 && state.modes[i] != screen->modes[i])
			fail("%s, mode %zu is %d", when, i, state.modes[i]);
	if (state.mouse >= 0 && state.mouse != screen->mouse)
		fail("%s, the mouse is %d", when, state.mouse);
	if (state.margins > 0 && !screen->margins)
		fail("%s, there are margins", when);
}

/* Whether the screen shows the question, and nothing else. */
static void look(void)
{
	static char seen[65536];
	const char *at = seen, *line = question;

	kind->look(seen, sizeof(seen));
	for (; *line; line += strcspn(line, "\n") + 1) {
		const size_t length = strcspn(line, "\n");

		if (strncmp(at, line, length) != 0)
			fail("the screen shows: %s", seen);
		at += length + strspn(at + length, " \r");
		if (*at == '\n')
			at++;
	}
	if (at[strspn(at, " \r\n\f")])
		fail("the screen shows more: %s", seen);
}

static void write_lines(const char *text)
{
	for (; *text; text++)
		put(*text == '\n' ? "\r\n" : text, *text == '\n' ? 2 : 1);
}

static void try_output(void)
{
	struct screen screen = {0};
	char *text;

	/* Also out of what a reset does not end. */
	text = screen_prepare(&(const struct screen){.doubt = true}, 0);
	put_text(text);
	free(text);
	put_text("\033[<u\033[?2004l\033[?1046h\033[?1049l\033[64;1\"p\033c");
	put_text(lie);
	put(output, output_length);
	screen_follow(&screen, output, output_length);
	/* Asking ends what is open, which then is no question's business. */
	if (screen.state != SCREEN_TEXT)
		screen.doubt = true;
	if (!screen.doubt)
		compare(&screen, "before");
	text = screen_prepare(&screen, rows);
	write_lines(text);
	free(text);
	write_lines(question);
	look();
	text = screen_restore(&screen);
	put_text(text);
	free(text);
	if (!screen.doubt) {
		/* Margins are not put back. */
		screen.margins = false;
		compare(&screen, "afterwards");
	}
}

static void try_all(uint64_t seed, unsigned int count)
{
	unsigned int i;

	for (i = 0; hostile[i]; i++) {
		snprintf(what, sizeof(what), "hostile %u", i);
		output_length = strlen(hostile[i]);
		memcpy(output, hostile[i], output_length);
		try_output();
	}
	for (unsigned int j = 0; j < count; j++) {
		snprintf(what, sizeof(what), "random %u", j);
		output_length = random_output(&seed, output, 1000);
		try_output();
	}
	fprintf(report, "%s: %u hostile and %u random outputs\n", kind->name, i,
		count);
}

/* A console of the kernel's that nobody uses. */
static int open_console(void)
{
	const int any = open("/dev/tty0", O_RDWR | O_NOCTTY | O_CLOEXEC);
	char name[32];

	if (any < 0 || ioctl(any, VT_OPENQRY, &console_number) < 0 ||
	    console_number < 1)
		return -1;
	close(any);
	snprintf(name, sizeof(name), "/dev/tty%d", console_number);
	return open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static void set_up(void)
{
	struct winsize size;
	struct termios modes;

	tty = kind == &kind_console ? open_console()
				    : open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (tty < 0) {
		fprintf(report, "skipped: no %s\n", kind->name);
		exit(0);
	}
	tcgetattr(tty, &modes);
	cfmakeraw(&modes);
	tcsetattr(tty, TCSANOW, &modes);
	ioctl(tty, TIOCGWINSZ, &size);
	rows = size.ws_row;
}

int main(int argc, char *argv[])
{
	static const struct kind *const kinds[] = {&kind_tmux, &kind_xterm,
						   &kind_console};
	uint64_t seed;

	if (argc < 5 || !(report = fopen(argv[2], "we")))
		return 2;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(argv[1], kinds[i]->name) == 0)
			kind = kinds[i];
	if (!kind)
		return 2;
	seed = strtoull(argv[3], NULL, 10) | 1;
	fprintf(report, "seed %llu\n", (unsigned long long)seed);
	fflush(report);
	printed = argc > 5 ? argv[5] : NULL;
	set_up();
	try_all(seed, (unsigned int)atoi(argv[4]));
	return fclose(report) ? 1 : 0;
}
