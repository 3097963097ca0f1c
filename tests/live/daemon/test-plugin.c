/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlordd with policy plugins: a shared object (plugins/sample.c), which also
 * tries what the daemon's own confinement leaves it, and a script
 * (plugins/helper).
 */
#include <fcntl.h>

#include "fixture.h"
#include "unit.h"

static struct monitor monitor;

static void open_with(const char *option, const char *plugin, int timeout)
{
	const char *const options[] = {"--no-confine", option, plugin, NULL};

	open_home();
	start_daemon_with(options);
	ck_assert_int_eq(open_monitor(&monitor, "app", timeout, false), 0);
}

static void close_all(void)
{
	close_monitor(&monitor);
	close_world();
}

/* Returns: 1 + enum answer. */
static int answer_to(const char *path)
{
	const uint64_t id = ask(&monitor, path);

	WORLD_UNTIL(loop, monitor.engine.answers[id]);
	return monitor.engine.answers[id];
}

START_TEST(a_shared_object_decides)
{
	open_with("--plugin", SAMPLE_PLUGIN, 60);
	ck_assert_int_eq(answer_to("/now"), 1 + ANSWER_ALLOW_ONCE);
	ck_assert_int_eq(answer_to("/later"), 1 + ANSWER_RETRY);
	ck_assert(engine_allows(&monitor.engine, "/later"));
	/* It passes, and nobody else is there. */
	ck_assert_int_eq(answer_to("/other"), 1 + ANSWER_DENY);
	close_all();
}
END_TEST

/* A program whose own agent allows all that it is asked. */
static struct monitor easy;

static void open_easy(void)
{
	ck_assert_int_eq(open_monitor(&easy, "easy", 60, true), 0);
	easy.own.answer = "allow";
}

static int easy_answer_to(const char *path)
{
	const uint64_t id = ask(&easy, path);

	WORLD_UNTIL(loop, easy.engine.answers[id]);
	return easy.engine.answers[id];
}

/* It might have refused: nobody else is asked. */
START_TEST(a_plugin_that_talks_nonsense_denies)
{
	open_with("--plugin", SAMPLE_PLUGIN, 60);
	open_easy();
	ck_assert_int_eq(easy_answer_to("/other"), 1 + ANSWER_ALLOW_ONCE);
	ck_assert_int_eq(easy_answer_to("/nonsense"), 1 + ANSWER_DENY);
	ck_assert_int_eq(easy_answer_to("/verdict"), 1 + ANSWER_DENY);
	ck_assert_uint_eq(easy.own.asked, 1);
	close_monitor(&easy);
	close_all();
}
END_TEST

START_TEST(a_script_that_fails_denies)
{
	open_with("--exec", HELPER_PLUGIN, 60);
	open_easy();
	ck_assert_int_eq(easy_answer_to("/other"), 1 + ANSWER_ALLOW_ONCE);
	ck_assert_int_eq(easy_answer_to("/ends"), 1 + ANSWER_DENY);
	/* Nor while it is not started again. */
	ck_assert_uint_eq(easy.own.asked, 1);
	close_monitor(&easy);
	close_all();
}
END_TEST

/* Neither an earlier question nor a later one is answered by it. */
START_TEST(a_script_that_answers_what_it_was_not_asked_denies)
{
	open_with("--exec", HELPER_PLUGIN, 60);
	open_easy();
	ck_assert_int_eq(easy_answer_to("/others"), 1 + ANSWER_DENY);
	ck_assert_int_eq(easy_answer_to("/refused"), 1 + ANSWER_DENY);
	ck_assert(!engine_allows(&easy.engine, "/others"));
	ck_assert(!engine_allows(&easy.engine, "/refused"));
	ck_assert_uint_eq(easy.own.asked, 0);
	close_monitor(&easy);
	close_all();
}
END_TEST

/*
 * A question that ends the daemon. Its monitors keep what is in force and what
 * they have asked; the next daemon is asked that, and one that never comes
 * allows nothing.
 */
static void check_ends(const char *path)
{
	uint64_t id, other;
	int status;

	open_with("--plugin", SAMPLE_PLUGIN, 60);
	ck_assert_int_eq(answer_to("/later"), 1 + ANSWER_RETRY);
	open_easy();
	easy.own.answer = NULL;
	other = ask(&easy, "/other");
	WORLD_UNTIL(loop, easy.own.open_count == 1);
	id = ask(&monitor, path);
	event_base_loop(loop, EVLOOP_NONBLOCK);
	ck_assert_int_eq(waitpid(daemon_pid, &status, 0), daemon_pid);
	ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
	ck_assert(engine_allows(&monitor.engine, "/later"));
	ck_assert_int_eq(monitor.engine.answers[id], 0);
	easy.own.answer = "allow";
	start_daemon();
	WORLD_UNTIL(loop, monitor.engine.answers[id]);
	ck_assert_int_eq(monitor.engine.answers[id], 1 + ANSWER_DENY);
	WORLD_UNTIL(loop, easy.engine.answers[other]);
	ck_assert_int_eq(easy.engine.answers[other], 1 + ANSWER_ALLOW_ONCE);
	close_monitor(&easy);
	close_all();
}

START_TEST(a_plugin_that_crashes_frees_nobody)
{
	check_ends("/crash");
}
END_TEST

START_TEST(a_plugin_that_hangs_frees_nobody)
{
	check_ends("/hang");
}
END_TEST

START_TEST(what_crashed_the_daemon_is_denied_without_one)
{
	uint64_t id;

	open_with("--plugin", SAMPLE_PLUGIN, 1);
	id = ask(&monitor, "/crash");
	WORLD_UNTIL(loop, monitor.engine.answers[id]);
	ck_assert_int_eq(monitor.engine.answers[id], 1 + ANSWER_DENY);
	waitpid(daemon_pid, NULL, 0);
	start_daemon();
	close_all();
}
END_TEST

