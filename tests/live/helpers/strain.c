/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strain NAME [ARGUMENT...]: programs that are hard to supervise. Exit status
 * 0: all went well; 1: a line says what did not.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STACK_BYTES (64 * 1024)

static int fault(const char *what)
{
	printf("fault: %s: %s\n", what, strerror(errno));
	return 1;
}

/* Tells the test, which reads descriptor 3. */
static void tell(const char *text)
{
	dprintf(3, "%s\n", text);
}

static bool start(void *(*function)(void *argument), void *argument)
{
	pthread_t thread;
	pthread_attr_t attr;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attr, function, argument);
	pthread_attr_destroy(&attr);
	errno = error;
	return !error;
}

/* Many threads that all open something. */
static struct {
	const char *path;
	atomic_uint opened, refused;
	sem_t begun, ended; /* posted by each */
	unsigned int count;
} crowd;

static void crowd_prepare(const char *path)
{
	crowd.path = path;
	sem_init(&crowd.begun, 0, 0);
	sem_init(&crowd.ended, 0, 0);
}

static void crowd_wait_for(sem_t *event)
{
	for (unsigned int i = 0; i < crowd.count; i++)
		while (sem_wait(event) < 0)
			; /* interrupted by a signal */
}

/* Returns: how many had the same result before. */
static unsigned int crowd_leave(bool opened)
{
	const unsigned int before =
		atomic_fetch_add(opened ? &crowd.opened : &crowd.refused, 1);

	sem_post(&crowd.ended);
	return before;
}

static void *crowd_one(void *unused)
{
	int fd;

	sem_post(&crowd.begun);
	fd = open(crowd.path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	crowd_leave(fd >= 0);
	return unused;
}

static void crowd_start(const char *path, unsigned int count)
{
	crowd_prepare(path);
	while (crowd.count < count && start(crowd_one, NULL))
		crowd.count++;
}

static void crowd_wait(void)
{
	crowd_wait_for(&crowd.ended);
}

static void crowd_report(void)
{
	dprintf(3, "%u threads, %u opened, %u refused\n", crowd.count,
		atomic_load(&crowd.opened), atomic_load(&crowd.refused));
}

/* threads COUNT FILE: as many as there can be open it at once. */
static int threads(char **arguments)
{
	crowd_start(arguments[1], (unsigned int)atoi(arguments[0]));
	dprintf(3, "%u\n", crowd.count);
	crowd_wait();
	crowd_report();
	return atomic_load(&crowd.refused) ? 1 : 0;
}

static void *write_one(void *path)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return fault("a pipe for writing"), NULL;
	(void)!write(fd, "x", 1);
	close(fd);
	return NULL;
}

/* A pipe that is opened at both ends, by a process of its own. */
static bool pipe_works(char *path)
{
	const pid_t pid = fork();
	int status = -1;
	char byte = 0;

	if (pid == 0) {
		int fd;

		if (!start(write_one, path))
			_exit(2);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		_exit(fd < 0 || read(fd, &byte, 1) != 1 || byte != 'x');
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/*
 * fifos COUNT FIFO OTHER: COUNT threads wait at FIFO for a writer; meanwhile
 * other processes use OTHER. Whoever cannot wait is refused at once.
 */
static int fifos(char **arguments)
{
	const unsigned int count = (unsigned int)atoi(arguments[0]);
	int writer;

	crowd_start(arguments[1], count);
	if (crowd.count < count)
		return fault("threads");
	crowd_wait_for(&crowd.begun);
	for (int i = 0; i < 20; i++)
		if (!pipe_works(arguments[2]))
			return fault("another process has to wait");
	tell("others go on");
	/* Until all of them are through. */
	writer = open(arguments[1], O_RDWR | O_CLOEXEC);
	if (writer < 0)
		return fault("the pipe for writing");
	crowd_wait();
	crowd_report();
	return 0;
}

/* Signals at a thread that waits, from a timer and from another thread. */
static atomic_uint signals_sent, signals_come;
static atomic_bool storm_over;
static pid_t stormed;

static void on_urgent(int number)
{
	(void)number;
	atomic_fetch_add(&signals_come, 1);
}

static void *storm_thread(void *unused)
{
	const struct timespec pause = {.tv_nsec = 50000};

	while (!atomic_load(&storm_over)) {
		syscall(SYS_tgkill, getpid(), stormed, SIGURG);
		if (atomic_fetch_add(&signals_sent, 1) == 10000)
			tell("10000 signals");
		nanosleep(&pause, NULL);
	}
	return unused;
}

static int storm(char **arguments)
{
	struct sigaction action = {.sa_handler = on_urgent,
				   .sa_flags = SA_RESTART};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID,
				 .sigev_signo = SIGURG};
	const struct itimerspec often = {.it_interval.tv_nsec = 100000,
					 .it_value.tv_nsec = 100000};
	timer_t timer;
	int fd;

	stormed = (pid_t)syscall(SYS_gettid);
	event._sigev_un._tid = stormed;
	sigaction(SIGURG, &action, NULL);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0 ||
	    timer_settime(timer, 0, &often, NULL) < 0)
		return fault("timer");
	if (!start(storm_thread, NULL))
		return fault("thread");
	fd = open(arguments[0], O_RDONLY | O_CLOEXEC);
	atomic_store(&storm_over, true);
	if (fd < 0)
		return fault("open");
	printf("opened, %u signals sent\n", atomic_load(&signals_sent));
	return atomic_load(&signals_come) ? 0 : fault("no signal at all");
}

