/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of agent/terminal.h: a person (the test) at a pseudo-terminal, on its
 * other side a monitor (a child) that relays to a program of its own.
 */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "agent/terminal.h"
#include "ask.h"
#include "unit.h"

#define WAIT_MS 10000

/* The monitor's side */

struct monitor {
	struct event_base *loop;
	struct terminal *terminal;
	struct answered answered;
	pid_t program;
	int orders, reports;
	sigset_t mask; /* of whoever started it: the program's */
};

static void report(const struct monitor *monitor, const char *text)
{
	dprintf(monitor->reports, "%s\n", text);
}

static void on_decide(void *userdata, uint64_t id,
		      const struct decision *decision)
{
	struct monitor *const monitor = userdata;

	answered_events.decide(&monitor->answered, id, decision);
	report(monitor, monitor->answered.text);
}

static void on_gone(void *userdata, struct agent *agent)
{
	(void)agent;
	report(userdata, "gone");
}

static const struct agent_events monitor_events = {
	.decide = on_decide,
	.gone = on_gone,
};

static void put_question(struct monitor *monitor)
{
	struct request request = {0};

	ask_subject(&request);
	ask_path(&request, "/home/u/notes", RIGHT_FS_READ_FILE);
	ask(terminal_agent(monitor->terminal), 1, &request);
	request_finish(&request);
}

/* One letter of the test: what the monitor shall do. */
static void on_order(evutil_socket_t fd, short what, void *userdata)
{
	struct monitor *const monitor = userdata;
	char order;

	(void)what;
	if (read(fd, &order, 1) != 1)
		_exit(9);
	switch (order) {
	case 'q':
		put_question(monitor);
		break;
	case 'w':
		agent_withdraw(terminal_agent(monitor->terminal), 1);
		break;
	case 'z':
		terminal_suspend(monitor->terminal);
		break;
	case 'r':
		terminal_resume(monitor->terminal);
		break;
	case 'x':
		exit(3);
	}
	report(monitor, "done");
}

static void on_child(evutil_socket_t fd, short what, void *userdata)
{
	struct monitor *const monitor = userdata;

	(void)fd;
	(void)what;
	if (waitpid(monitor->program, NULL, WNOHANG) == monitor->program)
		event_base_loopbreak(monitor->loop);
}

static pid_t start_program(const struct monitor *monitor, const char *script)
{
	const int slave = terminal_slave(monitor->terminal);
	const pid_t pid = fork();

	if (pid)
		return pid;
	sigprocmask(SIG_SETMASK, &monitor->mask, NULL);
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	dup2(slave, 0);
	dup2(slave, 1);
	dup2(slave, 2);
	execl("/bin/sh", "sh", "-c", script, NULL);
	_exit(127);
}

static void run_monitor(int tty, int orders, int reports, const char *script)
{
	struct monitor monitor = {.orders = orders, .reports = reports};
	struct event *order, *child;

	/* Check's own handlers, which would end the whole test. */
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	setsid();
	ioctl(tty, TIOCSCTTY, 0);
	sigprocmask(SIG_SETMASK, NULL, &monitor.mask);
	monitor.loop = event_base_new();
	if (terminal_new(&monitor.terminal, monitor.loop, tty))
		_exit(8);
	terminal_agent(monitor.terminal)->events = &monitor_events;
	terminal_agent(monitor.terminal)->userdata = &monitor;
	order = event_new(monitor.loop, orders, EV_READ | EV_PERSIST, on_order,
			  &monitor);
	child = evsignal_new(monitor.loop, SIGCHLD, on_child, &monitor);
	event_add(order, NULL);
	event_add(child, NULL);
	monitor.program = start_program(&monitor, script);
	terminal_close_slave(monitor.terminal);
	if (terminal_resume(monitor.terminal))
		_exit(7);
	report(&monitor, "ready");
	event_base_dispatch(monitor.loop);
	terminal_free(monitor.terminal);
	event_free(order);
	event_free(child);
	event_base_free(monitor.loop);
	exit(0);
}

/* The person's side */

static int person = -1, tty = -1, orders = -1, reports = -1;
static pid_t monitor_pid;
static struct termios found;
static char seen[65536];
static size_t seen_length;