START_TEST(a_shared_object_is_told_what_nobody_waits_for)
{
	open_with("--plugin", SAMPLE_PLUGIN, 1);
	ck_assert_int_eq(answer_to("/cancelled"), 1 + ANSWER_DENY);
	ck_assert_int_eq(answer_to("/never"), 1 + ANSWER_DENY);
	ck_assert_int_eq(answer_to("/cancelled"), 1 + ANSWER_ALLOW_ONCE);
	ck_assert(!engine_allows(&monitor.engine, "/never"));
	close_all();
}
END_TEST

START_TEST(it_cannot_leave_the_daemons_domain)
{
	const char *const options[] = {"--plugin", SAMPLE_PLUGIN, NULL};

	open_home();
	/* Sanitizers look at the process that exits with ptrace(2). */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	start_daemon_with(options);
	ck_assert_int_eq(open_monitor(&monitor, "app", 60, false), 0);
	ck_assert_int_eq(answer_to("/escape"), 1 + ANSWER_ALLOW_ONCE);
	close_all();
}
END_TEST

/*
 * A daemon that cannot have its plugin does not start without it: what it would
 * have refused could be allowed.
 */
static void check_refused(const char *option, const char *plugin,
			  const char *sentence)
{
	char said[4096] = "";
	int pipe_fds[2], status;
	size_t length = 0;
	ssize_t n;
	pid_t child;

	ck_assert_int_eq(pipe2(pipe_fds, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		dup2(pipe_fds[1], STDERR_FILENO);
		execl(LANDLORDD, "landlordd", "--no-confine", option, plugin,
		      NULL);
		_exit(127);
	}
	close(pipe_fds[1]);
	while ((n = read(pipe_fds[0], said + length,
			 sizeof(said) - 1 - length)) > 0)
		length += (size_t)n;
	close(pipe_fds[0]);
	waitpid(child, &status, 0);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE,
		      "%s: status %d: %s", plugin, status, said);
	ck_assert_msg(strstr(said, sentence), "%s: %s", plugin, said);
}

START_TEST(a_plugin_that_cannot_be_used_is_refused)
{
	char path[256], *copy;

	open_home();
	check_refused("--plugin", OTHER_ABI_PLUGIN, "another version");
	check_refused("--plugin", "/nonexistent.so", "No such file");
	check_refused("--plugin", LANDLORDD, "dynamically");
	snprintf(path, sizeof(path), "%s/none", getenv("HOME"));
	check_refused("--exec", path, "No such file");
	snprintf(path, sizeof(path), "%s/plugin.so", getenv("HOME"));
	copy = strdup(path);
	close(open(copy, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	check_refused("--plugin", copy, copy);
	chmod(copy, 0666);
	check_refused("--plugin", copy, "others may write");
	free(copy);
	setenv("SAMPLE_FAILS", "1", 1);
	check_refused("--plugin", SAMPLE_PLUGIN, "sample");
	unsetenv("SAMPLE_FAILS");
	event_base_free(loop);
	world_leave();
}
END_TEST

START_TEST(a_script_decides)
{
	open_with("--exec", HELPER_PLUGIN, 60);
	ck_assert_int_eq(answer_to("/now"), 1 + ANSWER_ALLOW_ONCE);
	ck_assert_int_eq(answer_to("/rule"), 1 + ANSWER_RETRY);
	ck_assert(engine_allows(&monitor.engine, "/rule"));
	ck_assert_int_eq(answer_to("/refused"), 1 + ANSWER_DENY);
	ck_assert_int_eq(answer_to("/other"), 1 + ANSWER_DENY);
	close_all();
}
END_TEST

/* It refuses what it had open, and is started again, not at once. */
static void check_restarts(const char *path)
{
	const uint64_t open = ask(&monitor, "/never");

	ck_assert_int_eq(answer_to(path), 1 + ANSWER_DENY);
	WORLD_UNTIL(loop, monitor.engine.answers[open]);
	ck_assert_int_eq(monitor.engine.answers[open], 1 + ANSWER_DENY);
	/* A matter of the clock: asked a few times a second. */
	while (answer_to("/now") != 1 + ANSWER_ALLOW_ONCE)
		world_run(loop, 100000);
}

START_TEST(a_script_that_fails_is_started_again)
{
	open_with("--exec", HELPER_PLUGIN, 60);
	ck_assert_int_eq(answer_to("/now"), 1 + ANSWER_ALLOW_ONCE);
	check_restarts("/ends");
	check_restarts("/garbage");
	check_restarts("/nonsense");
	close_all();
}
END_TEST

START_TEST(a_script_that_says_nothing_is_not_waited_for)
{
	open_with("--exec", HELPER_PLUGIN, 1);
	ck_assert_int_eq(answer_to("/never"), 1 + ANSWER_DENY);
	ck_assert_int_eq(answer_to("/now"), 1 + ANSWER_ALLOW_ONCE);
	close_all();
}
END_TEST

UNIT_MAIN("plugin", a_shared_object_decides,
	  a_plugin_that_talks_nonsense_denies, a_script_that_fails_denies,
	  a_script_that_answers_what_it_was_not_asked_denies,
	  a_plugin_that_crashes_frees_nobody, a_plugin_that_hangs_frees_nobody,
	  what_crashed_the_daemon_is_denied_without_one,
	  a_shared_object_is_told_what_nobody_waits_for,
	  it_cannot_leave_the_daemons_domain,
	  a_plugin_that_cannot_be_used_is_refused, a_script_decides,
	  a_script_that_fails_is_started_again,
	  a_script_that_says_nothing_is_not_waited_for);
