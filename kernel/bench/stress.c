// SPDX-License-Identifier: GPL-2.0-only
/*
 * stress - Commits against walkers and parked threads
 *
 * usage: stress SECONDS
 *
 * One supervisor process with three threads:
 *
 * - the committer moves a rule up and down a long path and trades two rules, as
 *   fast as it can; every generation grants the same to the walkers;
 * - two answerers receive events, and deny, retry or ignore them at random.
 *
 * Its supervisees: walkers (processes with two threads) which open what every
 * generation allows and what none does; askers (processes with three threads)
 * which ask for what is never granted, with a timer that signals them; and short
 * ones, which are killed while they ask.  From time to time a second supervisor
 * is made and dropped with its supervisee parked.
 *
 * A wrong decision ends all of it with status 1.  Otherwise prints the counts.
 */

#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/landlock.h>

#define RD LANDLOCK_ACCESS_FS_READ_FILE
#define WR LANDLOCK_ACCESS_FS_WRITE_FILE
#define DEPTH 100

static struct {
	unsigned long commits, allowed, denied, asked, events, answers, late;
	unsigned long signals, killed, dropped, wrong;
	int stop;
} *counts;

static int supervisor = -1, notif = -1, top = -1, deep = -1;

static void count(unsigned long *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

static bool stopped(void)
{
	return __atomic_load_n(&counts->stop, __ATOMIC_RELAXED);
}

static int new_supervisor(void)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = RD | WR,
	};
	const int fd = syscall(__NR_landlock_create_ruleset, &attr,
			       sizeof(attr), LANDLOCK_CREATE_RULESET_SUPERVISOR);

	if (fd < 0)
		err(1, "landlock_create_ruleset");
	return fd;
}

static void allow(int ruleset, int dir, __u64 access)
{
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = access,
		.parent_fd = dir,
	};

	if (syscall(__NR_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
		    &rule, 0))
		err(1, "landlock_add_rule");
}

static void enforce(int from)
{
	struct landlock_supervisee_attr attr = {};
	const int ruleset = ioctl(from, LANDLOCK_IOCTL_GET_SUPERVISEE, &attr);

	if (ruleset < 0)
		err(1, "LANDLOCK_IOCTL_GET_SUPERVISEE");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(__NR_landlock_restrict_self, ruleset, 0))
		err(1, "landlock_restrict_self");
	close(ruleset);
}

/* The supervisor */

static void *commit_forever(void *unused)
{
	static const __u64 rights[][2] = {
		{ RD | WR, 0 }, { 0, RD | WR }, { RD, WR }, { WR, RD },
	};

	for (unsigned int i = 0; !stopped(); i = (i * 5 + 1) % 64) {
		struct landlock_commit_attr attr = {};
		const __u64 *const next = rights[i / 16];

		ioctl(supervisor, LANDLOCK_IOCTL_CLEAR, 0);
		if (next[0])
			allow(supervisor, top, next[0]);
		if (next[1])
			allow(supervisor, deep, next[1]);
		if (ioctl(supervisor, LANDLOCK_IOCTL_COMMIT, &attr))
			err(1, "LANDLOCK_IOCTL_COMMIT");
		count(&counts->commits);
	}
	return unused;
}

static void close_fds(const struct landlock_event *event)
{
	const char *const end = (const char *)event + event->len;
	const char *at = (const char *)event + event->header_len;

	while (at < end) {
		const struct landlock_path_record *const path =
			(const void *)at;

		if (path->hdr.type == LANDLOCK_RECORD_PATH && path->fd >= 0)
			close(path->fd);
		at += path->hdr.len;
	}
	if (event->pidfd >= 0)
		close(event->pidfd);
}

static void *answer_forever(void *unused)
{
	union {
		struct landlock_event header;
		char data[4096];
	} event;
	unsigned int seed = gettid();

	while (!stopped()) {
		struct pollfd pollfd = { .fd = notif, .events = POLLIN };
		struct landlock_recv_attr recv = {
			.buf = (uintptr_t)&event,
			.size = sizeof(event),
		};
		struct landlock_answer_attr answer = {};

		if (poll(&pollfd, 1, 100) != 1)
			continue;
		if (ioctl(notif, LANDLOCK_IOCTL_RECV, &recv)) {
			if (errno != EAGAIN && errno != EINTR && errno != EPIPE)
				err(1, "LANDLOCK_IOCTL_RECV");
			continue;
		}
		count(&counts->events);
		close_fds(&event.header);
		if (rand_r(&seed) % 8 == 0)
			usleep(rand_r(&seed) % 5000);
		answer.cookie = event.header.cookie;
		answer.answer = rand_r(&seed) % 2 ? LANDLOCK_ANSWER_DENY :
						    LANDLOCK_ANSWER_RETRY;
		if (ioctl(notif, LANDLOCK_IOCTL_SEND, &answer) == 0)
			count(&counts->answers);
		else if (errno == ENOENT)
			count(&counts->late);
		else
			err(1, "LANDLOCK_IOCTL_SEND");
	}
	return unused;
}

/* The supervisees */