static void start(const char *script)
{
	const struct winsize size = {.ws_row = 33, .ws_col = 77};
	const struct rlimit no_core = {0};
	int to[2], from[2];

	person = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	ck_assert_int_eq(grantpt(person), 0);
	ck_assert_int_eq(unlockpt(person), 0);
	tty = open(ptsname(person), O_RDWR | O_NOCTTY);
	ck_assert_int_ge(tty, 0);
	ioctl(person, TIOCSWINSZ, &size);
	tcgetattr(tty, &found);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(from, O_CLOEXEC), 0);
	setrlimit(RLIMIT_CORE, &no_core);
	seen_length = 0;
	seen[0] = '\0';
	monitor_pid = fork();
	if (monitor_pid == 0) {
		close(person);
		close(to[1]);
		close(from[0]);
		run_monitor(tty, to[0], from[1], script);
	}
	close(to[0]);
	close(from[1]);
	orders = to[1];
	reports = from[0];
}

/* Adds what the terminal was given meanwhile. */
static void read_seen(void)
{
	ssize_t n;

	ck_assert_uint_lt(seen_length + 1, sizeof(seen));
	n = read(person, seen + seen_length, sizeof(seen) - seen_length - 1);
	ck_assert_msg(n > 0, "the end: %s", seen);
	seen_length += (size_t)n;
	seen[seen_length] = '\0';
}

/* Reads what the terminal shows until it shows @text. */
static void await_text(const char *text)
{
	struct pollfd pollfd = {.fd = person, .events = POLLIN};

	while (!strstr(seen, text)) {
		ck_assert_msg(poll(&pollfd, 1, WAIT_MS) == 1,
			      "waited for \"%s\" in: %s", text, seen);
		read_seen();
	}
}

static void await_report(const char *expected)
{
	struct pollfd pollfd = {.fd = reports, .events = POLLIN};
	char line[128];
	size_t length = 0;

	do {
		ck_assert_msg(poll(&pollfd, 1, WAIT_MS) == 1, "no \"%s\"",
			      expected);
		ck_assert_int_eq(read(reports, line + length, 1), 1);
	} while (line[length++] != '\n');
	line[length - 1] = '\0';
	ck_assert_str_eq(line, expected);
}

static void order(char letter)
{
	ck_assert_int_eq(write(orders, &letter, 1), 1);
	await_report("done");
}

static void type(const char *keys)
{
	ck_assert_int_eq(write(person, keys, strlen(keys)),
			 (ssize_t)strlen(keys));
}

/* Waits until the last question that was written says @text. */
static void await_page(const char *text)
{
	struct pollfd pollfd = {.fd = person, .events = POLLIN};
	const char *page = seen, *next;

	for (;;) {
		while ((next = strstr(page, "-- Landlord --\r")))
			page = next + 1;
		if (strstr(page, text))
			return;
		ck_assert_msg(poll(&pollfd, 1, WAIT_MS) == 1,
			      "waited for \"%s\" in: %s", text, page);
		read_seen();
	}
}

/* Answers as the question says it, and takes the monitor's report. */
static void press(const char *key, const char *answer)
{
	await_page("press Ctrl-]");
	type("\035");
	await_page("Which one?");
	/* Right after another key it would be none. */
	usleep(50000);
	type(key);
	await_report(answer);
}

static bool is_restored(void)
{
	struct termios now;

	tcgetattr(tty, &now);
	return now.c_iflag == found.c_iflag && now.c_oflag == found.c_oflag &&
	       now.c_lflag == found.c_lflag && now.c_cflag == found.c_cflag;
}

static int wait_monitor(void)
{
	int status;

	ck_assert_int_eq(waitpid(monitor_pid, &status, 0), monitor_pid);
	close(orders);
	close(reports);
	return status;
}

static void finish(void)
{
	close(tty);
	close(person);
}

START_TEST(relays)
{
	start("stty size; read x; echo got-$x; test -t 2 && echo a-tty");
	await_report("ready");
	await_text("33 77");
	ck_assert(!is_restored());
	type("hello\r");
	await_text("got-hello");
	await_text("a-tty\r\n");
	ck_assert_int_eq(wait_monitor(), 0);
	ck_assert(is_restored());
	finish();
}
END_TEST

START_TEST(last_words_are_shown)
{
	start("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; "
	      "printf last-words");
	await_text("last-words");
	ck_assert_int_eq(wait_monitor(), 0);
	finish();
}
END_TEST

START_TEST(resize_and_interrupt)
{
	const struct winsize size = {.ws_row = 20, .ws_col = 50};

	start("trap 'stty size' WINCH; trap 'echo interrupted; exit' INT; "
	      "echo ready-now; while :; do read x || :; done");
	await_text("ready-now");
	ioctl(person, TIOCSWINSZ, &size);
	await_text("20 50");
	type("\003");
	await_text("interrupted");
	ck_assert_int_eq(wait_monitor(), 0);
	finish();
}
END_TEST

