/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rule that is taken away and given back, and who feels it.
 *
 * turns keep STATE FILE OTHER PROCESSES MILLISECONDS
 *	Tries to open FILE again and again, in processes that stay, that fork,
 *	execute and make threads for each attempt. OTHER must always open. Ends
 *	after that time (0: never) or when the driver ends.
 *
 * turns drive STATE SECONDS PAUSE SCRIPT
 *	For that time, has a shell do SCRIPT with "off" and "on" in turn. After
 *	each, once everybody had the result that is due, nobody may have another
 *	one for PAUSE milliseconds. Prints how many turns there were.
 *
 * turns once FILE
 *	The exit status is 0, or the number of the error.
 *
 * STATE is a file of which all have a mapping. Fails with status 1, and says
 * what somebody could or could not.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "seccomp/marker.h"

#define SLOTS 512
#define SETTLE_MS 60000
#define PATIENCE_MS 60000 /* for the first who tries */

/* The lowest two bits of a turn: what is due, and whether it has come. */
enum { SETTLED = 1, GIVEN = 2, PHASES = 4 };

struct slot {
	atomic_int pid; /* 0: free */
	atomic_ullong turn;
	atomic_int error; /* of the last attempt in this turn; 0: it could */
};

static struct state {
	atomic_ullong turn;
	atomic_bool over;
	atomic_int failures;
	atomic_ullong marked; /* that only the kernel has judged */
	char failure[200];
	struct slot slots[SLOTS];
} * state;

static const char *file, *other, *self;
static int64_t until; /* 0: never */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

__attribute__((format(printf, 1, 2))) static void fail(const char *format, ...)
{
	va_list arguments;

	if (atomic_fetch_add(&state->failures, 1))
		return;
	va_start(arguments, format);
	vsnprintf(state->failure, sizeof(state->failure), format, arguments);
	va_end(arguments);
}

static bool map_state(const char *path)
{
	const int fd = open(path, O_RDWR | O_CREAT, 0666);

	if (fd < 0 || ftruncate(fd, sizeof(*state)) < 0)
		return false;
	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED,
		     fd, 0);
	close(fd);
	return state != MAP_FAILED;
}

static bool is_over(void)
{
	return atomic_load(&state->over) || (until && now_ms() > until);
}

/* Returns: 0 or an error number. */
static int open_once(const char *path, bool marked)
{
	const int fd = marked ? (int)syscall(SYS_openat, AT_FDCWD, path,
					     O_RDONLY, 0, 0, MARKER)
			      : open(path, O_RDONLY);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* A marked call that the kernel does not allow is made again without. */
static int attempt(const char *path)
{
	if (open_once(path, true))
		return open_once(path, false);
	if (path == file)
		atomic_fetch_add(&state->marked, 1);
	return 0;
}

static int end_of(pid_t pid)
{
	int status;

	if (pid < 0)
		return EACCES - 1; /* nobody says that of a file */
	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			return ECHILD;
	if (WIFSIGNALED(status)) {
		fail("process %d: signal %d", (int)pid, WTERMSIG(status));
		return EINTR;
	}
	return WEXITSTATUS(status);
}

static int in_child(void)
{
	const pid_t pid = fork();

	if (pid == 0)
		_exit(attempt(file));
	return end_of(pid);
}

static int in_program(void)
{
	const pid_t pid = vfork();

	if (pid == 0) {
		execl(self, "turns", "once", file, NULL);
		fail("execve(2) says: %s", strerror(errno));
		_exit(EACCES);
	}
	return end_of(pid);
}

static void *attempt_in_thread(void *unused)
{
	(void)unused;
	return (void *)(intptr_t)attempt(file);
}

static int in_thread(void)
{
	pthread_t thread;
	void *result;

	if (pthread_create(&thread, NULL, attempt_in_thread, NULL))
		return EAGAIN;
	pthread_join(thread, &result);
	return (int)(intptr_t)result;
}

static int here(void)
{
	return attempt(file);
}

static int (*const ways[])(void) = {here, in_child, in_program, in_thread};

static const char *const names[] = {"a process", "a child", "a new program",
				    "a thread"};

static struct slot *take_slot(void)
{
	for (int i = 0; i < SLOTS; i++) {
		int none = 0;

		if (atomic_compare_exchange_strong(&state->slots[i].pid, &none,
						   getpid())) {
			atomic_store(&state->slots[i].turn, 0);
			return &state->slots[i];
		}
	}
	fail("no slot is left");
	return NULL;
}

/* Who came when the turn was settled may have been judged before it began. */
static void try_once(struct slot *slot, int way, bool *settled)
{
	const unsigned long long turn = atomic_load(&state->turn);
	const int error = ways[way]();
	const bool due = (error == 0) == ((turn & GIVEN) != 0);

	if (error && error != EACCES)
		fail("%s: open(2) says: %s", names[way], strerror(error));
	if (atomic_load(&state->turn) == turn) {
		if (due)
			*settled = true;
		else if ((turn & SETTLED) && *settled)
			fail("%s %s in turn %llu", names[way],
			     error ? "could not" : "could", turn / PHASES);
		atomic_store(&slot->error, error);
		atomic_store(&slot->turn, turn);
	}
}

static void *try_on(void *argument)
{
	const int way = (int)(intptr_t)argument;
	struct slot *slot = take_slot();
	bool settled = false;
	int error;

	while (slot && !is_over()) {
		try_once(slot, way, &settled);
		error = attempt(other);
		if (error)
			fail("%s: what is allowed: %s", names[way],
			     strerror(error));
		poll(NULL, 0, 2);
	}
	if (slot)
		atomic_store(&slot->pid, 0);
	return NULL;
}

static int keep(int processes)
{
	int failed = 0;

	for (int i = 0; i < processes; i++) {
		pthread_t thread;

		if (fork())
			continue;
		pthread_create(&thread, NULL, try_on,
			       (void *)(intptr_t)(i % 4));
		try_on((void *)(intptr_t)((i + 1) % 4));
		pthread_join(thread, NULL);
		exit(0);
	}
	for (int i = 0; i < processes; i++) {
		int status;

		if (wait(&status) < 0 || status) {
			fail("one has ended with status %d", status);
			failed = 1;
		}
	}
	return failed;
}

/* usage: what is given to sh -c, with "on" or "off" */
static void put(const char *script, bool given)
{
	const pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/sh", "sh", "-euc", script, "sh",
		      given ? "on" : "off", NULL);
		_exit(127);
	}
	if (end_of(pid))
		fail("it could not be %s", given ? "given" : "taken back");
}