/* vforked FILE: the child asks, and its parent is blocked until it ends. */
static int vforked(char **arguments)
{
	static volatile int error = -1;
	const pid_t pid = vfork();
	int status;

	if (pid == 0) {
		const int fd = open(arguments[0], O_RDONLY | O_CLOEXEC);

		error = fd < 0 ? errno : 0;
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || error) {
		errno = error;
		return fault("the child's open");
	}
	return 0;
}

/* hidden FILE: who cannot be looked at is refused, and not asked about. */
static int hidden(char **arguments)
{
	prctl(PR_SET_DUMPABLE, 0);
	if (open(arguments[0], O_RDONLY) >= 0 || errno != EACCES)
		return fault("open");
	prctl(PR_SET_DUMPABLE, 1);
	return open(arguments[0], O_RDONLY) >= 0 ? 0 : fault("open again");
}

static void *ask_one(void *argument)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%u", crowd.path,
		 (unsigned int)(uintptr_t)argument);
	if (open(path, O_RDONLY) >= 0)
		crowd_leave(true);
	else if (crowd_leave(false) == 19)
		tell("20 refused");
	return NULL;
}

/* flood COUNT DIRECTORY: asks for so many files of it at once. */
static int flood(char **arguments)
{
	crowd_prepare(arguments[1]);
	for (int i = 0; i < atoi(arguments[0]); i++)
		if (start(ask_one, (void *)(uintptr_t)i))
			crowd.count++;
	crowd_wait();
	return 0;
}

static _Noreturn void loop(const char *path)
{
	for (unsigned long n = 0; open(path, O_RDONLY) < 0; n++)
		if (n == 1000)
			tell("loops");
	_exit(1);
}

/* loops PROCESSES FILE: each opens what is denied until it is killed. */
static int loops(char **arguments)
{
	for (int i = 0; i < atoi(arguments[0]); i++)
		if (fork() == 0)
			loop(arguments[1]);
	while (wait(NULL) > 0)
		;
	return 1;
}

static pid_t parent_of(pid_t pid)
{
	char path[64];
	int parent = 0;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	stat = fopen(path, "re");
	if (!stat || fscanf(stat, "%*d %*s %*c %d", &parent) != 1)
		parent = 0;
	if (stat)
		fclose(stat);
	return parent;
}

static bool is_ours(pid_t pid)
{
	char path[64], name[32] = "";
	FILE *comm;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	comm = fopen(path, "re");
	if (!comm)
		return false;
	(void)!fgets(name, sizeof(name), comm);
	fclose(comm);
	return strncmp(name, "landlord", 8) == 0;
}

/* stop FILE: tries to stop whoever supervises. */
static int stop(char **arguments)
{
	int tried = 0;

	for (pid_t pid = getppid(); is_ours(pid); pid = parent_of(pid), tried++)
		if (!kill(pid, SIGSTOP) || !kill(pid, SIGTSTP))
			return fault("a supervisor could be stopped");
	if (tried != 3)
		return fault("no supervisor");
	return open(arguments[0], O_RDONLY) >= 0 ? 0 : fault("open");
}

