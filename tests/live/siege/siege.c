/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: siege LANDLORD LANDLORDD HELPERS DIRECTORY SECONDS SEED [PROGRAMS]
 *
 * A siege, see siege.h. DIRECTORY has run/, state/ (what is to be full now and
 * then), policy.ini, answers.jsonl and clock, and is where all that is said
 * goes. Prints what happens; the exit status is 1 if something was given that
 * nobody answered, something was lost, somebody did not end, or something grew.
 */
#include "siege.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES 60
/* So long takes a siege that has quarters. */
#define LONG_MS 600000
#define PROGRAMS_MAX 256

extern char **environ;

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t now_wall(const struct siege *siege)
{
	return time(NULL) + siege->offset[0];
}

unsigned int chance(struct siege *siege, unsigned int below)
{
	return (unsigned int)rand_r(&siege->seed) % below;
}

__attribute__((format(printf, 3, 0))) static void
print(const struct siege *siege, const char *what, const char *format,
      va_list arguments)
{
	printf("%s%7.1f ", what, (double)(now_ms() - siege->started) / 1000);
	vprintf(format, arguments);
	putchar('\n');
	fflush(stdout);
}

void failed(struct siege *siege, const char *format, ...)
{
	va_list arguments;

	siege->failures++;
	va_start(arguments, format);
	print(siege, "failed: ", format, arguments);
	va_end(arguments);
}

void said(const struct siege *siege, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(siege, "# ", format, arguments);
	va_end(arguments);
}

pid_t spawn(const char *const *arguments, int in, int out, int err)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int error;

	posix_spawn_file_actions_init(&actions);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, 0);
	else
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
						 O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, err, 2);
	error = posix_spawnp(&pid, arguments[0], &actions, NULL,
			     (char *const *)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error == 0 ? pid : -1;
}

/* --- The siege --------------------------------------------------------- */

static void bury(struct siege *siege)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == siege->daemon) {
			siege->daemon = 0;
			siege->stopped = false;
			siege->go_on_at = 0;
			continue;
		}
		for (unsigned int i = 0; i < siege->programs_count; i++)
			if (siege->programs[i].pid == pid)
				on_end(siege, &siege->programs[i], status);
	}
}

/* Waits a moment for whoever has something to say. */
static void listen(struct siege *siege)
{
	struct pollfd polled[PROGRAMS_MAX];

	for (unsigned int i = 0; i < siege->programs_count; i++)
		polled[i] = (struct pollfd){
			.fd = siege->programs[i].pid ? siege->programs[i].out
						     : -1,
			.events = POLLIN,
		};
	if (poll(polled, siege->programs_count, 50) <= 0)
		return;
	for (unsigned int i = 0; i < siege->programs_count; i++)
		if (polled[i].revents)
			on_result(siege, &siege->programs[i]);
}

/* Those that stay: they shall all have found the daemon. */
static bool everybody_is_there(const struct siege *siege)
{
	for (unsigned int i = 0; i < siege->programs_count; i++)
		if (siege->programs[i].stays && !siege->programs[i].served)
			return false;
	return true;
}

static void turn(struct siege *siege)
{
	bury(siege);
	if (siege->fault_at == 0 && everybody_is_there(siege)) {
		said(siege, "everybody is there");
		siege->fault_at = now_ms();
	}
	run_faults(siege);
	for (unsigned int i = 0; i < siege->programs_count; i++)
		run_program(siege, &siege->programs[i]);
	listen(siege);
	read_answers(siege);
	if (now_ms() >= siege->sample_at) {
		take_sample(siege);
		siege->sample_at =
			now_ms() + (siege->ends - siege->started) / SAMPLES;
	}
}

static void wait_for_daemon(const struct siege *siege)
{
	const char *const arguments[] = {siege->landlord, "ps", NULL};
	const int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int status = -1;

	while (status != 0 && now_ms() < siege->started + PATIENCE_MS) {
		const pid_t pid = spawn(arguments, -1, out, out);

		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			break;
	}
	close(out);
}

/* Theirs, not the one by which they are judged here. */
static void replace_clock(const struct siege *siege)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/clock.so", siege->helpers);
	setenv("LD_PRELOAD", path, 1);
}