/* Whether everybody who tries has tried in this turn, with what is due. */
static bool all_have(unsigned long long turn, int *ret_count)
{
	bool all = true;

	*ret_count = 0;
	for (int i = 0; i < SLOTS; i++) {
		struct slot *slot = &state->slots[i];

		if (!atomic_load(&slot->pid))
			continue;
		++*ret_count;
		if (atomic_load(&slot->turn) != turn ||
		    (atomic_load(&slot->error) == 0) != ((turn & GIVEN) != 0))
			all = false;
	}
	return all;
}

static void settle(unsigned long long turn, int64_t *longest)
{
	const int64_t begin = now_ms();
	int count;

	while (!all_have(turn, &count) && !atomic_load(&state->failures)) {
		if (now_ms() - begin > SETTLE_MS) {
			fail("turn %llu has not come to all of %d",
			     turn / PHASES, count);
			return;
		}
		poll(NULL, 0, 1);
	}
	if (now_ms() - begin > *longest)
		*longest = now_ms() - begin;
}

static void take_turn(unsigned long long number, int pause, const char *script,
		      int64_t *longest)
{
	const bool given = number % 2 == 0;
	const unsigned long long turn = number * PHASES + (given ? GIVEN : 0);

	atomic_store(&state->turn, turn);
	put(script, given);
	settle(turn, longest);
	atomic_store(&state->turn, turn | SETTLED);
	poll(NULL, 0, pause);
}

static void wait_for_first(void)
{
	const int64_t begin = now_ms();
	int count = 0;

	while (!count && !atomic_load(&state->failures)) {
		all_have(0, &count);
		if (now_ms() - begin > PATIENCE_MS)
			fail("nobody tries");
		poll(NULL, 0, 1);
	}
}

static int drive(int64_t seconds, int pause, const char *script)
{
	unsigned long long number = 1;
	int64_t longest[2] = {0, 0}, end;

	wait_for_first();
	end = now_ms() + seconds * 1000;
	while (!atomic_load(&state->failures) &&
	       (now_ms() < end || number % 2 == 0)) {
		take_turn(number, pause, script, &longest[number % 2]);
		number++;
	}
	atomic_store(&state->over, true);
	printf("%llu times taken back and given back; at most %lld ms until "
	       "all have lost it, %lld ms until all have it; %llu times the "
	       "kernel alone gave it\n",
	       number / 2, (long long)longest[1], (long long)longest[0],
	       (unsigned long long)atomic_load(&state->marked));
	if (atomic_load(&state->failures))
		printf("failed: %d times; first: %s\n",
		       atomic_load(&state->failures), state->failure);
	return atomic_load(&state->failures) != 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "once") == 0)
		return open_once(argv[2], true) ? open_once(argv[2], false) : 0;
	if (argc < 6 || !map_state(argv[2]))
		return 2;
	if (strcmp(argv[1], "drive") == 0)
		return drive(atoi(argv[3]), atoi(argv[4]), argv[5]);
	if (strcmp(argv[1], "keep") || argc < 7)
		return 2;
	self = argv[0];
	file = argv[3];
	other = argv[4];
	until = atoi(argv[6]) ? now_ms() + atoi(argv[6]) : 0;
	return keep(atoi(argv[5]));
}