/* files FILE: opens it until no descriptor is left, then again. */
static int files(char **arguments)
{
	int fd, last = -1, count = 0;

	while ((fd = open(arguments[0], O_RDONLY | O_CLOEXEC)) >= 0) {
		last = fd;
		count++;
	}
	if (errno != EMFILE)
		return fault("the last open");
	close(last);
	if (open(arguments[0], O_RDONLY | O_CLOEXEC) != last)
		return fault("open after close");
	printf("%d descriptors\n", count);
	return 0;
}

/* processes FILE: makes them until there are no more, each opens the file. */
static int processes(char **arguments)
{
	const struct rlimit none = {0, 0};
	int count = 0, failed = 0, status, ready[2];
	char byte;
	pid_t pid;

	setrlimit(RLIMIT_CORE, &none);
	if (pipe(ready) < 0)
		return fault("pipe");
	while ((pid = fork()) > 0 && count < 500)
		count++;
	if (pid == 0) {
		close(ready[1]);
		(void)!read(ready[0], &byte, 1);
		_exit(open(arguments[0], O_RDONLY) < 0);
	}
	if (pid < 0 && errno != EAGAIN)
		return fault("fork");
	if (open(arguments[0], O_RDONLY) < 0)
		return fault("open without processes");
	close(ready[0]);
	close(ready[1]);
	while (wait(&status) > 0)
		failed += status != 0;
	printf("%d processes, %d failed\n", count, failed);
	return failed ? 1 : 0;
}

/* Leaves children to whoever takes orphans, for as long as it is wanted. */
static _Noreturn void orphan(void)
{
	for (;;) {
		const pid_t pid = fork();

		if (pid == 0) {
			if (fork() == 0)
				_exit(0);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
}

static void *open_often(void *unused)
{
	for (int i = 0; i < 20000; i++) {
		const int fd = open(crowd.path, O_RDONLY | O_CLOEXEC);

		if (fd >= 0)
			close(fd);
	}
	crowd_leave(true);
	return unused;
}

/* orphans FILE: the supervisor gets SIGCHLD all the time, and still answers. */
static int orphans(char **arguments)
{
	pid_t pids[2];

	crowd_prepare(arguments[0]);
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			orphan();
	}
	tell("orphans");
	while (crowd.count < 8 && start(open_often, NULL))
		crowd.count++;
	crowd_wait();
	for (int i = 0; i < 2; i++)
		kill(pids[i], SIGKILL);
	return 0;
}

static void *open_always(void *unused)
{
	for (unsigned long n = 0;; n++) {
		const int fd = (int)syscall(SYS_openat, AT_FDCWD, crowd.path,
					    O_RDONLY | O_CLOEXEC);

		if (fd >= 0)
			close(fd);
		if (n == 1000)
			sem_post(&crowd.begun);
	}
	return unused;
}

/* handed COUNT FILE: what is opened for it arrives, each time. */
static int handed(char **arguments)
{
	const long count = atol(arguments[0]);

	tell("handed");
	for (long i = 0; i < count; i++) {
		const int fd = open(arguments[1], O_RDONLY | O_CLOEXEC);

		if (fd < 4)
			return fault(
				"a call returned no descriptor of its own");
		close(fd);
	}
	return 0;
}

/* busy FILE OTHER: asks for OTHER while threads open FILE without end. */
static int busy(char **arguments)
{
	crowd_prepare(arguments[0]);
	while (crowd.count < 8 && start(open_always, NULL))
		crowd.count++;
	crowd_wait_for(&crowd.begun);
	for (int i = 0; i < 20; i++) {
		const int fd = open(arguments[1], O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return fault(arguments[1]);
		close(fd);
	}
	return 0;
}

static const struct {
	const char *name;
	int (*function)(char **arguments);
} strains[] = {
	{"threads", threads},	  {"fifos", fifos},	{"storm", storm},
	{"vforked", vforked},	  {"hidden", hidden},	{"flood", flood},
	{"loops", loops},	  {"stop", stop},	{"files", files},
	{"processes", processes}, {"orphans", orphans}, {"busy", busy},
	{"handed", handed},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof(strains) / sizeof(*strains);
	     i++)
		if (strcmp(strains[i].name, argv[1]) == 0)
			return strains[i].function(argv + 2);
	fprintf(stderr, "strain: expected a name and its arguments\n");
	return 2;
}
