/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Terminals that can be asked. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "screens.h"

/* Asks until there is an answer: while xterm prints it loses some. */
static void ask_for(const char *question, const char *end, char *ret,
		    size_t size)
{
	for (int i = 0; i < 5; i++) {
		put_text(question);
		if (hear(ret, size, end))
			return;
	}
	fail("the terminal does not answer");
}

/* Ends what is open, and asks for what every terminal answers. */
static void wait_done(void)
{
	char answer[4096];

	ask_for("\030\033[c", "c", answer, sizeof(answer));
}

static void tmux(const char *arguments, char *ret, size_t size)
{
	char command[1024];
	FILE *out;
	size_t length;

	snprintf(command, sizeof(command), "tmux -S \"${TMUX%%%%,*}\" %s",
		 arguments);
	out = popen(command, "r");
	if (!out)
		fail("tmux");
	length = fread(ret, 1, size - 1, out);
	ret[length] = '\0';
	if (pclose(out))
		fail("tmux %s", arguments);
}

static void ask_tmux(struct state *ret)
{
	char answer[256];
	int alternate, cursor, insert, arrows, keypad, origin, wrap, standard,
		button, all, upper, lower;

	wait_done();
	tmux("display-message -p -t \"$TMUX_PANE\" '#{alternate_on} "
	     "#{cursor_flag} #{insert_flag} #{keypad_cursor_flag} "
	     "#{keypad_flag} #{origin_flag} #{wrap_flag} "
	     "#{mouse_standard_flag} #{mouse_button_flag} #{mouse_all_flag} "
	     "#{scroll_region_upper} #{scroll_region_lower}'",
	     answer, sizeof(answer));
	if (sscanf(answer, "%d %d %d %d %d %d %d %d %d %d %d %d", &alternate,
		   &cursor, &insert, &arrows, &keypad, &origin, &wrap,
		   &standard, &button, &all, &upper, &lower) != 12)
		fail("tmux says %s", answer);
	ret->modes[SCREEN_ALTERNATE] = alternate;
	ret->modes[SCREEN_HIDDEN] = !cursor;
	ret->modes[SCREEN_INSERT] = insert;
	ret->modes[SCREEN_ARROWS] = arrows;
	ret->modes[SCREEN_KEYPAD] = keypad;
	ret->modes[SCREEN_ORIGIN] = origin;
	ret->modes[SCREEN_NO_WRAP] = !wrap;
	ret->mouse = standard ? 1000 : button ? 1002 : all ? 1003 : 0;
	ret->margins = upper != 0 || lower != (int)rows - 1;
}

static void look_tmux(char *ret, size_t size)
{
	wait_done();
	tmux("capture-pane -p -t \"$TMUX_PANE\"", ret, size);
}

const struct kind kind_tmux = {
	.name = "tmux",
	.ask = ask_tmux,
	.look = look_tmux,
};

/* DECRQM: 1 or 3 is set, 2 or 4 reset, 0 unknown. */
static int request_mode(const char *prefix, int number)
{
	char question[32], answer[4096];
	const char *at;
	int got, value = 0;

	snprintf(question, sizeof(question), "\033[%s%d$p", prefix, number);
	ask_for(question, "$y", answer, sizeof(answer));
	at = strrchr(answer, '[');
	if (!at ||
	    sscanf(at + 1 + strlen(prefix), "%d;%d", &got, &value) != 2 ||
	    got != number)
		fail("mode %s%d: %s", prefix, number, answer);
	return value == 0 ? -1 : value & 1;
}

static void ask_xterm(struct state *ret)
{
	static const struct {
		enum screen_mode mode;
		const char *prefix;
		int number;
		bool inverted;
	} modes[] = {
		{SCREEN_INSERT, "", 4, false},
		{SCREEN_NEWLINE, "", 20, false},
		{SCREEN_ARROWS, "?", 1, false},
		{SCREEN_REVERSE, "?", 5, false},
		{SCREEN_ORIGIN, "?", 6, false},
		{SCREEN_NO_WRAP, "?", 7, true},
		{SCREEN_HIDDEN, "?", 25, true},
		{SCREEN_ALTERNATE, "?", 1049, false},
		{SCREEN_KEYPAD, "?", 66, false},
		{SCREEN_SIDES, "?", 69, false},
		{SCREEN_FOCUS, "?", 1004, false},
		{SCREEN_BRACKETS, "?", 2004, false},
	};
	static const int mice[] = {9, 1000, 1001, 1002, 1003};

	wait_done();
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		const int set = request_mode(modes[i].prefix, modes[i].number);

		if (set >= 0)
			ret->modes[modes[i].mode] = set != modes[i].inverted;
	}
	ret->mouse = 0;
	for (size_t i = 0; i < sizeof(mice) / sizeof(mice[0]); i++)
		if (request_mode("?", mice[i]) == 1)
			ret->mouse = mice[i];
}

/* Whether a whole screen was printed: the end of it is a form feed. */
static bool read_printed(char *ret, size_t size)
{
	FILE *const in = fopen(printed, "re");
	const size_t length = in ? fread(ret, 1, size - 1, in) : 0;

	if (in)
		fclose(in);
	ret[length] = '\0';
	return strchr(ret, '\f');
}

/*
 * It prints its screen to a file; what it was made to print before may come in
 * between.
 */
static void look_xterm(char *ret, size_t size)
{
	wait_done();
	for (int i = 0; i < 2000; i++) {
		if (i % 200 == 0) {
			unlink(printed);
			put_text("\033[i");
			wait_done();
		}
		if (read_printed(ret, size))
			return;
		usleep(5000);
	}
	fail("xterm prints nothing");
}

const struct kind kind_xterm = {
	.name = "xterm",
	.ask = ask_xterm,
	.look = look_xterm,
};

/* The kernel's console says nothing of its modes, and shows its cells. */
static void ask_console(struct state *ret)
{
	(void)ret;
	wait_done();
}

static void look_console(char *ret, size_t size)
{
	char name[32], cells[65536];
	size_t columns, length = 0;
	ssize_t n;
	int fd;

	wait_done();
	snprintf(name, sizeof(name), "/dev/vcs%d", console_number);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	n = read(fd, cells, sizeof(cells));
	close(fd);
	if (n <= 0)
		fail("%s", name);
	columns = (size_t)n / rows;
	for (size_t row = 0; row < rows; row++) {
		size_t end = columns;

		while (end > 0 && cells[row * columns + end - 1] == ' ')
			end--;
		if (length + end + 2 > size)
			break;
		memcpy(ret + length, cells + row * columns, end);
		length += end;
		ret[length++] = '\n';
	}
	ret[length] = '\0';
}

const struct kind kind_console = {
	.name = "console",
	.ask = ask_console,
	.look = look_console,
};