START_TEST(question)
{
	start("echo begun; while read x; do echo got-$x; done");
	await_report("ready");
	await_text("begun");
	order('q');
	await_text("/home/u/notes");
	await_text("explains");
	/* Typed while the question is open: neither answers nor arrives. */
	type("xyz\r");
	press("s", "allow:session");
	await_text("answered: allow for this session");
	type("after\r");
	await_text("got-after");
	ck_assert_ptr_null(strstr(seen, "xyz"));
	order('q');
	await_page("explains\r\n");
	order('w');
	await_text("no longer asked");
	type("\004");
	ck_assert_int_eq(wait_monitor(), 0);
	ck_assert(is_restored());
	finish();
}
END_TEST

START_TEST(output_is_held)
{
	start("echo begun; read x; echo early; exec >&-; read x");
	await_report("ready");
	await_text("begun");
	type("go");
	order('q');
	await_text("explains");
	ck_assert_ptr_null(strstr(seen, "early"));
	/* Not ^C, of which the program would end, and then the monitor. */
	press("d", "deny:once");
	await_text("answered: deny once");
	kill(monitor_pid, SIGTERM);
	ck_assert_int_eq(WTERMSIG(wait_monitor()), SIGTERM);
	ck_assert(is_restored());
	finish();
}
END_TEST

START_TEST(restored_after_signals)
{
	static const int signals[] = {SIGTERM, SIGHUP,	SIGINT,
				      SIGQUIT, SIGPIPE, SIGUSR1};

	start("echo begun; read x");
	await_report("ready");
	await_text("begun");
	ck_assert(!is_restored());
	kill(monitor_pid, signals[_i]);
	ck_assert_int_eq(WTERMSIG(wait_monitor()), signals[_i]);
	ck_assert(is_restored());
	finish();
}
END_TEST

START_TEST(restored_by_exit)
{
	char letter = 'x';

	start("echo begun; read x");
	await_report("ready");
	await_text("begun");
	ck_assert_int_eq(write(orders, &letter, 1), 1);
	ck_assert_int_eq(WEXITSTATUS(wait_monitor()), 3);
	ck_assert(is_restored());
	finish();
}
END_TEST

START_TEST(suspend)
{
	start("echo begun; read x; echo got-$x");
	await_report("ready");
	await_text("begun");
	order('q');
	await_text("explains");
	order('z');
	ck_assert(is_restored());
	order('r');
	ck_assert(!is_restored());
	press("o", "allow:once");
	await_text("answered: allow once");
	type("hi\r");
	await_text("got-hi");
	ck_assert_int_eq(wait_monitor(), 0);
	finish();
}
END_TEST

START_TEST(stop_signal)
{
	int status;

	start("echo begun; read x");
	await_report("ready");
	await_text("begun");
	kill(monitor_pid, SIGTSTP);
	/* Orphaned process groups do not stop at SIGTSTP: a session leader's
	 * without a parent in the session is one; it goes on in raw mode. */
	order('r');
	ck_assert(!is_restored());
	type("hi\r");
	ck_assert_int_eq(waitpid(monitor_pid, &status, 0), monitor_pid);
	ck_assert(is_restored());
	finish();
}
END_TEST

START_TEST(hang_up)
{
	start("trap 'exit 5' HUP; echo begun; while :; do read x || :; done");
	await_report("ready");
	await_text("begun");
	order('q');
	await_text("explains");
	close(tty);
	close(person);
	/* The kernel sends the monitor a SIGHUP: it is the session leader. */
	ck_assert_int_eq(WTERMSIG(wait_monitor()), SIGHUP);
}
END_TEST

int main(void)
{
	TCase *const tcase = tcase_create("terminal");

	tcase_add_test(tcase, relays);
	tcase_add_test(tcase, last_words_are_shown);
	tcase_add_test(tcase, resize_and_interrupt);
	tcase_add_test(tcase, question);
	tcase_add_test(tcase, output_is_held);
	tcase_add_loop_test(tcase, restored_after_signals, 0, 6);
	tcase_add_test(tcase, restored_by_exit);
	tcase_add_test(tcase, suspend);
	tcase_add_test(tcase, stop_signal);
	tcase_add_test(tcase, hang_up);
	tcase_set_timeout(tcase, 30);
	return unit_run_case("terminal", tcase);
}