static void begin(struct siege *siege, int64_t seconds)
{
	const int clock = open("clock", O_RDWR | O_CLOEXEC);

	siege->offset =
		mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, clock, 0);
	siege->messages = open("daemon", O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
	if (siege->offset == MAP_FAILED || siege->messages < 0)
		abort();
	siege->journal = fopen("journal", "we");
	if (siege->journal)
		setvbuf(siege->journal, NULL, _IOLBF, 0);
	siege->started = now_ms();
	siege->ends = siege->started + seconds * 1000;
	siege->sample_at = siege->started + 5000;
	siege->pause_ms = seconds * 1000 < LONG_MS ? 5000 : 10000;
	siege->ask_ms = seconds * 1000 < LONG_MS ? 300 : 4000;
	signal(SIGPIPE, SIG_IGN);
	replace_clock(siege);
	make_programs(siege);
	start_daemon(siege);
	wait_for_daemon(siege);
	for (unsigned int i = 0; i < siege->programs_count; i++)
		start_program(siege, &siege->programs[i]);
}

static bool anybody_left(const struct siege *siege)
{
	for (unsigned int i = 0; i < siege->programs_count; i++)
		if (siege->programs[i].pid)
			return true;
	return false;
}

/* All is well again: everybody ends. */
static void end(struct siege *siege)
{
	const int64_t patience = now_ms() + PATIENCE_MS;

	end_faults(siege);
	said(siege, "everybody is to end");
	while (anybody_left(siege) && now_ms() < patience) {
		for (unsigned int i = 0; i < siege->programs_count; i++)
			if (siege->programs[i].pid &&
			    !siege->programs[i].asking &&
			    !siege->programs[i].leaving)
				leave(&siege->programs[i]);
		listen(siege);
		bury(siege);
		if (siege->daemon == 0)
			end_faults(siege);
	}
	for (unsigned int i = 0; i < siege->programs_count; i++) {
		if (siege->programs[i].pid) {
			failed(siege, "%s does not end",
			       siege->programs[i].app);
			kill(siege->programs[i].pid, SIGTERM);
		}
		check_store(siege, &siege->programs[i]);
	}
}

static void end_of_daemon(struct siege *siege)
{
	const int64_t patience = now_ms() + PATIENCE_MS;
	int status;

	if (siege->daemon <= 0) {
		failed(siege, "there is no daemon at the end");
		return;
	}
	kill(siege->daemon, SIGTERM);
	while (waitpid(siege->daemon, &status, WNOHANG) == 0) {
		if (now_ms() > patience) {
			failed(siege, "the daemon does not end");
			kill(siege->daemon, SIGKILL);
			return;
		}
		poll(NULL, 0, 20);
	}
	if (status != 0)
		failed(siege, "the daemon has ended with %d", status);
}

static void print_results(const struct siege *siege)
{
	for (int i = 0; i < KINDS; i++)
		printf("# %s: %lu allowed, %lu denied\n", kind_names[i],
		       siege->results[i][0], siege->results[i][1]);
	printf("# %lu programs, %lu not started; %lu faults, %lu starts of the "
	       "daemon; of \"always\" %lu were kept, %lu said not to be; %lu "
	       "taken back\n",
	       siege->runs, siege->refused, siege->faults, siege->restarts,
	       siege->kept, siege->unkept, siege->revoked);
	printf("%s 1 - siege (%lu failures)\n1..1\n",
	       siege->failures ? "not ok" : "ok", siege->failures);
}

int main(int argc, char **argv)
{
	struct siege siege = {0};

	if (argc < 7 || chdir(argv[4]) < 0) {
		fputs("usage: see the source\n", stderr);
		return 2;
	}
	siege.landlord = argv[1];
	siege.landlordd = argv[2];
	siege.helpers = argv[3];
	siege.top = argv[4];
	siege.seed = (unsigned int)strtoul(argv[6], NULL, 10);
	siege.programs_count =
		argc > 7 ? (unsigned int)strtoul(argv[7], NULL, 10) : 50;
	if (siege.programs_count < 10 || siege.programs_count > PROGRAMS_MAX) {
		fprintf(stderr, "siege: expected 10 to %d programs\n",
			PROGRAMS_MAX);
		return 2;
	}
	begin(&siege, strtol(argv[5], NULL, 10));
	while (now_ms() < siege.ends)
		turn(&siege);
	end(&siege);
	end_of_daemon(&siege);
	/* What begins grows. */
	if (siege.ends - siege.started >= LONG_MS)
		compare_samples(&siege);
	print_results(&siege);
	return siege.failures != 0;
}