static void *walk_forever(void *unused)
{
	while (!stopped()) {
		const int fd = openat(deep, "file", O_RDWR | O_CLOEXEC);

		if (fd < 0) {
			warn("denied what every generation allows");
			count(&counts->wrong);
			counts->stop = 1;
		} else {
			close(fd);
			count(&counts->allowed);
		}
	}
	return unused;
}

/* Returns true if all is well. */
static bool ask(void)
{
	const int fd = open("secret", O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == EACCES) {
		count(&counts->denied);
		return true;
	}
	warn("allowed what no generation allows");
	count(&counts->wrong);
	counts->stop = 1;
	return false;
}

static void *ask_forever(void *unused)
{
	while (!stopped() && ask())
		count(&counts->asked);
	return unused;
}

static void on_alarm(int signal)
{
	(void)signal;
	count(&counts->signals);
}

static void run(void *(*action)(void *), int threads, bool alarms)
{
	pthread_t thread;

	enforce(supervisor);
	/* So that the last notification descriptor is that of the supervisor. */
	close(notif);
	close(supervisor);
	if (alarms) {
		const struct sigaction sigaction_alarm = {
			.sa_handler = on_alarm,
		};
		const struct itimerval timer = {
			.it_value.tv_usec = 3000,
			.it_interval.tv_usec = 3000,
		};

		sigaction(SIGALRM, &sigaction_alarm, NULL);
		setitimer(ITIMER_REAL, &timer, NULL);
	}
	for (int i = 1; i < threads; i++)
		if (pthread_create(&thread, NULL, action, NULL))
			err(1, "pthread_create");
	action(NULL);
	_exit(0);
}

static pid_t start(void *(*action)(void *), int threads, bool alarms)
{
	const pid_t child = fork();

	if (child < 0)
		err(1, "fork");
	if (child == 0)
		run(action, threads, alarms);
	return child;
}

/* A supervisee that is killed while it asks. */
static void kill_asker(void)
{
	const pid_t child = start(ask_forever, 2, false);

	usleep(rand() % 20000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	count(&counts->killed);
}

/* A supervisor that goes away while its supervisee is parked. */
static void drop_supervisor(void)
{
	const int fd = new_supervisor();
	const int own_notif = ioctl(fd, LANDLOCK_IOCTL_GET_NOTIF_FD, 0);
	struct pollfd pollfd = { .fd = own_notif, .events = POLLIN };
	pid_t child;
	int status;

	child = fork();
	if (child == 0) {
		close(own_notif);
		enforce(fd);
		_exit(!ask());
	}
	poll(&pollfd, 1, 1000);
	close(own_notif);
	close(fd);
	if (waitpid(child, &status, 0) != child || status)
		count(&counts->wrong);
	count(&counts->dropped);
}

static void prepare(void)
{
	top = open(".", O_PATH | O_CLOEXEC);
	close(open("secret", O_CREAT | O_WRONLY, 0600));
	mkdir("tree", 0700);
	top = open("tree", O_PATH | O_CLOEXEC);
	deep = dup(top);
	for (int i = 0; i < DEPTH; i++) {
		mkdirat(deep, "d", 0700);
		deep = openat(deep, "d", O_PATH | O_CLOEXEC);
		if (deep < 0)
			err(1, "openat");
	}
	close(openat(deep, "file", O_CREAT | O_WRONLY, 0600));
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		err(1, "mmap");
}

int main(int argc, char *argv[])
{
	struct landlock_commit_attr attr = {};
	pthread_t threads[3];
	pid_t children[4];
	time_t end;

	if (argc != 2)
		errx(2, "usage: stress SECONDS");
	end = time(NULL) + atoi(argv[1]);
	prepare();
	supervisor = new_supervisor();
	notif = ioctl(supervisor, LANDLOCK_IOCTL_GET_NOTIF_FD, 0);
	fcntl(notif, F_SETFL, O_NONBLOCK);
	allow(supervisor, top, RD | WR);
	if (ioctl(supervisor, LANDLOCK_IOCTL_COMMIT, &attr))
		err(1, "LANDLOCK_IOCTL_COMMIT");

	children[0] = start(walk_forever, 2, false);
	children[1] = start(walk_forever, 2, false);
	children[2] = start(ask_forever, 3, false);
	children[3] = start(ask_forever, 3, true);
	pthread_create(&threads[0], NULL, commit_forever, NULL);
	pthread_create(&threads[1], NULL, answer_forever, NULL);
	pthread_create(&threads[2], NULL, answer_forever, NULL);
	while (time(NULL) < end && !stopped()) {
		kill_asker();
		drop_supervisor();
	}
	counts->stop = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	close(notif);
	for (int i = 0; i < 4; i++) {
		int status;

		if (waitpid(children[i], &status, 0) != children[i] || status)
			count(&counts->wrong);
	}
	printf("%lu commits, %lu walks allowed, %lu requests denied, %lu events, "
	       "%lu answered, %lu too late, %lu signals, %lu killed while asking, "
	       "%lu supervisors dropped, %lu wrong\n",
	       counts->commits, counts->allowed, counts->denied, counts->events,
	       counts->answers, counts->late, counts->signals, counts->killed,
	       counts->dropped, counts->wrong);
	return counts->wrong || !counts->commits || !counts->allowed ||
	       !counts->events;
}
